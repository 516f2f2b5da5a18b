import { pipeline, Readable, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { BlendError, damaged, tooLarge, truncated } from "./error.ts";
import { notABlend } from "./header.ts";
import { type BlendLimits, FREE_INFLATED_BYTES } from "./limits.ts";

export type Compression = "none" | "gzip" | "zstd";

/** As many bytes of a file's start as `compressionOf` looks at. */
export const HEAD_BYTES = 64;

const INFLATED_CHUNK_BYTES = 2 ** 20;

/**
 * Says by its first bytes, never by its name, how a file is compressed: Blender's "Compress File" wrote gzip to 2.93 and
 * writes zstd since 3.0. Throws `empty`, `git_lfs_pointer` or `not_a_blend` for what is no .blend at all.
 */
export function compressionOf(head: Uint8Array): Compression {
  if (head.length === 0) throw new BlendError("empty", "The file is empty.");
  const start = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  if (start.startsWith("\x1f\x8b")) return "gzip";
  if (start.startsWith("\x28\xb5\x2f\xfd")) return "zstd";
  if (start.startsWith("BLENDER")) return "none";
  if ("BLENDER".startsWith(start)) throw truncated();
  if (start.startsWith("version https://git-lfs")) {
    throw new BlendError(
      "git_lfs_pointer",
      "This is a Git LFS pointer, not the .blend itself: fetch it with `git lfs pull`.",
    );
  }
  throw notABlend();
}

/**
 * The file's content as Blender wrote it. All gzip members and zstd frames are read on (Blender writes a zstd frame per
 * megabyte and a seek table, a skippable frame, behind them), and no more is inflated than is taken. Throws `too_large` over
 * the limits, `damaged` for what does not inflate, and passes on what `chunks` itself throws.
 */
export async function* inflate(
  chunks: AsyncIterable<Uint8Array>,
  compression: Compression,
  limits: BlendLimits,
): AsyncGenerator<Uint8Array> {
  let stored = 0;
  let inflated = 0;

  async function* counted() {
    for await (const chunk of chunks) {
      stored += chunk.length;
      yield chunk;
    }
  }

  const content = compression === "none" ? counted() : through(counted(), inflater(compression));
  for await (const chunk of content) {
    inflated += chunk.length;
    if (inflated > limits.inflatedBytes) throw tooLarge("its content is over the size limit");
    if (inflated > Math.max(FREE_INFLATED_BYTES, stored * limits.inflateRatio)) {
      throw tooLarge("it is compressed more than any scene, as files made to fill a disk are");
    }
    yield chunk;
  }
}

function inflater(compression: "gzip" | "zstd"): Transform {
  return compression === "gzip"
    ? createGunzip({ chunkSize: INFLATED_CHUNK_BYTES })
    : createZstdDecompress({ chunkSize: INFLATED_CHUNK_BYTES });
}

async function* through(chunks: AsyncIterable<Uint8Array>, stream: Transform): AsyncGenerator<Uint8Array> {
  pipeline(Readable.from(chunks), stream, () => {}); // the loop below hears of the errors
  try {
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    throw inflateError(error);
  } finally {
    stream.destroy();
  }
}

/** zlib's error codes start with `Z_` for gzip and with `ZSTD_` for zstd; Z_BUF_ERROR is the input's end before the data's. */
function inflateError(cause: unknown): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "Z_BUF_ERROR") return truncated({ cause });
  if (code.startsWith("Z_") || code.startsWith("ZSTD_"))
    return damaged("its compressed data does not inflate", { cause });
  return cause;
}
