import { LineSplitter } from "./line-splitter.ts";

export type ReadLimits = { signal: AbortSignal; maxCharacters?: number };

/**
 * Hands each line of a stream to `onLine`, and reads no further while a promise of it is pending.
 * Ends at the end of the stream, or when `signal` is aborted: what was not read by then is lost.
 */
export async function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void | Promise<void>,
  options: ReadLimits,
): Promise<void> {
  const splitter = new LineSplitter(options.maxCharacters);
  const reader = stream.getReader();
  const cancel = (): void => void reader.cancel().catch(() => {});
  options.signal.addEventListener("abort", cancel);
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      await handOver(splitter.push(chunk.value), onLine);
    }
    await handOver(splitter.end(), onLine);
  } finally {
    options.signal.removeEventListener("abort", cancel);
    cancel();
  }
}

/** Awaits only what is a promise: an await for each of a million lines would cost more than the lines. */
async function handOver(lines: readonly string[], onLine: (line: string) => void | Promise<void>): Promise<void> {
  for (const line of lines) {
    const pending = onLine(line);
    if (pending) await pending;
  }
}
