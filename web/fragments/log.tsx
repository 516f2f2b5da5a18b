/** What a log is of, where several follow each other. */
export type LogTitle = { text: string; url: string; by: string };

export type LogPiece = {
  /** Stands above the text where another log begins. */
  title?: LogTitle | null;
  text: string;
  /** Where the log goes on; null when it is over and all of it has been read. */
  nextUrl: string | null;
  /** Whether there is nothing more until the page has news. */
  waits?: boolean;
};

type LogProps = {
  piece: LogPiece;
  /** Whether only its last lines are of use, and a page that is open for long may let go of the others. */
  tail?: boolean;
};

/**
 * A log that follows itself: its last element asks for what comes after, and is replaced by it. Nothing in it has an id: what is marked
 * `data-own` is swapped for another log as a whole, and htmx would not do so with what seems to be there already.
 */
export function Log({ piece, tail = false }: LogProps) {
  if (piece.text === "" && piece.nextUrl === null) return <p class="hint">Nothing was logged.</p>;
  return (
    <pre class="log" role="group" tabindex="0" aria-label="Log" data-follow={tail ? "tail" : "all"}>
      <LogTail piece={piece} />
    </pre>
  );
}

/** A piece of a log with what asks for the next one: from time to time, or when `logs.js` says that the page has news. */
export function LogTail({ piece: { title, text, nextUrl, waits = false } }: { piece: LogPiece }) {
  return (
    <>
      {title && (
        <span class="log-title">
          <a href={title.url}>{title.text}</a> on {title.by}
        </span>
      )}
      {text}
      {nextUrl !== null && (
        <span class="log-tail" hx-get={nextUrl} hx-trigger={waits ? "news" : "every 1s"} hx-swap="outerHTML" />
      )}
    </>
  );
}
