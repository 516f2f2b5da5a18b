import { mkdir, rename, rm, statfs } from "node:fs/promises";
import { join, relative } from "node:path";
import type { BlenderFound } from "#domain/runner.ts";
import { findRoot } from "#programs/blender/try.ts";
import { unpackBlenderApart } from "#programs/own/unpack-blender.ts";
import { syncFiles } from "#programs/own/sync.ts";
import { downloadBlender, type BlenderOrder } from "./blender-download.ts";
import {
  listBlenderEntries,
  readBlenderRecord,
  sweepBlenderCache,
  touchBlender,
  writeBlenderRecord,
} from "./blender-entry.ts";
import { listBlenderParts, partPath, sweepBlenderParts } from "./blender-parts.ts";
import { DiskFull } from "./frame-filing.ts";
import type { ManagerClient } from "./manager-client.ts";
import type { Patience } from "./retry.ts";
import { unlessAborted } from "./time.ts";

/** A Blender in use; it stays until released. */
export type HeldBlender = { path: string; release: () => void };

/** A fetched Blender does not start on this machine; `message` says what it said. */
export class BrokenBlender extends Error {
  override name = "BrokenBlender";
}

/** Starts a Blender that nobody has started here before, and asks what it can do; or says why it does not start. */
export type StartFirst = (executable: string) => Promise<{ told: BlenderFound } | { why: string }>;

export type BlenderCache = {
  /** Removes what an earlier process did not finish, and tells of what is there. */
  open: () => Promise<void>;
  /** Takes a Blender that is there, also one that the manager has no more; null where it is not. */
  useWhatIsThere: (version: string) => Promise<HeldBlender> | null;
  /** Has a Blender at hand, fetched if need be. Throws as `downloadBlender` does, `BadBlenderArchive`, `DiskFull` and `BrokenBlender`. */
  acquire: (order: BlenderOrder, signal: AbortSignal) => Promise<HeldBlender>;
};

export type BlenderCacheOptions = {
  folder: string;
  /** What all together may take, with what has come of others; a single one may be larger, then it is alone. */
  maxBytes: number;
  client: Pick<ManagerClient, "blender">;
  patience: Patience;
  startFirst: StartFirst;
  /** Hears what is there each time that it has changed. */
  onChange: (now: { blenders: BlenderFound[]; broken: string[] }) => void;
};

/**
 * Keeps Blenders fetched from the manager, on disk and over restarts; the least recently used go first when space is short, and never one
 * in use. One is fetched at a time, for they share one network.
 */
