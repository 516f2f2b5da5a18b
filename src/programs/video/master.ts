import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { hlgLut } from "#formats/color/hlg-lut.ts";
import { alphaReportOf, convertArguments, tellsOfAlpha, type MasterKind } from "../ffmpeg/convert.ts";
import { MASTER_LIST, masterList } from "../ffmpeg/encoding.ts";
import { LUT_FILE } from "../ffmpeg/filters.ts";
import { sampleFrames } from "./check/sample-frames.ts";
import { expectSameShape, readFrame, type FrameShape } from "./frame-shape.ts";
import type { Making } from "./making.ts";
import { forEachOf, Turns } from "./together.ts";
import { VideoError } from "./video-error.ts";

/** Frames in one piece of the master: few enough that little is lost with one, many enough that starting FFmpeg costs nothing. */
const PIECE_FRAMES = 60;

/** One conversion keeps between one and two cores busy. */
const CORES_PER_CONVERSION = 2;
const MOST_CONVERSIONS = 4;

/** The frames of so many pieces are fetched while others are converted. */
const PIECES_AHEAD = 1;

/**
 * Converts all frames into the lossless master, piece by piece, each as soon as its frames are there. Returns whether any pixel is not
 * opaque.
 */
export async function makeMaster(making: Making, kind: MasterKind, first: FrameShape): Promise<boolean> {
  const { order, workspace, signal, meter } = making;
  const pieces = Math.ceil(order.frames.length / PIECE_FRAMES);
  await writeFile(workspace.path(LUT_FILE), hlgLut());
  const converted = new Map<number, number>();
  const note = (piece: number, frames: number): number => {
    converted.set(piece, frames);
    return [...converted.values()].reduce((sum, each) => sum + each, 0);
  };
  const turns = new Turns(conversionsAtOnce());
  const convert = async (piece: number, either: AbortSignal): Promise<void> => {
    if (await workspace.isDone(pieceName(piece))) {
      return meter.skip("converting", null, note(piece, framesOf(making, piece).length));
    }
    const onFrame = (frames: number): void => meter.at("converting", null, note(piece, frames));
    const conversion = { kind, first, onFrame };
    await workspace.step(pieceName(piece), async () => {
      await preparePiece(making, piece, first, either);
      await turns.take(() => convertPiece(making, piece, conversion, either));
    });
    for (const frame of framesOf(making, piece)) await making.releaseFrame(frame);
  };
  await forEachOf(pieces, conversionsAtOnce() + PIECES_AHEAD, convert, signal);
  const names = Array.from({ length: pieces }, (_, piece) => pieceFile(piece));
  await writeFile(workspace.path(MASTER_LIST), masterList(names));
  if (kind !== "alpha") return false;
  for (const name of names) if (tellsOfAlpha(await readFile(workspace.path(alphaReportOf(name)), "utf8"))) return true;
  return false;
}

/** The most frames whose files have to be there at the same time while a video is made. */
export function framesAtOnce(): number {
  return PIECE_FRAMES * (conversionsAtOnce() + PIECES_AHEAD) + sampleFrames(Number.MAX_SAFE_INTEGER).length;
}

function conversionsAtOnce(): number {
  return Math.min(MOST_CONVERSIONS, Math.max(1, Math.floor(availableParallelism() / CORES_PER_CONVERSION)));
}

type Conversion = { kind: MasterKind; first: FrameShape; onFrame: (frames: number) => void };

/** FFmpeg ends without an error where a number is missing in a sequence, so the frames get numbers of their own, and are counted. */
async function preparePiece(making: Making, piece: number, first: FrameShape, signal: AbortSignal): Promise<void> {
  const { order, workspace } = making;
  const folder = workspace.path(pieceName(piece));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const [at, frame] of framesOf(making, piece).entries()) {
    signal.throwIfAborted();
    const path = order.frames[frame]!;
    await making.fetchFrame(frame);
    expectSameShape(path, await readFrame(path), first);
    await symlink(path, join(folder, `f_${String(at + 1).padStart(6, "0")}.exr`));
  }
}

async function convertPiece(
  making: Making,
  piece: number,
  { kind, first, onFrame }: Conversion,
  signal: AbortSignal,
): Promise<void> {
  const { order, workspace, ffmpeg, tools } = making;
  const folder = pieceName(piece);
  const wanted = framesOf(making, piece).length;
  const conversion = { folder, kind, size: first, rate: order.rate, layer: first.layer, exposure: order.exposure };
  const argv = convertArguments(tools.ffmpeg, { ...conversion, output: pieceFile(piece) });
  const done = await ffmpeg.run(argv, { signal, onFrame });
  if (done.frames !== wanted) {
    throw new VideoError("bad_output", `Of ${wanted} frames FFmpeg could read ${done.frames}.`);
  }
  await rm(workspace.path(folder), { recursive: true, force: true });
}

/** The numbers of the frames of a piece. */
function framesOf({ order }: Making, piece: number): number[] {
  const start = piece * PIECE_FRAMES;
  const count = Math.min(PIECE_FRAMES, order.frames.length - start);
  return Array.from({ length: count }, (_, at) => start + at);
}

function pieceName(piece: number): string {
  return `piece-${String(piece + 1).padStart(5, "0")}`;
}

function pieceFile(piece: number): string {
  return `${pieceName(piece)}.mkv`;
}
