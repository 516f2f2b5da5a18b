import { AppError } from "#domain/app-error.ts";
import { capture } from "./capture.ts";
import type { Command, RunProgram } from "./command.ts";
import { cleanEnvironment } from "./environment.ts";
import type { PreviewTools } from "./preview.ts";
import { runProgram } from "./spawn.ts";

/** Seconds that a picture of a few hundred kilobytes may take. */
const SHRINK_SECONDS = 30;

/** Of WebP, from 0 to 100: at the size of a stamp nobody sees more. */
const STAMP_QUALITY = 75;

/**
 * Makes a smaller WebP of a WebP, alpha kept: in a tenth of the time that its EXR would take. Throws `unavailable` when no program
 * here can do it.
 */
export async function shrinkPicture(
  from: string,
  to: string,
  width: number,
  tools: PreviewTools,
  run: RunProgram = runProgram,
): Promise<void> {
  const complaints: string[] = [];
  for (const argv of attempts(from, to, width, tools)) {
    const command: Command = { argv, environment: cleanEnvironment() };
    const result = await capture(run, command, { timeoutSeconds: SHRINK_SECONDS });
    if (result.exitCode === 0) return;
    complaints.push(result.stderr.at(-1) ?? result.message ?? result.reason);
  }
  throw new AppError("unavailable", `The picture could not be made smaller: ${complaints.join("; ") || "no program"}.`);
}

function attempts(from: string, to: string, width: number, tools: PreviewTools): Command["argv"][] {
  const { imageMagick, ffmpeg } = tools;
  const quality = String(STAMP_QUALITY);
  const byImageMagick = (program: string): Command["argv"] => [
    program,
    ...[`webp:${from}`, "-thumbnail", `${width}x`, "-quality", quality, `webp:${to}`],
  ];
  const byFfmpeg = (program: string): Command["argv"] => [
    program,
    ...["-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "webp_pipe", "-i", from],
    ...["-vf", `scale=${width}:-1`, "-frames:v", "1", "-c:v", "libwebp", "-quality", quality, "-f", "webp", to],
  ];
  return [...(imageMagick ? [byImageMagick(imageMagick)] : []), ...(ffmpeg ? [byFfmpeg(ffmpeg.path)] : [])];
}
