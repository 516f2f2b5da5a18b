import type { ManagerClient } from "./manager-client.ts";
import { endsTheRunner, ManagerRefusal } from "./manager-errors.ts";
import type { FrameFile, OutboxStore, StoredFrame } from "./outbox-store.ts";
import { retrying, type Patience } from "./retry.ts";
import { unlessAborted } from "./time.ts";
import { createTurns } from "./turns.ts";

/** Uploads under way at once: enough to fill a line whose answers take long, too few to be in the way of the heartbeat. */
const PARALLEL_UPLOADS = 3;

/**
 * How the delivery of one file ended. `kept`: the runner stops first, and its next start will deliver it.
 * `failed`: the manager has refused it (then the error is a `ManagerRefusal`), or it cannot be read any more.
 */
export type Delivery = { kind: "filed" } | { kind: "kept" } | { kind: "failed"; error: Error };

/** A finished file that is on its way; `delivered` never rejects. */
export type Outgoing = { file: StoredFrame; delivered: Promise<Delivery> };

export type Outbox = {
  /** Takes a finished file over and sees to its delivery. Throws when it cannot be kept (disk full). */
  add: (path: string, what: Omit<FrameFile, "size" | "sha256">) => Promise<Outgoing>;
  /** Delivers what an earlier process of this runner finished and could not deliver. */
  start: () => Promise<void>;
  /** Waits until nothing is on its way any more, or the signal aborts. */
  flush: (signal: AbortSignal) => Promise<void>;
  /** Ends the uploads; what is not acknowledged stays on disk. */
  stop: () => Promise<void>;
};

/** Keeps each finished file until the manager has acknowledged it, and uploads meanwhile, through restarts of both. */
export function createOutbox(options: {
  store: OutboxStore;
  client: Pick<ManagerClient, "upload">;
  patience: Patience;
}): Outbox {
  const { store, client, patience } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<Delivery>>();
  const turns = createTurns(PARALLEL_UPLOADS);

  const deliver = async (file: StoredFrame): Promise<Delivery> => {
    await turns.take();
    try {
      const { jobId, taskId, attempt, frame, name, of } = file;
      const query = { taskId, attempt, ...(frame !== null && { frame }), name, of };
      await retrying(`uploading ${name}`, patience, stopping.signal, () =>
        client.upload(jobId, query, file, stopping.signal),
      );
      await store.remove(file.id);
      return { kind: "filed" };
    } catch (error) {
      return await giveUp(file, error instanceof Error ? error : new Error(String(error)));
    } finally {
      turns.pass();
    }
  };

  const giveUp = async (file: StoredFrame, error: Error): Promise<Delivery> => {
    if (stopping.signal.aborted || (error instanceof ManagerRefusal && endsTheRunner(error))) return { kind: "kept" };
    patience.log.error("a file could not be delivered", { name: file.name, task: file.taskId, error: error.message });
    await store.remove(file.id);
    return { kind: "failed", error };
  };

  const send = (file: StoredFrame): Outgoing => {
    const delivered = deliver(file);
    underWay.add(delivered);
    void delivered.finally(() => underWay.delete(delivered));
    return { file, delivered };
  };

  return {
    add: async (path, what) => send(await store.put(path, what)),
    start: async () => {
      const left = await store.list();
      if (left.length > 0) patience.log.info("uploading files that were finished before", { files: left.length });
      for (const file of left) send(file);
    },
    flush: async (signal) => {
      await unlessAborted(Promise.all(underWay), signal);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}
