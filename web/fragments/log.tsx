export type LogPiece = {
  text: string;
  /** Where the log goes on; null when it is over and all of it has been read. */
  nextUrl: string | null;
};

/** A log that follows itself: its last element asks for what comes after, and is replaced by it. */
export function Log({ piece }: { piece: LogPiece }) {
  if (piece.text === "" && piece.nextUrl === null) return <p class="hint">Nothing was logged.</p>;
  return (
    <pre class="log" id="log" tabindex="0" aria-label="Log" data-follow>
      <LogTail piece={piece} />
    </pre>
  );
}

/** A piece of a log with what asks for the next one. */
export function LogTail({ piece: { text, nextUrl } }: { piece: LogPiece }) {
  return (
    <>
      {text}
      {nextUrl !== null && <span id="log-tail" hx-get={nextUrl} hx-trigger="every 1s" hx-swap="outerHTML" />}
    </>
  );
}
