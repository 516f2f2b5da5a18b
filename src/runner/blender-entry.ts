import { readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

/** What is written into the folder of a fetched Blender when it is whole and has started; without it there is no entry. */
const blenderRecord = Type.Object({
  version: Type.String(),
  sha256: Type.String(),
  /** Of all its files. */
  bytes: Type.Integer({ minimum: 0 }),
  /** Its executable, inside the entry. */
  executable: Type.String(),
});
export type BlenderRecord = (typeof blenderRecord)["static"];

const RECORD = "blender.json";

/** A Blender that was fetched, and lies in the cache. */
export type BlenderEntry = BlenderRecord & { path: string; lastUsedMs: number };

/** The entries of a cache, the least recently used first. */
export async function listBlenderEntries(folder: string): Promise<BlenderEntry[]> {
  const entries: BlenderEntry[] = [];
  for (const name of await readdir(folder)) {
    const record = await readBlenderRecord(join(folder, name));
    if (!record) continue;
    const { mtimeMs } = await stat(join(folder, name, RECORD));
    entries.push({ ...record, path: join(folder, name, record.executable), lastUsedMs: mtimeMs });
  }
  return entries.sort((a, b) => a.lastUsedMs - b.lastUsedMs);
}

/** Reads an entry's record; null when it has none that can be read. */
export async function readBlenderRecord(entry: string): Promise<BlenderRecord | null> {
  try {
    const record: unknown = JSON.parse(await readFile(join(entry, RECORD), "utf8"));
    return Value.Check(blenderRecord, record) ? record : null;
  } catch {
    return null;
  }
}

/** Makes an unpacked Blender an entry; its folder gets its name only after this. */
export function writeBlenderRecord(entry: string, record: BlenderRecord): Promise<void> {
  return writeFile(join(entry, RECORD), JSON.stringify(record));
}

/** Notes that an entry is used now. */
export function touchBlender(entry: string, nowMs: number): Promise<void> {
  return utimes(join(entry, RECORD), nowMs / 1000, nowMs / 1000);
}

/** Removes what an earlier process has not finished, but for downloads, which go on. */
export async function sweepBlenderCache(folder: string, downloads: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (path !== downloads && !(await readBlenderRecord(path))) await rm(path, { recursive: true, force: true });
  }
}
