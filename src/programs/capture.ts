import type { Command, ProgramResult, RunProgram } from "./command.ts";

/** More than any program that is captured has to say. */
const MAX_LINES = 10_000;

export type Captured = ProgramResult & { stdout: string[]; stderr: string[] };

/** Runs a program that says little, and returns what it said, up to 10,000 lines of each output. */
export async function capture(
  run: RunProgram,
  command: Command,
  options: { timeoutSeconds: number; signal?: AbortSignal | undefined },
): Promise<Captured> {
  const said = { stdout: [] as string[], stderr: [] as string[] };
  const result = await run(command, {
    ...options,
    onLine: (line, stream) => {
      if (said[stream].length < MAX_LINES) said[stream].push(line);
    },
  });
  return { ...result, ...said };
}
