import type { Child } from "#jsx/jsx-runtime";

/** Stands where a list would be that has nothing in it, and says how something gets there. */
export function Empty({ children }: { children?: Child }) {
  return <p class="empty">{children}</p>;
}
