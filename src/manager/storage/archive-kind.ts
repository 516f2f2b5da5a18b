import { TAR_BLOCK_BYTES, isTarHeader } from "./archive-tar.ts";
import { decompress } from "./decompress.ts";
import type { FileSource } from "./file-source.ts";

/** What can be uploaded: a .blend (plain or compressed by Blender), or a project folder in one file. */
export type UploadKind = "blend" | "zip" | "tar" | "tar.gz" | "tar.zst";

const GZIP_MAGIC = [0x1f, 0x8b];
const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** Tells the kind of a file by its content; null when it is none of them. */
export async function detectUploadKind(source: FileSource): Promise<UploadKind | null> {
  const head = await source.read(0, TAR_BLOCK_BYTES);
  if (startsWith(head, GZIP_MAGIC)) return kindInside(await inflatedHead(source, "gzip"), "tar.gz");
  if (startsWith(head, ZSTD_MAGIC)) return kindInside(await inflatedHead(source, "zstd"), "tar.zst");
  if (isZip(head)) return "zip";
  return kindInside(head, "tar");
}

/** A zip starts with its first file or, when it is empty, with its directory's end. */
function isZip(head: Uint8Array): boolean {
  return startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6]);
}

function kindInside<Tar extends UploadKind>(head: Uint8Array, tar: Tar): Tar | "blend" | null {
  if (startsWith(head, Buffer.from("BLENDER"))) return "blend";
  return isTarHeader(head) ? tar : null;
}

/** The first block of what is inside; shorter, or empty, when it cannot be decompressed so far. */
async function inflatedHead(source: FileSource, compression: "gzip" | "zstd"): Promise<Uint8Array> {
  let head = Buffer.alloc(0);
  try {
    for await (const chunk of decompress(source.stream(), compression)) {
      head = Buffer.concat([head, chunk.subarray(0, TAR_BLOCK_BYTES)]);
      if (head.byteLength >= TAR_BLOCK_BYTES) break;
    }
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw error; // the disk's fault, not the file's
    return head;
  }
  return head;
}

function startsWith(bytes: Uint8Array, magic: ArrayLike<number>): boolean {
  for (let at = 0; at < magic.length; at++) if (bytes[at] !== magic[at]) return false;
  return true;
}
