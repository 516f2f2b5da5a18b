import type { Child } from "#jsx/jsx-runtime";

type Props = { label: string; back: PageLink | null; on: PageLink | null; children?: Child };

/** Links to the neighbours of a page of a list, with what is between them; nothing where the list has one page. */
export function Pager({ label, back, on, children }: Props) {
  if (!back && !on) return null;
  return (
    <nav class="pager" aria-label={label}>
      {back && (
        <a href={back.href} rel="prev">
          ← {back.text}
        </a>
      )}
      {children}
      {on && (
        <a href={on.href} rel="next">
          {on.text} →
        </a>
      )}
    </nav>
  );
}

export type PageLink = { href: string; text: string };
