import { findProgram } from "./find-program.ts";

/** What one picture may take; ImageMagick then works on disk, slowly, or gives up. */
const LIMITS = { memory: "1GiB", map: "2GiB", disk: "4GiB", thread: "2", time: "60" };

/** Finds ImageMagick: `magick` is version 7, `convert` version 6. Both take the arguments below. */
export function findImageMagick(): string | null {
  return findProgram("magick") ?? findProgram("convert");
}

/**
 * Returns the arguments by which ImageMagick makes a WebP of an EXR of one layer, as it looks on black, in colours of sRGB.
 * Blender's colour is multiplied by alpha already, so alpha is simply left away; `-alpha remove` would multiply once more.
 * Version 7 takes the EXR for sRGB unless told that it is linear.
 */
export function opaquePreviewArguments(
  program: string,
  exrPath: string,
  outPath: string,
  options: { width: number; exposure: number; quality: number },
): [string, ...string[]] {
  return [
    program,
    ...Object.entries(LIMITS).flatMap(([name, value]) => ["-limit", name, value]),
    `exr:${exrPath}`,
    ...["-set", "colorspace", "RGB", "-alpha", "off", "-resize", `${options.width}x`],
    ...(options.exposure === 0 ? [] : ["-evaluate", "multiply", String(2 ** options.exposure)]),
    ...["-colorspace", "sRGB", "-depth", "8", "-strip", "-quality", String(options.quality), `webp:${outPath}`],
  ];
}
