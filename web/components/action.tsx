import type { Child } from "#jsx/jsx-runtime";

/** A button that does something at once: a form of its own, which htmx sends without leaving the page. */
export function Action({ to, text, primary = false }: { to: string; text: string; primary?: boolean }) {
  return (
    <form method="post" action={to} hx-post={to} hx-target="#live" hx-swap="innerMorph">
      <button class={primary ? "primary" : null}>{text}</button>
    </form>
  );
}

/** A button for what cannot be taken back: it opens and says what will happen, before the one that does it. */
export function GraveAction({ id, to, text, children }: { id: string; to: string; text: string; children?: Child }) {
  return (
    <details class="grave" id={id}>
      <summary class="button">{text}…</summary>
      <form method="post" action={to}>
        <p>{children}</p>
        <button class="danger">{text}</button>
      </form>
    </details>
  );
}
