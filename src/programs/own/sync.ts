import { cleanEnvironment } from "../environment.ts";
import { selfCommand } from "../self-command.ts";
import { runProgram } from "../spawn.ts";
import { OWN_COMMANDS } from "./commands.ts";

/**
 * Sees to it that all that was written below a folder survives a power cut. Its whole file system is synced at once (syncfs(2)), for a folder
 * of ten thousand files would take minutes one by one, and in a process of its own, which may wait.
 */
export async function syncFiles(folder: string): Promise<void> {
  const argv = [...selfCommand(), OWN_COMMANDS.sync, folder] as [string, ...string[]];
  const result = await runProgram({ argv, environment: cleanEnvironment() }, {});
  if (result.exitCode !== 0)
    throw new Error(`syncing ${folder} ended with ${result.exitCode ?? result.signal ?? result.reason}`);
}
