import { cleanEnvironment } from "../environment.ts";
import { selfCommand } from "../self-command.ts";
import { runProgram } from "../spawn.ts";
import { OWN_COMMANDS } from "./commands.ts";

/** A part of a file, in bytes. */
export type HashPart = { offset: number; size: number };

/**
 * Hashes a file and, in the same reading, parts of it, in a process of its own: hashing gigabytes would hold up everything else.
 * `partsPath` is a JSON file with the parts. Returns SHA-256 as hex, the parts' in their order.
 */
export async function hashFile(
  path: string,
  options: { partsPath?: string; signal?: AbortSignal } = {},
): Promise<{ sha256: string; parts: string[] }> {
  const lines: string[] = [];
  const argv: [string, ...string[]] = [
    ...selfCommand(),
    OWN_COMMANDS.hash,
    path,
    ...(options.partsPath ? [options.partsPath] : []),
  ] as [string, ...string[]];
  const result = await runProgram(
    { argv, environment: cleanEnvironment() },
    { onLine: (line, stream) => void (stream === "stdout" && lines.push(line)), signal: options.signal },
  );
  const [sha256, ...parts] = lines;
  if (result.exitCode !== 0 || sha256 === undefined)
    throw new Error(`hashing ${path} ended with ${result.exitCode ?? result.signal ?? result.reason}`);
  return { sha256, parts };
}
