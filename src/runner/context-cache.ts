import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { downloadContext, type ContextOrder } from "./context-download.ts";
import { isIntact, lastUsedMs, projectFolder, readRecord, touch } from "./context-entry.ts";
import type { ManagerClient } from "./manager-client.ts";
import type { Patience } from "./retry.ts";
import { unlessAborted } from "./time.ts";

/** A project in use; it stays until released. */
export type HeldContext = {
  /** Folder of the project's files, as uploaded. */
  folder: string;
  release: () => void;
};

export type ContextCache = {
  /** Removes what an earlier process did not finish. */
  sweep: () => Promise<void>;
  /** Has the project at hand, fetched if need be. Throws as `downloadContext` does. */
  acquire: (order: ContextOrder, signal: AbortSignal) => Promise<HeldContext>;
  /** Has the project fetched anew next time, because it could not be used and the copy may be what is wrong. */
  distrust: (order: ContextOrder) => void;
};

export type ContextCacheOptions = {
  folder: string;
  /** What all projects together may take; a single one may be larger, then it is alone. */
  maxBytes: number;
  client: Pick<ManagerClient, "file">;
  patience: Patience;
};

/** Keeps the projects of jobs from task to task, on disk and over restarts; the least recently used go first when space is short. */
export function createContextCache(options: ContextCacheOptions): ContextCache {
  const { folder, maxBytes, client, patience } = options;
  const { time, log } = patience;
  const users = new Map<string, number>();
  const preparing = new Map<string, Promise<void>>();
  /** Entries that this process has fetched or looked through; others may have been damaged by what happened before. */
  const trusted = new Set<string>();
  const doubted = new Set<string>();

  const isUsable = async (name: string, order: ContextOrder): Promise<boolean> => {
    const record = await readRecord(join(folder, name));
    if (record?.sha256 !== order.sha256 || doubted.has(name)) return false;
    return trusted.has(name) || isIntact(join(folder, name), record);
  };

  const prepare = async (name: string, order: ContextOrder, signal: AbortSignal): Promise<void> => {
    const entry = join(folder, name);
    if (!users.has(name) && !(await isUsable(name, order))) {
      await remove(name);
      await makeRoom(order.size);
      log.info("fetching a project", { job: order.jobId, bytes: order.size });
      await downloadContext(entry, order, { client, patience, signal });
    }
    trusted.add(name);
    await touch(entry, time.nowMs());
  };

  const makeRoom = async (bytes: number): Promise<void> => {
    const entries = await listEntries(folder);
    let used = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    for (const entry of entries) {
      if (used + bytes <= maxBytes) return;
      if (users.has(entry.name) || preparing.has(entry.name)) continue;
      log.info("dropping a project from the cache", { entry: entry.name, bytes: entry.bytes });
      await remove(entry.name);
      used -= entry.bytes;
    }
  };

  const remove = async (name: string): Promise<void> => {
    trusted.delete(name);
    doubted.delete(name);
    await rm(join(folder, name), { recursive: true, force: true });
  };

  const hold = (name: string): HeldContext => {
    users.set(name, (users.get(name) ?? 0) + 1);
    const release = (): void => {
      const left = (users.get(name) ?? 1) - 1;
      if (left > 0) users.set(name, left);
      else users.delete(name);
    };
    return { folder: projectFolder(join(folder, name)), release };
  };

  return {
    sweep: () => removeUnfinished(folder),
    acquire: async (order, signal) => {
      const name = entryName(order);
      // Another task of the job may be fetching it already; should that one give up, it is our turn.
      for (let other = preparing.get(name); other; other = preparing.get(name)) {
        await unlessAborted(
          other.catch(() => {}),
          signal,
        );
        signal.throwIfAborted();
      }
      const own = prepare(name, order, signal);
      preparing.set(name, own);
      try {
        await own;
        return hold(name);
      } finally {
        preparing.delete(name);
      }
    },
    distrust: (order) => void doubted.add(entryName(order)),
  };
}

function entryName(order: ContextOrder): string {
  return `${order.jobId}-${order.version}`;
}

type Entry = { name: string; bytes: number; lastUsedMs: number };

/** Whole entries, the least recently used first. */
async function listEntries(folder: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readdir(folder)) {
    const record = await readRecord(join(folder, name));
    if (record) entries.push({ name, bytes: record.bytes, lastUsedMs: await lastUsedMs(join(folder, name)) });
  }
  return entries.sort((a, b) => a.lastUsedMs - b.lastUsedMs);
}

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (!(await readRecord(join(folder, name)))) await rm(join(folder, name), { recursive: true, force: true });
}
