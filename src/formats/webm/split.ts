import type { ByteSource } from "../exr/byte-source.ts";
import { ivfFrameHeader, ivfHeader } from "../ivf.ts";
import { readWebm, webmBlocks } from "./read.ts";

/**
 * Takes the colour or the alpha of the first video track out of a WebM, and yields it as an IVF file. FFmpeg before 9 reads 10-bit alpha
 * only so. Throws an Error when there is none.
 */
export async function* splitWebm(file: ByteSource, which: "color" | "alpha"): AsyncGenerator<Uint8Array, undefined> {
  const { tracks } = await readWebm(file);
  const track = tracks.find(({ isVideo }) => isVideo);
  const frameCount = which === "color" ? track?.blocks : track?.alphas;
  if (!track || !frameCount) throw new Error(`The WebM has no ${which}.`);
  const codec = track.codec === "V_VP8" ? "VP80" : "VP90";
  yield ivfHeader({ codec, width: track.width, height: track.height, frameCount });
  for await (const block of webmBlocks(file)) {
    const bytes = which === "color" ? block.data : block.alpha;
    if (block.track !== track.number || !bytes) continue;
    yield ivfFrameHeader(bytes.size, block.timeMs);
    yield await file.read(bytes.offset, bytes.size);
  }
}
