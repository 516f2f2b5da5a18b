import type { Child } from "#jsx/jsx-runtime";

/** A button that does something at once: a form of its own, which htmx sends without leaving the page. */
export function Action({ to, text, primary = false }: { to: string; text: string; primary?: boolean }) {
  return (
    <form method="post" action={to} hx-post={to} hx-target="#live" hx-swap="innerMorph">
      <button class={primary ? "primary" : null}>{text}</button>
    </form>
  );
}

/** Several buttons, behind one, for a row of a table. `label` says what they are for. */
export function Menu({ id, label, children }: { id: string; label: string; children?: Child }) {
  return (
    <details class="grave menu" id={id}>
      <summary class="button quiet" aria-label={label}>
        ⋯
      </summary>
      <div>{children}</div>
    </details>
  );
}

type FormMenuProps = { id: string; to: string; text: string; open?: boolean; primary?: boolean; children?: Child };

/** A form behind a button; open from the start where something in it will not do. */
export function FormMenu({ id, to, text, open = false, primary = false, children }: FormMenuProps) {
  return (
    <details class="grave" id={id} open={open}>
      <summary class={primary ? "button primary" : "button"}>{text}…</summary>
      <form method="post" action={to} class="fields">
        {children}
        <button class="primary">{text}</button>
      </form>
    </details>
  );
}

type GraveProps = {
  id: string;
  to: string;
  text: string;
  /** Whether the page that it is on goes on afterwards, as it was left. */
  stays?: boolean;
  children?: Child;
};

/** A button for what cannot be taken back: it opens and says what will happen, before the one that does it. */
export function GraveAction({ id, to, text, stays = false, children }: GraveProps) {
  const byHtmx = stays ? { "hx-post": to, "hx-target": "#live", "hx-swap": "innerMorph" } : {};
  return (
    <details class="grave" id={id}>
      <summary class="button">{text}…</summary>
      <form method="post" action={to} {...byHtmx}>
        <p>{children}</p>
        <button class="danger">{text}</button>
      </form>
    </details>
  );
}
