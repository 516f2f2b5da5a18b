// IVF files whose frames begin as VP9 frames do; behind that they are counted-up bytes, by which a test knows them again.
import { memorySource, type ByteSource } from "#formats/exr/byte-source.ts";
import { ivfFrameHeader, ivfHeader } from "#formats/ivf.ts";

const KEY = Uint8Array.of(0b1001_0010, 0x49, 0x83, 0x42, 0b0_101_1_000);
const OTHER = Uint8Array.of(0b1001_0110, 0, 0, 0, 0);

/** The bytes of a frame, which are at least five. */
export function vp9Frame(number: number, isKey: boolean, size = 16, seed = 0): Uint8Array {
  const bytes = Uint8Array.from({ length: size }, (_, at) => (number * 7 + at + seed) % 256);
  bytes.set(isKey ? KEY : OTHER);
  return bytes;
}

export type Vp9Film = { frames: number; keyEvery: number; seed?: number; size?: (frame: number) => number };

/** A VP9 film of 320 x 180. */
export function vp9Ivf({ frames, keyEvery, seed = 0, size = () => 16 }: Vp9Film): ByteSource {
  const parts = Array.from({ length: frames }, (_, number) => {
    const bytes = vp9Frame(number, number % keyEvery === 0, size(number), seed);
    return [ivfFrameHeader(bytes.byteLength, number), bytes];
  });
  const header = ivfHeader({ codec: "VP90", width: 320, height: 180, frameCount: frames });
  return memorySource(Buffer.concat([header, ...parts.flat()]));
}
