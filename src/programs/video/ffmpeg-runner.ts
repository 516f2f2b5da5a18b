import { realpathSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { endOf, endSignal } from "../blender/end-signal.ts";
import { capture } from "../capture.ts";
import type { ProgramResult, RunProgram } from "../command.ts";
import { cleanEnvironment } from "../environment.ts";
import { ProgressReader, type FfmpegProgress } from "../ffmpeg/progress.ts";
import { parseStreams, probeArguments, type StreamTags } from "../ffmpeg/stream-tags.ts";
import { sandboxed, type Sandbox } from "../sandbox.ts";
import { VideoError } from "./video-error.ts";

/** Where FFmpeg runs, and what it may reach. */
export type FfmpegPlace = {
  sandbox: Sandbox;
  /** It runs here, and writes only here. */
  folder: string;
  /** Folders and files that it reads. */
  readable: readonly string[];
  run: RunProgram;
  onLine: (line: string) => void | Promise<void>;
};

type Argv = readonly [string, ...string[]];

const PROBE_SECONDS = 60;
const KEPT_LINES = 20;

/** With less than this left, a program that failed did so for want of space. */
const FULL_DISK_BYTES = 1024 * 1024;

const OUT_OF_MEMORY = /cannot allocate memory|out of memory|malloc failed|failed to allocate/i;
const DISK_FULL = /no space left on device|disk quota exceeded/i;

/** Runs FFmpeg in the folder of a video. */
export class FfmpegRunner {
  readonly #place: FfmpegPlace;

  constructor(place: FfmpegPlace) {
    this.#place = place;
  }

  /** Runs it to its end, and returns how far it came. Throws a VideoError when it fails, and the signal's reason when it was aborted. */
  async run(argv: Argv, options: { signal: AbortSignal; onFrame?: (frames: number) => void }): Promise<FfmpegProgress> {
    const { signal, onFrame } = options;
    const { run, onLine, folder } = this.#place;
    const reader = new ProgressReader();
    const complaints: string[] = [];
    await onLine(`$ ${argv.join(" ")}`);
    const result = await run(this.#command(argv), {
      signal,
      onLine: async (line, stream) => {
        if (stream === "stdout") {
          const progress = reader.line(line);
          if (progress) onFrame?.(progress.frames);
          return;
        }
        complaints.push(line);
        if (complaints.length > KEPT_LINES) complaints.shift();
        await onLine(line);
      },
    });
    signal.throwIfAborted();
    if (result.exitCode !== 0) throw failureOf(result, complaints, freeBytes(folder));
    return reader.last;
  }

  /** Asks ffprobe about the streams of a file. */
  async probe(ffprobe: string, file: string, signal: AbortSignal): Promise<StreamTags[]> {
    const command = this.#command(probeArguments(ffprobe, file));
    const result = await capture(this.#place.run, command, { timeoutSeconds: PROBE_SECONDS, signal });
    signal.throwIfAborted();
    if (result.exitCode !== 0) throw failureOf(result, result.stderr, freeBytes(this.#place.folder));
    return parseStreams(result.stdout.join("\n"));
  }

  #command(argv: Argv): ReturnType<typeof sandboxed> {
    const { sandbox, folder, readable } = this.#place;
    // Inside the sandbox there are no links to it from elsewhere.
    const program = realpathSync(argv[0]);
    const command = { argv: [program, ...argv.slice(1)] as const, environment: cleanEnvironment(), cwd: folder };
    const access = { readable: [dirname(program), ...readable], writable: [folder], gpuDevices: [] };
    return sandboxed(sandbox, command, access);
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Judges why FFmpeg failed; its exit code tells nothing. */
export function failureOf(result: ProgramResult, complaints: readonly string[], freeBytes: number): VideoError {
  const said = complaints.at(-1);
  const because = said === undefined ? "" : ` It said: ${said.trim()}`;
  if (result.reason === "spawn_failed") {
    return new VideoError("encoder_unavailable", `FFmpeg could not be started: ${result.message}.`);
  }
  const matches = (pattern: RegExp): boolean => complaints.some((line) => pattern.test(line));
  if (matches(DISK_FULL) || freeBytes < FULL_DISK_BYTES) {
    return new VideoError("disk_full", "The disk is full: FFmpeg could not write the video.");
  }
  if (matches(OUT_OF_MEMORY) || endSignal(result) === "SIGKILL") {
    return new VideoError("out_of_memory", `FFmpeg ran out of memory (${endOf(result)}).${because}`);
  }
  return new VideoError("internal", `FFmpeg failed (${endOf(result)}).${because}`);
}
