import { rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AppError } from "#domain/app-error.ts";
import { previewLut } from "#formats/color/preview-lut.ts";
import { capture } from "./capture.ts";
import type { Command, RunProgram } from "./command.ts";
import { cleanEnvironment } from "./environment.ts";
import { findFfmpeg, type FfmpegAbilities } from "./ffmpeg/abilities.ts";
import { previewArguments, WEBP_QUALITY, type PreviewOptions } from "./ffmpeg/preview.ts";
import { findImageMagick, opaquePreviewArguments } from "./imagemagick.ts";
import { runProgram } from "./spawn.ts";

/** The programs that can make previews on this machine. */
export type PreviewTools = { imageMagick: string | null; ffmpeg: FfmpegAbilities | null };

const PREVIEW_SECONDS = 90;

const LUT = previewLut();

/** Looks for the programs, once: it takes FFmpeg a quarter of a second to tell what it can. */
export async function findPreviewTools(run: RunProgram = runProgram): Promise<PreviewTools> {
  return { imageMagick: findImageMagick(), ffmpeg: await findFfmpeg(run) };
}

/**
 * Makes a WebP that a browser shows of an EXR. FFmpeg gets alpha, layers and highlights right; where it is missing or fails ImageMagick stands
 * in for frames of one layer, on black, and there values above 1 are white. Throws `unavailable` when no program here can do it.
 */
export async function makePreview(
  exrPath: string,
  outPath: string,
  options: PreviewOptions,
  tools: PreviewTools,
  run: RunProgram = runProgram,
): Promise<void> {
  const folder = dirname(resolve(outPath));
  const files = { exr: resolve(exrPath), lut: `${crypto.randomUUID()}.cube`, output: resolve(outPath) };
  const complaints: string[] = [];
  await writeFile(join(folder, files.lut), LUT);
  try {
    for (const argv of attempts(files, options, tools)) {
      const command: Command = { argv, environment: cleanEnvironment(), cwd: folder };
      const result = await capture(run, command, { timeoutSeconds: PREVIEW_SECONDS });
      if (result.exitCode === 0) return;
      complaints.push(result.stderr.at(-1) ?? result.message ?? result.reason);
    }
  } finally {
    await rm(join(folder, files.lut), { force: true });
  }
  const why = complaints.length > 0 ? complaints.join("; ") : "there is neither ImageMagick nor FFmpeg with zscale";
  throw new AppError("unavailable", `No preview could be made: ${why}.`);
}

function attempts(
  files: { exr: string; lut: string; output: string },
  options: PreviewOptions,
  { imageMagick, ffmpeg }: PreviewTools,
): Command["argv"][] {
  const isPlain = !options.hasAlpha && options.layer === null;
  const { width, exposure } = options;
  const quick = { width, exposure, quality: WEBP_QUALITY };
  return [
    ...(canPreview(ffmpeg) ? [previewArguments(ffmpeg, files, options)] : []),
    ...(isPlain && imageMagick ? [opaquePreviewArguments(imageMagick, files.exr, files.output, quick)] : []),
  ];
}

function canPreview(ffmpeg: FfmpegAbilities | null): ffmpeg is FfmpegAbilities {
  if (ffmpeg === null || !ffmpeg.encoders.includes("libwebp")) return false;
  return (["zscale", "lut1d"] as const).every((name) => ffmpeg.filters.includes(name));
}
