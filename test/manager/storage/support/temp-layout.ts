import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Layout, openLayout } from "#manager/storage/layout.ts";

/** A storage of its own, gone at the end of the block (`await using`). */
export type TempLayout = AsyncDisposable & { layout: Layout; folder: string };

export async function tempLayout(): Promise<TempLayout> {
  const folder = await mkdtemp(join(tmpdir(), "jiggablend-storage-"));
  const layout = await openLayout(join(folder, "storage"));
  return { layout, folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** All files under a folder, by their paths relative to it. */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

/** A stream of the given chunks. */
export async function* chunks(...pieces: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(typeof piece === "string" ? Buffer.from(piece) : piece);
}

/** The content of a stream as text. */
export async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString();
}

/** The code and the message of the AppError that something fails with. */
export async function failure(
  work: Promise<unknown> | AsyncIterable<unknown>,
): Promise<{ code: unknown; message: string }> {
  try {
    await (work instanceof Promise ? work : Array.fromAsync(work));
  } catch (error) {
    if (error instanceof Error && "code" in error) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("it did not fail");
}
