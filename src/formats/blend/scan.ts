import { truncated } from "./error.ts";

/** What a scan asks for next: so many bytes to look at, or so many to pass over. */
export type Demand = { take: number } | { skip: number };

/**
 * A reading of bytes that does no I/O: it yields demands, and is resumed with the bytes it asked to take (a view that is
 * valid until its next demand) or, after a skip, with none. So one scan serves streams, which read past what is skipped,
 * and files, which jump over it.
 */
export type Scan<Result> = Generator<Demand, Result, Uint8Array>;

const NOTHING = new Uint8Array(0);

/** Bytes read from a file at a time: enough for hundreds of small blocks, little to lose where a large block follows. */
const WINDOW_BYTES = 128 * 2 ** 10;

/**
 * Feeds a scan from a stream, and reads the stream to its end, also when the scan was done before: only at its very end does
 * a compressed stream prove whole. Throws `truncated` when the stream ends first.
 */
export async function scanChunks<Result>(scan: Scan<Result>, chunks: AsyncIterable<Uint8Array>): Promise<Result> {
  let step = scan.next(NOTHING);
  let partial: Uint8Array | null = null;
  let served = 0; // bytes of the demand at hand, passed over or copied into `partial`

  for await (const chunk of chunks) {
    let at = 0;
    while (!step.done) {
      const demand = step.value;
      const left = chunk.length - at;
      if ("skip" in demand) {
        const passed = Math.min(left, demand.skip - served);
        at += passed;
        served += passed;
        if (served < demand.skip) break;
        step = scan.next(NOTHING);
      } else if (!partial && left >= demand.take) {
        step = scan.next(chunk.subarray(at, at + demand.take));
        at += demand.take;
      } else {
        partial ??= new Uint8Array(demand.take);
        const copied = Math.min(left, demand.take - served);
        partial.set(chunk.subarray(at, at + copied), served);
        at += copied;
        served += copied;
        if (served < demand.take) break;
        step = scan.next(partial);
      }
      partial = null;
      served = 0;
    }
  }
  if (!step.done) throw truncated();
  return step.value;
}

/** Feeds a scan from a file (`Bun.file(path)`, or any Blob) and jumps over what it skips. Throws `truncated` at the file's end. */
export async function scanBlob<Result>(scan: Scan<Result>, blob: Blob): Promise<Result> {
  let window = NOTHING;
  let windowStart = 0;
  let position = 0;
  let step = scan.next(NOTHING);
  while (!step.done) {
    const demand = step.value;
    const end = position + ("skip" in demand ? demand.skip : demand.take);
    if (end > blob.size) throw truncated();
    if ("skip" in demand) {
      step = scan.next(NOTHING);
    } else {
      if (end > windowStart + window.length) {
        const wanted = Math.max(demand.take, WINDOW_BYTES);
        window = new Uint8Array(await blob.slice(position, position + wanted).arrayBuffer());
        windowStart = position;
        if (window.length < demand.take) throw truncated();
      }
      step = scan.next(window.subarray(position - windowStart, end - windowStart));
    }
    position = end;
  }
  return step.value;
}
