import { AppError } from "#domain/app-error.ts";
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

/** Looks for the programs, once: it takes FFmpeg a quarter of a second to tell what it can. */
export async function findPreviewTools(run: RunProgram = runProgram): Promise<PreviewTools> {
  return { imageMagick: findImageMagick(), ffmpeg: await findFfmpeg(run) };
}

/**
 * Makes a WebP that a browser shows of an EXR: opaque ones of one layer by ImageMagick, which is the quicker; those with alpha or layers
 * by FFmpeg, which alone gets them right, and also those that this ImageMagick cannot read (Debian packs EXR apart). Values above 1
 * are white, as in Blender's Standard view. Throws `unavailable` when no program here can do it.
 */
export async function makePreview(
  exrPath: string,
  outPath: string,
  options: PreviewOptions,
  tools: PreviewTools,
  run: RunProgram = runProgram,
): Promise<void> {
  const complaints: string[] = [];
  for (const argv of attempts(exrPath, outPath, options, tools)) {
    const command: Command = { argv, environment: cleanEnvironment() };
    const result = await capture(run, command, { timeoutSeconds: PREVIEW_SECONDS });
    if (result.exitCode === 0) return;
    complaints.push(result.stderr.at(-1) ?? result.message ?? result.reason);
  }
  const why = complaints.length > 0 ? complaints.join("; ") : "there is neither ImageMagick nor FFmpeg with zscale";
  throw new AppError("unavailable", `No preview could be made: ${why}.`);
}

function attempts(exrPath: string, outPath: string, options: PreviewOptions, tools: PreviewTools): Command["argv"][] {
  const { imageMagick, ffmpeg } = tools;
  const plain = !options.hasAlpha && options.layers.length === 0;
  const quick = plain && imageMagick !== null;
  const quality = { width: options.width, quality: WEBP_QUALITY };
  return [
    ...(quick ? [opaquePreviewArguments(imageMagick, exrPath, outPath, quality)] : []),
    ...(canPreview(ffmpeg) ? [previewArguments(ffmpeg, exrPath, outPath, options)] : []),
  ];
}

function canPreview(ffmpeg: FfmpegAbilities | null): ffmpeg is FfmpegAbilities {
  return ffmpeg !== null && ffmpeg.filters.includes("zscale") && ffmpeg.encoders.includes("libwebp");
}
