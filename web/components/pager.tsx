/** Links to the neighbours of a page of a list; nothing where the list has one page. */
export function Pager({ label, back, on }: { label: string; back: PageLink | null; on: PageLink | null }) {
  if (!back && !on) return null;
  return (
    <nav class="pager" aria-label={label}>
      {back && (
        <a href={back.href} rel="prev">
          ← {back.text}
        </a>
      )}
      {on && (
        <a href={on.href} rel="next">
          {on.text} →
        </a>
      )}
    </nav>
  );
}

export type PageLink = { href: string; text: string };
