import { lstat, rename } from "node:fs/promises";
import { join } from "node:path";
import { frameName } from "#domain/frames.ts";
import type { FrameFile, SavedFrame } from "./render-event.ts";

/**
 * Takes the files of a saved frame out of the folder that Blender can write to, so that nothing can be changed about them behind our
 * back. Only plain files of that frame count: a link, left by a hostile file, would make the runner upload another file of this machine.
 * Returns null if one is not so, or if none or several are the main one.
 */
export async function takeSavedFrame(
  folders: { from: string; to: string },
  frame: number,
  files: readonly FrameFile[],
): Promise<SavedFrame | null> {
  const stem = frameName(frame).replace(/\.exr$/, "");
  const belongs = files.every(({ name }) => name.startsWith(`${stem}.`) || name.startsWith(`${stem}_`));
  if (!belongs || files.filter((file) => file.main).length !== 1) return null;
  const saved = files.map((file) => ({ ...file, path: join(folders.to, file.name) }));
  const taken = await Promise.all(saved.map(({ name, path }) => takePlainFile(join(folders.from, name), path)));
  return taken.every(Boolean) ? { frame, files: saved } : null;
}

async function takePlainFile(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    const stat = await lstat(to);
    return stat.isFile() && stat.nlink === 1 && stat.size > 0;
  } catch {
    return false;
  }
}
