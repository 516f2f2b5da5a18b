import { mkdir, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes a folder and those above it that are missing, and sees to it that they survive a power cut. */
export async function makeFolder(path: string): Promise<void> {
  const firstMade = await mkdir(path, { recursive: true });
  if (firstMade === undefined) return;
  for (let folder = path; ; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
    if (folder === firstMade) return;
  }
}

/** Renames a file whose content is already synced, so that the new name survives a power cut. Replaces what stood there. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** A new or renamed entry is on the disk only when its folder is (fsync(2), NOTES). */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Whether there is something at a path. */
export async function fileExists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
