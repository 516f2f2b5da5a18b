import { BlendError } from "./error.ts";
import type { Scan } from "./scan.ts";

/**
 * How a block head is laid out: to 2.4x and on 32-bit builds `BHead4`, then `BHead8`, and from 5.0 on `LargeBHead8`, with
 * 64-bit lengths and another order of fields. (Blender: `BLO_core_bhead.hh`)
 */
export type BlockHeadLayout = "BHead4" | "BHead8" | "LargeBHead8";

export type BlendHeader = {
  /** As Blender counts: 279 is 2.79, 304 is 3.4, 502 is 5.2. */
  version: number;
  layout: BlockHeadLayout;
  pointerBytes: 4 | 8;
  littleEndian: boolean;
};

/** The number of the large layout in the headers of 5.0 and later; another number will be another layout. */
const LARGE_LAYOUT_FORMAT = 1;
const SHORT_HEADER_BYTES = 12;
const LONG_HEADER_BYTES = 17;

/**
 * Reads the file's first bytes: `BLENDER-v304` to 4.5 (`-` 64-bit or `_` 32-bit, `v` little or `V` big endian), and
 * `BLENDER17-01v0502` from 5.0 on (length of the header, format, version). Throws `not_a_blend` or `unsupported`.
 */
export function* scanHeader(): Scan<BlendHeader> {
  const short = latin1(yield { take: SHORT_HEADER_BYTES });
  const old = /^BLENDER([_-])([vV])(\d{3})/.exec(short);
  if (old) {
    const wide = old[1] === "-";
    return {
      version: Number(old[3]),
      layout: wide ? "BHead8" : "BHead4",
      pointerBytes: wide ? 8 : 4,
      littleEndian: old[2] === "v",
    };
  }
  const start = /^BLENDER(\d\d)-(\d\d)/.exec(short);
  if (!start) throw notABlend();
  const format = Number(start[2]);
  if (format !== LARGE_LAYOUT_FORMAT) {
    throw new BlendError("unsupported", `The .blend has file format ${format}, which this reader does not know.`);
  }
  const version = /^v(\d{4})/.exec(latin1(yield { take: LONG_HEADER_BYTES - SHORT_HEADER_BYTES }));
  if (!version) throw notABlend();
  yield { skip: Math.max(0, Number(start[1]) - LONG_HEADER_BYTES) };
  return { version: Number(version[1]), layout: "LargeBHead8", pointerBytes: 8, littleEndian: true };
}

/** `279` as people write it: "2.79"; from 3.0 on the minor version has no leading zero: "3.4", "4.5", "5.2". */
export function versionName(version: number): string {
  const major = Math.floor(version / 100);
  const minor = version % 100;
  return `${major}.${major < 3 ? String(minor).padStart(2, "0") : minor}`;
}

export function notABlend(): BlendError {
  return new BlendError("not_a_blend", "This is not a .blend file.");
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
