import type { Child } from "#jsx/jsx-runtime";

/** A sentence that stands out: something failed (`bad`), something to know (`warn`), or a hint (`info`). */
export function Notice({ kind, children }: { kind: "bad" | "warn" | "info"; children?: Child }) {
  return (
    <div class={`notice ${kind}`} role={kind === "bad" ? "alert" : null}>
      {children}
    </div>
  );
}
