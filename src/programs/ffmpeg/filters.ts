import { DIFFUSE_WHITE_NITS } from "#formats/color/hlg-lut.ts";

/** The name of the file with the table of formats/color/hlg-lut.ts, in the folder where FFmpeg runs. */
export const LUT_FILE = "hlg.cube";

/** Cuts off the last column and line of an odd picture: 4:2:0 has colour for every second one. Padding would convert, and so clip. */
export const EVEN = "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0";

/** Names what an EXR is, which FFmpeg does not know: linear light of BT.709 primaries. Half floats become single ones, as later filters need. */
const LINEAR = "zscale=tin=linear:t=linear:pin=bt709:p=bt709:min=gbr:m=gbr:rin=full:r=full";

/** Filters that have their own idea of what multiplied alpha is would multiply once more, were they not told that this is done. */
const IS_PREMULTIPLIED = "setparams=alpha_mode=premultiplied";

/** From linear light to ten bits of HLG. */
export type ColorTransform = {
  /** By how much light is multiplied. */
  gain: number;
  /** Whether this FFmpeg's frames say how they stand to their alpha. */
  hasAlphaModes: boolean;
};

/** The light of an EXR as the first filter of all; with alpha as four planes of single floats. */
export function linearLight(hasAlpha: boolean): string {
  return `${LINEAR},format=${hasAlpha ? "gbrapf32le" : "gbrpf32le"}`;
}

/** Divides colour by alpha, in linear light, where it was multiplied. Colour without alpha, as of a glow, stays. */
export function straight({ hasAlphaModes }: ColorTransform): string {
  return `unpremultiply=inplace=1${hasAlphaModes ? `,${IS_PREMULTIPLIED}` : ""}`;
}

/**
 * Scene-referred HLG (ITU-R BT.2100) of BT.2020: by way of PQ, for which zscale computes with floats beyond 1.0, and a table that leads from
 * there to HLG. `npl` is where a linear 1.0 goes, and so also where the gain has its place; `agamma=0` keeps zscale from approximations.
 */
export function hlg({ gain }: ColorTransform): string {
  const nits = DIFFUSE_WHITE_NITS * gain;
  return [
    `zscale=tin=linear:pin=bt709:min=gbr:rin=full:t=smpte2084:p=bt2020:m=gbr:r=full:npl=${nits}:agamma=0`,
    `lut1d=file=${LUT_FILE}:interp=linear`,
    "zscale=tin=arib-std-b67:pin=bt2020:min=gbr:rin=full:t=arib-std-b67:p=bt2020:m=bt2020nc:r=full:c=left",
    "format=yuv420p10le",
  ].join(",");
}

/** Alpha as luma. It goes as three equal colours, which is the one way on which no FFmpeg brings it to a limited range. */
export const ALPHA_AS_LUMA = "shuffleplanes=3:3:3:3,zscale=min=gbr:m=bt2020nc:rin=full:r=full,format=yuv420p10le";

/** Eight bits of the same colour, with noise in place of bands. */
export const EIGHT_BITS_DITHERED = "zscale=min=bt2020nc:m=bt2020nc:rin=full:r=full:d=error_diffusion,format=yuv420p";
export const EIGHT_BITS = "zscale=min=bt2020nc:m=bt2020nc:rin=full:r=full,format=yuv420p";

/** Luma of the second input as alpha of the first, plane by plane: `alphamerge` would squeeze the range. The tags are lost on the way. */
export const MERGE_ALPHA = [
  "mergeplanes=0x00010210:yuva420p",
  "setparams=range=pc:color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc",
].join(",");
