import type { BlendFile } from "./blend-file.ts";
import { BlockIndex } from "./block-index.ts";
import { type BlendBlocks, scanBlocks } from "./blocks.ts";
import { versionName } from "./header.ts";
import { type Compression, compressionOf, HEAD_BYTES, inflate } from "./inflate.ts";
import { type BlendLimits, DEFAULT_LIMITS } from "./limits.ts";
import { filesOf } from "./files.ts";
import { unbakedPhysics } from "./physics.ts";
import { scanBlob, scanChunks } from "./scan.ts";
import { sceneOf } from "./scene.ts";
import { scriptsOf } from "./scripts.ts";
import { simulationsOf } from "./simulations.ts";
import { localDatablocks } from "./struct.ts";
import { type Thumbnail, thumbnailOf } from "./thumbnail.ts";

export type BlendReading = { file: BlendFile; thumbnail: Thumbnail | null };

/**
 * Reads a .blend of any Blender from 2.41 to 5.x out of a stream, in memory that does not grow with the file, without
 * Blender, and without running anything in it. The stream is read to its end. Throws a `BlendError` for what is no whole
 * .blend, and what the stream itself throws.
 */
export async function readBlend(
  chunks: AsyncIterable<Uint8Array>,
  limits: Partial<BlendLimits> = {},
): Promise<BlendReading> {
  const allLimits = { ...DEFAULT_LIMITS, ...limits };
  const source = chunks[Symbol.asyncIterator]();
  try {
    const head = await firstBytes(source, HEAD_BYTES);
    const compression = compressionOf(head);
    const content = inflate(rejoined(head, source), compression, allLimits);
    return interpret(await scanChunks(scanBlocks(allLimits), content), compression, allLimits);
  } finally {
    await source.return?.();
  }
}

/**
 * The same for a file on disk (`Bun.file(path)`) or any other Blob. Of an uncompressed one it reads little more than the
 * block heads, and jumps over meshes and packed images.
 */
export async function readBlendFile(file: Blob, limits: Partial<BlendLimits> = {}): Promise<BlendReading> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (compressionOf(head) !== "none") return readBlend(file.stream(), limits);
  const allLimits = { ...DEFAULT_LIMITS, ...limits };
  return interpret(await scanBlob(scanBlocks(allLimits), file), "none", allLimits);
}

function interpret(blocks: BlendBlocks, compression: Compression, limits: BlendLimits): BlendReading {
  const index = new BlockIndex(blocks, limits.steps);
  const { version, pointerBytes, littleEndian } = index.header;
  const [global] = localDatablocks(index, "GLOB");
  const simulations = simulationsOf(index);
  const file: BlendFile = {
    version: versionName(version),
    versionNumber: version,
    subversion: global?.number("subversion") ?? null,
    compression,
    pointerBytes,
    endianness: littleEndian ? "little" : "big",
    activeScene: global?.datablock("curscene")?.idName ?? null,
    scenes: localDatablocks(index, "SC").map((scene) => sceneOf(scene, version)),
    files: filesOf(index, simulations),
    scripts: scriptsOf(index),
    physics: unbakedPhysics(simulations),
    partial: blocks.partial,
  };
  return { file, thumbnail: thumbnailOf(index) };
}

/** Whole chunks from a stream's start, at least as many bytes as asked for unless it ends before. */
async function firstBytes(source: AsyncIterator<Uint8Array>, bytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await source.next();
    if (next.done) break;
    chunks.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(chunks);
}

async function* rejoined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
