import { memorySource } from "#formats/exr/byte-source.ts";
import { checkExr, type ExrSummary } from "#formats/exr/check.ts";
import { readExrPixels } from "./exr-pixels.ts";

export type Rgba = [red: number, green: number, blue: number, alpha: number];

/** A rendered frame: what its header says, and its pixels, from the top left. */
export type Picture = ExrSummary & {
  at: (x: number, y: number) => Rgba;
  /** The pixel in the middle. */
  middle: Rgba;
  /** All values of a channel, line by line. */
  channel: (name: string) => Float32Array;
  /** What Blender noted in the file: `Scene`, `Camera`, `Frame`, `cycles.<layer>.samples` … */
  notes: ReadonlyMap<string, string>;
};

/** Reads an EXR; throws when it is not whole. */
export async function readPicture(bytes: Uint8Array): Promise<Picture> {
  const summary = await checkExr(memorySource(bytes));
  const { width, channels } = await readExrPixels(bytes);
  const channel = (name: string): Float32Array => {
    const values = channels.get(name);
    if (!values) throw new Error(`no channel ${name} among ${[...channels.keys()].join(", ")}`);
    return values;
  };
  const at = (x: number, y: number): Rgba => ["R", "G", "B", "A"].map((name) => channel(name)[y * width + x]!) as Rgba;
  const middle = at(summary.width >> 1, summary.height >> 1);
  return { ...summary, at, middle, channel, notes: summary.parts[0]!.texts };
}
