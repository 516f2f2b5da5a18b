import { lstat, readdir, readlink, realpath, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Layout } from "./layout.ts";

/** Removes everything in `temp/` but what is to be kept: at start, nothing else there can still be wanted. Returns the names removed. */
export async function emptyTemp(layout: Layout, keep: ReadonlySet<string>): Promise<string[]> {
  const names = (await readdir(layout.temp)).filter((name) => !keep.has(name));
  for (const name of names) await remove(layout, name);
  return names;
}

/**
 * Removes what lies unfinished in `temp/`: last written before `olderThanMs` (wall clock), and not open in this process now.
 * A stalled upload is open for as long as its client may still go on. Returns the names removed.
 */
export async function sweepTemp(layout: Layout, olderThanMs: number): Promise<string[]> {
  const removed: string[] = [];
  const open = await openNames(layout.temp);
  for (const name of await readdir(layout.temp)) {
    if (open.has(name) || !(await isOlder(join(layout.temp, name), olderThanMs))) continue;
    await remove(layout, name);
    removed.push(name);
  }
  return removed;
}

async function remove(layout: Layout, name: string): Promise<void> {
  await rm(join(layout.temp, name), { recursive: true, force: true });
}

async function isOlder(path: string, thanMs: number): Promise<boolean> {
  const stats = await lstat(path).catch(() => null); // gone meanwhile: whoever wrote it has finished
  return stats !== null && stats.mtimeMs < thanMs;
}

/** The entries of a folder in which this process has a file open, as the kernel knows them (proc(5)). */
async function openNames(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  const realFolder = await realpath(folder);
  for (const descriptor of await readdir("/proc/self/fd")) {
    const target = await readlink(`/proc/self/fd/${descriptor}`).catch(() => ""); // closed since the listing
    const path = relative(realFolder, target);
    if (target !== "" && path !== "" && !path.startsWith("..")) names.add(path.split(sep)[0]!);
  }
  return names;
}
