import { DIFFUSE_WHITE_NITS } from "#formats/color/hlg-lut.ts";
import type { FfmpegAbilities } from "./abilities.ts";

export type PreviewOptions = {
  /** In pixels; the height follows. */
  width: number;
  /** Whether a viewer shall see the alpha of the picture; else it lies on black. */
  hasAlpha: boolean;
  /** The layer to show, of an EXR that has several. */
  layer: string | null;
  /** The exposure of the scene's view, in stops. */
  exposure: number;
};

const LINEAR = "tin=linear:t=linear:pin=bt709:p=bt709:min=gbr:m=gbr:rin=full:r=full";
const SRGB = "tin=iec61966-2-1:t=iec61966-2-1:pin=bt709:p=bt709:min=gbr:m=gbr:rin=full:r=full";
const FULL_RANGE = "min=gbr:m=gbr:rin=full:r=full";

/** Quality of WebP from 0 to 100; 85 shows no difference at the size of a preview. */
export const WEBP_QUALITY = 85;

/** How hard the encoder tries, from 0 to 6: half the time of the usual 4, for files a few percent larger. */
const WEBP_EFFORT = 2;

/**
 * Returns the arguments by which FFmpeg makes a WebP of an EXR, in colours of sRGB, with straight alpha where it has some. `lut` is a file
 * with the table of formats/color/preview-lut.ts, in the folder where FFmpeg runs; its name must need no escaping.
 */
export function previewArguments(
  ffmpeg: FfmpegAbilities,
  files: { exr: string; lut: string; output: string },
  options: PreviewOptions,
): [string, ...string[]] {
  const { layer, hasAlpha, width, exposure } = options;
  const colour = toSrgb(files.lut, exposure);
  const chain = hasAlpha ? alphaChain(width, colour, ffmpeg.hasAlphaModes) : opaqueChain(width, colour);
  return [
    ffmpeg.path,
    ...["-hide_banner", "-nostdin", "-loglevel", "error", "-xerror", "-y"],
    ...(layer === null ? [] : ["-layer", layer]),
    ...["-f", "exr_pipe", "-i", files.exr, "-filter_complex", chain, "-frames:v", "1"],
    ...["-c:v", "libwebp", "-quality", String(WEBP_QUALITY), "-compression_level", String(WEBP_EFFORT)],
    ...["-f", "webp", files.output],
  ];
}

/** Light is scaled, not its code: the picture is made smaller while it is linear, and stays in floats, which hold more than white. */
function scaled(width: number): string {
  return `zscale=${LINEAR}:w=${width}:h=-1:f=spline36`;
}

/** By way of PQ, for which zscale computes with floats beyond 1.0; the table leads from there to sRGB. */
function toSrgb(lut: string, exposure: number): string {
  const nits = DIFFUSE_WHITE_NITS * 2 ** exposure;
  return [
    `zscale=tin=linear:pin=bt709:min=gbr:rin=full:t=smpte2084:p=bt709:m=gbr:r=full:npl=${nits}:agamma=0`,
    `lut1d=file=${lut}:interp=linear`,
    `zscale=${SRGB},format=gbrp`,
  ].join(",");
}

function opaqueChain(width: number, colour: string): string {
  return `${scaled(width)},format=gbrapf32le|gbrpf32le,${colour}`;
}

/**
 * Colour and alpha go apart: only colour is turned into sRGB, and only after it was divided by alpha. Alpha is carried as three
 * colours, which zscale keeps at full range. FFmpeg 9 would multiply again around the transfer function, unless told that this is done.
 */
function alphaChain(width: number, colour: string, hasAlphaModes: boolean): string {
  const divided = `unpremultiply=inplace=1${hasAlphaModes ? ",setparams=alpha_mode=premultiplied" : ""}`;
  return [
    `${scaled(width)},format=gbrapf32le,split[colour][alpha]`,
    `[colour]${divided},${colour}[c]`,
    `[alpha]shuffleplanes=3:3:3:3,zscale=${FULL_RANGE},format=gbrp[a]`,
    "[c][a]mergeplanes=0x00010210:gbrap,format=rgba",
  ].join(";");
}
