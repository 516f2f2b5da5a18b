import { BlendError, type BlendErrorCode } from "#formats/blend/error.ts";
import type { BlendFile } from "#formats/blend/blend-file.ts";
import { cleanEnvironment } from "../environment.ts";
import { selfCommand } from "../self-command.ts";
import { runProgram } from "../spawn.ts";
import { OWN_COMMANDS } from "./commands.ts";

/** Longer than any real file takes: a 50 GB one on a slow disk. */
const TIMEOUT_SECONDS = 1800;

export type BlendAnswer =
  { ok: true; blend: BlendFile; thumbnailPng: string | null } | { ok: false; code: BlendErrorCode; message: string };

export type ApartReading = { blend: BlendFile; thumbnailPng: Uint8Array | null };

/**
 * Reads a .blend, or one that lies inside another file, with our own reader in a process of its own: whatever the file does to it,
 * this process lives. Throws `BlendError`.
 */
export async function readBlendApart(
  file: { path: string; offset: number; size: number },
  signal?: AbortSignal,
): Promise<ApartReading> {
  const lines: string[] = [];
  const argv: [string, ...string[]] = [
    ...selfCommand(),
    OWN_COMMANDS.readBlend,
    file.path,
    String(file.offset),
    String(file.size),
  ] as [string, ...string[]];
  const result = await runProgram(
    { argv, environment: cleanEnvironment() },
    {
      onLine: (line, stream) => void (stream === "stdout" && lines.push(line)),
      timeoutSeconds: TIMEOUT_SECONDS,
      signal,
    },
  );
  if (result.exitCode !== 0)
    throw new BlendError(
      "damaged",
      `The .blend could not be read: the reader ended with ${result.exitCode ?? result.signal ?? result.reason}.`,
    );
  const answer = JSON.parse(lines.join("")) as BlendAnswer;
  if (!answer.ok) throw new BlendError(answer.code, answer.message);
  return {
    blend: answer.blend,
    thumbnailPng: answer.thumbnailPng === null ? null : Buffer.from(answer.thumbnailPng, "base64"),
  };
}
