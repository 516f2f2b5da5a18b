import type { ManagerClient } from "./manager-client.ts";
import { retrying, type Patience } from "./retry.ts";
import { sleep } from "./time.ts";

/** Lines are sent together, this long after the first of them. */
const GATHER_MS = 1000;

/** One piece; a manager takes up to a megabyte. */
const PIECE_BYTES = 64 * 1024;

/** What may wait while the manager cannot be reached; lines beyond are counted and left out. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** What one attempt may write in all: a scene can be made to print without end. */
const MAX_LOG_BYTES = 16 * 1024 * 1024;

export type LogShipper = {
  /** Takes a line; never waits, never throws. */
  line: (text: string) => void;
  /** Sends what is left. An abort of the shipper's signal ends it early. */
  close: () => Promise<void>;
};

/**
 * Sends the log of one attempt to the manager, in pieces that name their place, so that a piece that is sent twice counts once.
 * Rendering never waits for it. When the manager refuses a piece, the rest of the log is dropped.
 */
export function createLogShipper(options: {
  lease: { id: number; attempt: number };
  client: Pick<ManagerClient, "appendLog">;
  patience: Patience;
  signal: AbortSignal;
}): LogShipper {
  const { lease, client, patience, signal } = options;
  const closing = new AbortController();
  const noLonger = AbortSignal.any([signal, closing.signal]);
  let waiting: Buffer<ArrayBuffer>[] = [];
  let waitingBytes = 0;
  let takenBytes = 0;
  let sentBytes = 0;
  let leftOut = 0;
  let shipping: Promise<void> | null = null;
  let refused = false;

  const take = (text: string): void => {
    const bytes = Buffer.from(`${text}\n`);
    waiting.push(bytes);
    waitingBytes += bytes.length;
    takenBytes += bytes.length;
    shipping ??= ship().finally(() => (shipping = null));
  };

  const ship = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        if (waitingBytes < PIECE_BYTES) await sleep(patience.time, GATHER_MS, noLonger);
        await shipPiece(nextPiece());
      }
    } catch (error) {
      refused = true;
      waiting = [];
      if (signal.aborted) return;
      patience.log.warn("the manager takes no more of a log", { task: lease.id, error: String(error) });
    }
  };

  const shipPiece = async (piece: Buffer<ArrayBuffer>): Promise<void> => {
    const query = { attempt: lease.attempt, offset: sentBytes };
    await retrying("sending a log", patience, signal, () => client.appendLog(lease.id, query, piece, signal));
    sentBytes += piece.length;
  };

  /** As many lines as make one piece, at least one. */
  const nextPiece = (): Buffer<ArrayBuffer> => {
    let lines = 0;
    for (let bytes = 0; bytes < PIECE_BYTES && lines < waiting.length; lines += 1) bytes += waiting[lines]!.length;
    const piece = Buffer.concat(waiting.splice(0, lines));
    waitingBytes -= piece.length;
    return piece;
  };

  return {
    line: (text) => {
      const fits = waitingBytes + text.length <= MAX_WAITING_BYTES && takenBytes + text.length <= MAX_LOG_BYTES;
      if (fits && !refused) take(text);
      else leftOut += 1;
    },
    close: async () => {
      if (leftOut > 0 && !refused) take(`(${leftOut} lines were left out of this log)`);
      closing.abort();
      await shipping;
    },
  };
}
