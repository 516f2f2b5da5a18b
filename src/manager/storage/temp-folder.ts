import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Layout } from "./layout.ts";

/** A folder in `temp/` that goes, with all that is in it, at the end of the block (`await using`). */
export type TempFolder = AsyncDisposable & { readonly path: string };

/** Makes an empty folder in `temp/`. */
export async function makeTempFolder(layout: Layout): Promise<TempFolder> {
  const path = join(layout.temp, crypto.randomUUID());
  await mkdir(path);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
