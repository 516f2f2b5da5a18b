import { AppError } from "#domain/app-error.ts";
import { readMp4 } from "#formats/mp4/read.ts";
import { readWebm } from "#formats/webm/read.ts";
import { openFileSource, type FileSource } from "#manager/storage/file-source.ts";

/** With what each kind of file begins, and where. */
const MAGIC: Readonly<Record<string, { at: number; bytes: string }>> = {
  mp4: { at: 4, bytes: Buffer.from("ftyp").toString("hex") },
  avif: { at: 4, bytes: Buffer.from("ftyp").toString("hex") },
  webm: { at: 0, bytes: "1a45dfa3" },
  flac: { at: 0, bytes: Buffer.from("fLaC").toString("hex") },
};

/**
 * Looks whether a file is what its name says: its container, and of a video that it holds as many pictures as there are frames. The runner
 * has compared the pictures themselves with the frames. Throws `bad_frame`.
 */
export async function checkReceivedVideo(path: string, name: string, frames: number): Promise<void> {
  await using source = await openFileSource(path);
  const kind = name.slice(name.lastIndexOf(".") + 1);
  const magic = MAGIC[kind];
  if (!magic) throw bad(name, "it is no video");
  const head = Buffer.from(await source.read(magic.at, magic.bytes.length / 2)).toString("hex");
  if (head !== magic.bytes) throw bad(name, `it does not begin as ${kind.toUpperCase()} does`);
  const counts = await pictureCounts(source, kind).catch((error: unknown) => {
    throw bad(name, error instanceof Error ? error.message : String(error));
  });
  const wrong = counts.find((count) => count !== frames);
  if (wrong !== undefined) throw bad(name, `it has ${wrong} pictures, and the job ${frames} frames`);
}

/** How many pictures each track of them has. An AVIF of one picture has no tracks, and sound has no pictures. */
async function pictureCounts(source: FileSource, kind: string): Promise<number[]> {
  if (kind === "flac") return [];
  if (kind === "webm") {
    const { tracks } = await readWebm(source);
    return atLeastOne(tracks.filter(({ isVideo }) => isVideo).map(({ blocks }) => blocks));
  }
  const tracks = (await readMp4(source)).filter(({ handler }) => handler !== "soun").map(({ samples }) => samples);
  return kind === "avif" ? tracks : atLeastOne(tracks);
}

function atLeastOne(counts: number[]): number[] {
  if (counts.length === 0) throw new Error("it has no pictures");
  return counts;
}

function bad(name: string, why: string): AppError {
  return new AppError("bad_frame", `${name} is not taken: ${why}.`);
}
