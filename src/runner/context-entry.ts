import { readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Type, type Static } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

/** What is written beside an unpacked project once it is whole; without it there is no entry. */
const contextRecord = Type.Object({
  sha256: Type.String(),
  /** Bytes of all files together. */
  bytes: Type.Integer({ minimum: 0 }),
  files: Type.Array(Type.Object({ path: Type.String(), size: Type.Integer(), mtimeMs: Type.Number() })),
});
export type ContextRecord = Static<typeof contextRecord>;

const RECORD = "context.json";
const PROJECT = "project";

/** The folder of an entry that holds the job's project. */
export function projectFolder(entry: string): string {
  return join(entry, PROJECT);
}

/** Makes a project that was unpacked to `projectFolder(entry)` an entry of the cache. */
export async function writeRecord(entry: string, record: ContextRecord): Promise<void> {
  const temporary = join(entry, `${RECORD}.tmp`);
  await writeFile(temporary, JSON.stringify(record));
  await rename(temporary, join(entry, RECORD));
}

/** Reads an entry's record; null when it has none that can be read. */
export async function readRecord(entry: string): Promise<ContextRecord | null> {
  try {
    const record: unknown = JSON.parse(await readFile(join(entry, RECORD), "utf8"));
    return Value.Check(contextRecord, record) ? record : null;
  } catch {
    return null;
  }
}

/** Says whether every file is there as it was unpacked: same size, not written to since. */
export async function isIntact(entry: string, record: ContextRecord): Promise<boolean> {
  for (const file of record.files) {
    const found = await stat(join(projectFolder(entry), file.path)).catch(() => null);
    if (!found || found.size !== file.size || found.mtimeMs !== file.mtimeMs) return false;
  }
  return true;
}

/** When the entry was last used; kept as the time of its record, so that it survives a restart. */
export async function lastUsedMs(entry: string): Promise<number> {
  return (await stat(join(entry, RECORD))).mtimeMs;
}

/** Notes that the entry is used now. */
export async function touch(entry: string, nowMs: number): Promise<void> {
  await utimes(join(entry, RECORD), nowMs / 1000, nowMs / 1000);
}
