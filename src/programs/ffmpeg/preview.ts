import type { FfmpegAbilities } from "./abilities.ts";

export type PreviewOptions = {
  /** In pixels; the height follows. */
  width: number;
  /** Whether the picture has an alpha channel that a viewer shall see. */
  hasAlpha: boolean;
  /** The names of the EXR's layers; empty for a plain RGB or RGBA one. */
  layers: readonly string[];
};

const LINEAR = "tin=linear:t=linear:pin=bt709:p=bt709:min=gbr:m=gbr:rin=full:r=full";
const SRGB = "tin=linear:t=iec61966-2-1:pin=bt709:p=bt709:min=gbr:m=gbr:rin=full:r=full";
const FULL_RANGE = "min=gbr:m=gbr:rin=full:r=full";

/** Quality of WebP from 0 to 100; 85 shows no difference at the size of a preview. */
export const WEBP_QUALITY = 85;

/** Returns the arguments by which FFmpeg makes a WebP of an EXR, in colours of sRGB, with straight alpha where it has some. */
export function previewArguments(
  ffmpeg: FfmpegAbilities,
  exrPath: string,
  outPath: string,
  options: PreviewOptions,
): [string, ...string[]] {
  const layer = shownLayer(options.layers);
  return [
    ffmpeg.path,
    ...["-hide_banner", "-nostdin", "-loglevel", "error", "-xerror", "-y"],
    ...(layer === null ? [] : ["-layer", layer]),
    ...["-f", "exr_pipe", "-i", exrPath],
    ...[
      "-filter_complex",
      options.hasAlpha ? alphaChain(options.width, ffmpeg.hasAlphaModes) : opaqueChain(options.width),
    ],
    ...["-frames:v", "1", "-c:v", "libwebp", "-quality", String(WEBP_QUALITY), "-f", "webp", outPath],
  ];
}

/** A file of several layers is shown by its picture, which Blender calls Combined. */
function shownLayer(layers: readonly string[]): string | null {
  return layers.find((name) => name.endsWith("Combined")) ?? layers[0] ?? null;
}

/** Light is scaled, not its code: the picture is made smaller while it is linear, and stays in floats, which hold more than white. */
function scaled(width: number): string {
  return `zscale=${LINEAR}:w=${width}:h=-1:f=spline36`;
}

function opaqueChain(width: number): string {
  return `${scaled(width)},format=gbrapf32le|gbrpf32le|grayf32le,zscale=${SRGB},format=gbrp`;
}

/**
 * Colour and alpha go apart: only colour is turned into sRGB, and only after it was divided by alpha. Alpha is carried as three
 * colours, which zscale keeps at full range. FFmpeg 9 would multiply again around the transfer function, unless told that this is done.
 */
function alphaChain(width: number, hasAlphaModes: boolean): string {
  const divided = `unpremultiply=inplace=1${hasAlphaModes ? ",setparams=alpha_mode=premultiplied" : ""}`;
  return [
    `${scaled(width)},format=gbrapf32le,split[colour][alpha]`,
    `[colour]${divided},zscale=${SRGB},format=gbrp[c]`,
    `[alpha]shuffleplanes=3:3:3:3,zscale=${FULL_RANGE},format=gbrp[a]`,
    "[c][a]mergeplanes=0x00010210:gbrap,format=rgba",
  ].join(";");
}