export function createBlenderCache(options: BlenderCacheOptions): BlenderCache {
  const { folder, maxBytes, client, patience, startFirst, onChange } = options;
  const { log, time } = patience;
  const downloads = join(folder, "downloads");
  const users = new Map<string, number>();
  /** What is ready to use. */
  const there = new Map<string, { told: BlenderFound; sha256: string }>();
  const broken = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();

  const tellChange = (): void =>
    onChange({ blenders: [...there.values()].map(({ told }) => told), broken: [...broken] });

  const remove = async (version: string): Promise<void> => {
    there.delete(version);
    tellChange();
    const away = join(folder, `.removing-${version}`);
    await rm(away, { recursive: true, force: true });
    await rename(join(folder, version), away).catch(() => {});
    await rm(away, { recursive: true, force: true });
  };

  const makeRoom = async (order: BlenderOrder): Promise<void> => {
    const entries = await listBlenderEntries(folder);
    const parts = (await listBlenderParts(downloads)).filter(({ path }) => path !== partPath(downloads, order.sha256));
    let used = [...entries, ...parts].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of parts) {
      if (used + order.unpackedBytes <= maxBytes) break;
      await rm(path, { force: true });
      used -= bytes;
    }
    for (const { version, bytes } of entries) {
      if (used + order.unpackedBytes <= maxBytes) break;
      if (users.has(version)) continue;
      log.info("dropping a Blender from the cache", { version, bytes });
      await remove(version);
      used -= bytes;
    }
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < order.size + order.unpackedBytes)
      throw new DiskFull(`There is no room for Blender ${order.version} in ${folder}.`);
  };

  const install = async (order: BlenderOrder, archive: string, signal: AbortSignal): Promise<void> => {
    const { version, sha256 } = order;
    const entry = join(folder, `.new-${version}`);
    await rm(entry, { recursive: true, force: true });
    await mkdir(join(entry, "tree"), { recursive: true });
    try {
      const bytes = await unpackBlenderApart(archive, join(entry, "tree"), { signal });
      const root = await findRoot(join(entry, "tree"));
      const started = root === null ? { why: "there is no Blender in it" } : await startFirst(join(root, "blender"));
      signal.throwIfAborted();
      if ("why" in started || root === null) {
        broken.add(version);
        tellChange();
        throw new BrokenBlender(
          `Blender ${version} does not start on this machine: ${"why" in started ? started.why : "nothing is there"}`,
        );
      }
      const executable = relative(entry, join(root, "blender"));
      await syncFiles(entry); // after a power cut, a record tells of a whole tree, or cannot be read
      await writeBlenderRecord(entry, { version, sha256, bytes, executable });
      await rm(join(folder, version), { recursive: true, force: true });
      await rename(entry, join(folder, version));
      there.set(version, { told: started.told, sha256 });
      tellChange();
    } catch (error) {
      await rm(entry, { recursive: true, force: true });
      throw error;
    }
  };

  const fetchOne = async (order: BlenderOrder, signal: AbortSignal): Promise<void> => {
    const { version, size, sha256 } = order;
    const record = await readBlenderRecord(join(folder, version));
    if (record && (record.sha256 === sha256 || users.has(version))) return;
    if (record) await remove(version);
    await makeRoom(order);
    await mkdir(downloads, { recursive: true });
    const archive = partPath(downloads, sha256);
    log.info("fetching a Blender", { version, bytes: size });
    try {
      await downloadBlender(archive, order, { client, patience, signal });
      await install(order, archive, signal);
      log.info("a Blender is ready", { version });
    } finally {
      // Given up, it is gone on with next time.
      if (!signal.aborted) await rm(archive, { force: true });
    }
  };

  /** Marks a Blender as in use, at once, so that no room is made by taking it. */
  const hold = (version: string): (() => void) => {
    users.set(version, (users.get(version) ?? 0) + 1);
    return () => {
      const left = (users.get(version) ?? 1) - 1;
      if (left > 0) users.set(version, left);
      else users.delete(version);
    };
  };

  const use = async (version: string): Promise<HeldBlender> => {
    const release = hold(version);
    try {
      const record = await readBlenderRecord(join(folder, version));
      await touchBlender(join(folder, version), time.nowMs());
      return { path: join(folder, version, record!.executable), release };
    } catch (error) {
      release();
      throw error;
    }
  };

  const fetchAndUse = async (order: BlenderOrder, signal: AbortSignal): Promise<HeldBlender> => {
    signal.throwIfAborted();
    await fetchOne(order, signal);
    return use(order.version);
  };

  return {
    open: async () => {
      await mkdir(downloads, { recursive: true });
      await sweepBlenderCache(folder, downloads);
      await sweepBlenderParts(downloads, time.nowMs());
      for (const { version, path, sha256 } of await listBlenderEntries(folder)) {
        const started = await startFirst(path);
        if ("told" in started) there.set(version, { told: started.told, sha256 });
        else log.warn("a Blender of the cache does not start any more", { version, why: started.why });
        if ("why" in started) await remove(version);
      }
      tellChange();
    },
    useWhatIsThere: (version) => (there.has(version) ? use(version) : null),
    acquire: async (order, signal) => {
      // What is there need not wait until another one is fetched.
      if (there.get(order.version)?.sha256 === order.sha256) return use(order.version);
      const own = last.then(() => fetchAndUse(order, signal));
      last = own.catch(() => {});
      const held = await unlessAborted(own, signal);
      if (held) return held;
      // Given up while it waited its turn; what it gets all the same is nobody's.
      void own.then(({ release }) => release()).catch(() => {});
      throw signal.reason;
    },
  };
}
