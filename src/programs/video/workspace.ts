import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const IDENTITY_FILE = "order";

/**
 * The folder in which a video is made. A step that was finished leaves a mark, by which it is not done again after a restart. The marks are
 * not made to survive a power cut in every case: what then is wrong with the files is found by the check, which begins anew.
 */
export class Workspace {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Opens the folder, and empties it when what is in it was made for something else than `identity`. */
  static async open(folder: string, identity: string): Promise<Workspace> {
    const workspace = new Workspace(folder);
    await mkdir(folder, { recursive: true });
    const known = await readFile(workspace.path(IDENTITY_FILE), "utf8").catch(() => null);
    if (known !== identity) {
      await workspace.clear();
      await writeFile(workspace.path(IDENTITY_FILE), identity);
    }
    return workspace;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async isDone(step: string): Promise<boolean> {
    return access(this.path(`${step}.done`)).then(
      () => true,
      () => false,
    );
  }

  /** Does a step, unless it was finished before. */
  async step(step: string, work: () => Promise<void>): Promise<void> {
    if (await this.isDone(step)) return;
    await work();
    await writeFile(this.path(`${step}.done`), "");
  }

  /** Forgets all that was done. */
  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true });
  }
}
