import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Type, type Static } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { sha256File } from "#system/sha256-file.ts";

const frameFile = Type.Object({
  jobId: Type.Integer(),
  taskId: Type.Integer(),
  attempt: Type.Integer(),
  /** Null for a video or its sound. */
  frame: Type.Union([Type.Integer(), Type.Null()]),
  name: Type.String(),
  /** How many files the frame or the video consists of. */
  of: Type.Integer(),
  size: Type.Integer(),
  sha256: Type.String(),
});

/** What is known of a finished file, as it is written beside it. */
export type FrameFile = Static<typeof frameFile>;

/** A finished file in the outbox. */
export type StoredFrame = FrameFile & { id: string; path: string };

export type OutboxStore = {
  /** Takes a finished file over; it must lie on the same disk. */
  put: (file: string, what: Omit<FrameFile, "size" | "sha256">) => Promise<StoredFrame>;
  /** What is there from before; what an earlier process left half done is removed. */
  list: () => Promise<StoredFrame[]>;
  /** Never throws: what could not be removed is delivered once more, and the manager knows it by then. */
  remove: (id: string) => Promise<void>;
};

const DATA = ".data";
const NOTE = ".json";

/** Keeps finished files in a folder, each with a note beside it that comes last: a file without one does not count. */
export function createOutboxStore(folder: string): OutboxStore {
  const dataPath = (id: string): string => join(folder, `${id}${DATA}`);
  const notePath = (id: string): string => join(folder, `${id}${NOTE}`);
  return {
    put: async (file, what) => {
      const { size } = await stat(file);
      const note: FrameFile = { ...what, size, sha256: await sha256File(file) };
      const id = crypto.randomUUID();
      await rename(file, dataPath(id));
      const temporary = join(folder, `${id}.tmp`);
      await writeFile(temporary, JSON.stringify(note));
      await rename(temporary, notePath(id));
      return { ...note, id, path: dataPath(id) };
    },
    list: async () => {
      const stored: StoredFrame[] = [];
      for (const name of await readdir(folder)) {
        const id = name.endsWith(NOTE) ? name.slice(0, -NOTE.length) : null;
        const note = id === null ? null : await readNote(notePath(id));
        if (id !== null && note) stored.push({ ...note, id, path: dataPath(id) });
      }
      const whole = new Set(stored.flatMap(({ id }) => [`${id}${DATA}`, `${id}${NOTE}`]));
      for (const name of await readdir(folder)) if (!whole.has(name)) await rm(join(folder, name), { force: true });
      return stored;
    },
    remove: async (id) => {
      for (const path of [notePath(id), dataPath(id)]) await rm(path, { force: true }).catch(() => {});
    },
  };
}

async function readNote(path: string): Promise<FrameFile | null> {
  try {
    const note: unknown = JSON.parse(await readFile(path, "utf8"));
    return Value.Check(frameFile, note) ? note : null;
  } catch {
    return null;
  }
}
