import type { Child } from "#jsx/jsx-runtime";

export type Polling = {
  /** The address of the page that this is part of; asked by htmx, it answers with this part alone. */
  url: string;
  /** Changes with the content; the server answers 304 while it is the same. */
  tag: string;
  everySeconds: number;
};

export type LiveContentProps = {
  polling: Polling | null;
  /** The address of the icon that the browser's tab shows from now on. */
  icon?: string | undefined;
  children?: Child;
};

/** The part of a page that keeps itself up to date; `content` is a `LiveContent`. */
export function Live({ content }: { content: Child }) {
  return <div id="live">{content}</div>;
}

/**
 * What `Live` holds, and what the server answers to the poller inside it. The answer is morphed into `Live`, so that focus, scroll
 * and open details stay; one without a poller ends the polling.
 */
export function LiveContent({ polling, icon, children }: LiveContentProps) {
  return (
    <>
      {children}
      {icon && <span id="tab-icon" hidden data-icon={icon} />}
      {polling && (
        <div
          id="poll"
          hidden
          hx-get={polling.url}
          hx-trigger={`every ${polling.everySeconds}s`}
          hx-target="#live"
          hx-swap="innerMorph"
          hx-ptag={polling.tag}
        />
      )}
    </>
  );
}
