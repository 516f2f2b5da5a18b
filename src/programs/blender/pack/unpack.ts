import { createReadStream } from "node:fs";
import { link, lstat, mkdir, open, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { extract, type Header } from "tar-stream";
import { XzReadableStream } from "xz-decompress";
import { XZ_MAGIC } from "#formats/xz.ts";
import { BadBlenderArchive, createCounter, entryPath, linkTarget } from "./entry.ts";

const NO_ARCHIVE = "This is no archive of a Blender: it is no .tar.xz, .tar.gz, .tar.zst or .tar.";
const CUT_OFF = "The archive is cut off before its end; get it anew.";
const DAMAGED = "The archive is damaged; get it anew.";

/** The first bytes of what is compressed. */
const MAGIC = { xz: XZ_MAGIC, gzip: "\x1f\x8b", zstd: "\x28\xb5\x2f\xfd" };

/** How the decoder of xz ends what it says when its input does; it has no codes but those of the library. */
const XZ_CUT_OFF = "error code 8";

/** How far an unpacking is: bytes of the archive that were read. */
export type UnpackProgress = (readBytes: number) => void;

/** A link that is made at the end, so that nothing is ever written through one. */
type Link = { path: string; target: string; hard: boolean };

/**
 * Unpacks a packed Blender (.tar.xz, .tar.gz, .tar.zst or .tar) into an empty folder, in constant memory. Files, folders and links that
 * stay inside are taken, with the right to be run and no other; anything else, and what is damaged or cut, is a `BadBlenderArchive`.
 * Returns the bytes of all files.
 */
export async function unpackBlender(archive: string, folder: string, onProgress: UnpackProgress): Promise<number> {
  const tar = extract();
  const counter = createCounter();
  const links: Link[] = [];
  const source = Readable.from(ended(await inflated(archive, onProgress)), { objectMode: false });
  // What the tar hears of it may be only that its source is gone.
  let cause: unknown = null;
  source.on("error", (error) => tar.destroy((cause = error)));
  tar.on("close", () => source.destroy());
  source.pipe(tar);
  let isTar = false;
  try {
    for await (const entry of tar) {
      isTar = true;
      counter.entry(entry.header.size ?? 0);
      await take(entry.header, entry as AsyncIterable<Uint8Array>, folder, links);
      entry.resume();
    }
    for (const one of links) await makeLink(one, folder);
  } catch (error) {
    const why = cause ?? error;
    throw !isTar && (await mayBeNoArchive(archive, why)) ? new BadBlenderArchive(NO_ARCHIVE) : archiveError(why);
  }
  return counter.bytes();
}

async function take(header: Header, content: AsyncIterable<Uint8Array>, folder: string, links: Link[]): Promise<void> {
  const path = entryPath(header.name);
  if (path === null) return;
  switch (header.type) {
    case "directory":
      return void (await mkdir(join(folder, path), { recursive: true }));
    case "symlink":
      return void links.push({ path, target: linkTarget(path, header.linkname ?? ""), hard: false });
    case "link":
      return void links.push({ path, target: entryPath(header.linkname ?? "") ?? "", hard: true });
    case "file":
    case "contiguous-file":
      return writeFile(join(folder, path), content, ((header.mode ?? 0) & 0o111) !== 0);
    default:
      throw new BadBlenderArchive(`"${path}" in the archive is a ${header.type}, which no Blender has.`);
  }
}

async function writeFile(path: string, content: AsyncIterable<Uint8Array>, executable: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "wx", executable ? 0o755 : 0o644);
  try {
    for await (const piece of content)
      for (let at = 0; at < piece.length;) at += (await file.write(piece, at)).bytesWritten;
  } finally {
    await file.close();
  }
}

async function makeLink({ path, target, hard }: Link, folder: string): Promise<void> {
  const place = join(folder, path);
  await mkdir(dirname(place), { recursive: true });
  if (!hard) return symlink(target, place);
  if (!(await lstat(join(folder, target))).isFile())
    throw new BadBlenderArchive(`"${path}" in the archive is a link to what is no file.`);
  await link(join(folder, target), place);
}

/** The tar, by what the archive's first bytes say of its compression. */
async function inflated(archive: string, onProgress: UnpackProgress): Promise<AsyncIterable<Uint8Array>> {
  const head = await headOf(archive);
  const { size } = await stat(archive);
  let read = 0;
  const file = createReadStream(archive, { highWaterMark: 1024 * 1024 });
  file.on("data", (piece) => onProgress(Math.min(size, (read += piece.length))));
  file.pause();
  if (head.startsWith(MAGIC.xz))
    return pieces(new XzReadableStream(Readable.toWeb(file) as ReadableStream<Uint8Array>));
  if (head.startsWith(MAGIC.gzip)) return file.pipe(createGunzip()) as AsyncIterable<Uint8Array>;
  if (head.startsWith(MAGIC.zstd)) return file.pipe(createZstdDecompress()) as AsyncIterable<Uint8Array>;
  return file as AsyncIterable<Uint8Array>;
}

async function headOf(archive: string): Promise<string> {
  return Buffer.from(await Bun.file(archive).slice(0, 6).arrayBuffer()).toString("latin1");
}

/** The decoder hands out one buffer again and again, so what is kept must be copied. */
async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) yield piece.slice();
}

/** A tar ends in blocks of zeros; one that does not was cut off, which between two entries nothing else would tell. */
async function* ended(tar: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let last: Uint8Array = new Uint8Array();
  for await (const piece of tar) {
    last = Buffer.concat([last, piece]).subarray(-512);
    yield piece;
  }
  if (last.length < 512 || last.some((byte) => byte !== 0)) throw new BadBlenderArchive(CUT_OFF);
}

/** Whether what held no entry is something else, rather than the cut or damaged start of an archive. */
async function mayBeNoArchive(archive: string, error: unknown): Promise<boolean> {
  if (error instanceof Error && error.message.startsWith("Invalid tar header")) return true;
  const head = await headOf(archive);
  return error instanceof BadBlenderArchive && !Object.values(MAGIC).some((magic) => head.startsWith(magic));
}

/**
 * What the system says has an `errno`: only of these is the archive the cause, for it has a name twice or a link to nothing. Those of zlib
 * and zstd, which have one too, are of what cannot be decompressed.
 */
function archiveError(error: unknown): unknown {
  if (error instanceof BadBlenderArchive) return error;
  const { code, errno, message = "" } = error as { code?: unknown; errno?: unknown; message?: string };
  if (["EEXIST", "ENOTDIR", "EISDIR", "ENOENT", "ELOOP"].includes(String(code)))
    return new BadBlenderArchive("The archive has a file twice, or a link to nothing; no Blender has.", {
      cause: error,
    });
  if (errno !== undefined && !/^(Z|ZSTD)_/.test(String(code))) return error;
  const isCut = code === "Z_BUF_ERROR" || message === "Unexpected end of data" || message.endsWith(XZ_CUT_OFF);
  return new BadBlenderArchive(isCut ? CUT_OFF : DAMAGED, { cause: error });
}
