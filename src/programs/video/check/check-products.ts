import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { readMp4 } from "#formats/mp4/read.ts";
import { sampleDigest } from "#formats/mp4/samples.ts";
import { readWebm } from "#formats/webm/read.ts";
import { splitWebm } from "#formats/webm/split.ts";
import { decodeSoundArguments } from "../../ffmpeg/decode.ts";
import { secondsOf } from "../../ffmpeg/mux.ts";
import { withBytes } from "../../open-bytes.ts";
import type { FrameShape } from "../frame-shape.ts";
import type { Making } from "../making.ts";
import type { Product } from "../product.ts";
import { videoSize } from "../streams.ts";
import { VideoError } from "../video-error.ts";
import type { BlockMeans } from "./block-means.ts";
import { worstDeviation } from "./compare.ts";
import { mp4Complaints, webmComplaints, type Wanted } from "./container.ts";
import { decodedPictures, expectedPictures, type StreamToDecode } from "./pictures.ts";
import { sampleFrames } from "./sample-frames.ts";
import { tagComplaints } from "./tags.ts";

/** Sound may end so much before or after the pictures: encoders work on pieces of 20 ms. */
const SOUND_TOLERANCE_SECONDS = 0.03;

/** Alpha of a WebM, taken out of it to be decoded. */
const ALPHA_FILE = "checked.ivf";

/**
 * Looks at files before they are delivered: whether container and streams say what they must, whether every frame is there and can be
 * decoded, and whether some frames look as their EXRs say. Throws a VideoError `bad_output` that tells what is wrong with the first bad one.
 */
export async function checkProducts(making: Making, products: readonly Product[], shape: FrameShape): Promise<void> {
  const samples = sampleFrames(making.order.frames.length);
  const expected = await expectedPictures(making, shape, samples, products[0]?.isOnBlack ?? false);
  for (const product of products) {
    const complaints = await complaintsAbout({ making, shape, samples, expected }, product, products).catch(
      asComplaint,
    );
    if (complaints.length > 0) {
      throw new VideoError("bad_output", `${product.name} did not pass the check: ${complaints.join("; ")}.`);
    }
  }
}

type Checking = { making: Making; shape: FrameShape; samples: readonly number[]; expected: readonly BlockMeans[] };

/** What cannot be read or decoded is as bad as what is wrong; only an abort and a full disk are no fault of the file. */
function asComplaint(error: unknown): string[] {
  if (error instanceof VideoError && (error.reason === "bad_output" || error.reason === "internal"))
    return [withoutDot(error.message)];
  if (error instanceof VideoError || !(error instanceof Error) || error.name === "AbortError") throw error;
  return [withoutDot(error.message)];
}

/** A complaint is a part of a sentence. */
function withoutDot(message: string): string {
  return message.replace(/\.+$/, "");
}

async function complaintsAbout(checking: Checking, product: Product, products: readonly Product[]): Promise<string[]> {
  const { making, shape } = checking;
  const { order, workspace } = making;
  const hasSound = order.sound !== null && product.container !== "avif";
  const wanted: Wanted = { product, frames: order.frames.length, rate: order.rate, size: videoSize(shape), hasSound };
  const path = workspace.path(product.file);
  if (product.container === "avif") {
    const complaints = mp4Complaints(await withBytes(path, readMp4), wanted);
    return complaints.length > 0 ? complaints : copyComplaints(making, product, products[0]!);
  }
  const complaints =
    product.container === "webm"
      ? webmComplaints(await withBytes(path, readWebm), wanted)
      : mp4Complaints(await withBytes(path, readMp4), wanted);
  const tags = await making.ffmpeg.probe(making.tools.ffprobe!, product.file, making.signal);
  complaints.push(...tagComplaints(tags, wanted));
  if (complaints.length > 0) return complaints;
  return [...(await pictureComplaints(checking, product)), ...(await soundComplaints(making, product, wanted))];
}

/** An AVIF must hold the very streams of the video; one with a single picture has no tracks to compare. */
async function copyComplaints({ workspace }: Making, copy: Product, video: Product): Promise<string[]> {
  const digests = (product: Product): Promise<string[]> =>
    withBytes(workspace.path(product.file), async (source) => {
      const pictures = (await readMp4(source)).filter(({ handler }) => handler !== "soun");
      return Promise.all(pictures.map(({ id }) => sampleDigest(source, id)));
    });
  const [found, wanted] = [await digests(copy), await digests(video)];
  return found.every((digest, number) => digest === wanted[number])
    ? []
    : [`its pictures are not those of ${video.name}`];
}

async function pictureComplaints(checking: Checking, product: Product): Promise<string[]> {
  const { making, shape, samples } = checking;
  const { file, bits, hasAlpha, container } = product;
  const decode = (stream: StreamToDecode): Promise<BlockMeans[]> => decodedPictures(making, shape, samples, stream);
  if (bits === 8) {
    const both = await decode({ file, stream: 0, format: "yuva420p", decoder: "libvpx-vp9" });
    return deviations(checking, both, ["y", "cb", "cr", "alpha"]);
  }
  const color = await decode({ file, stream: 0, format: "yuv420p10le", decoder: null });
  const complaints = deviations(checking, color, ["y", "cb", "cr"]);
  if (!hasAlpha) return complaints;
  if (container === "webm") await takeOutAlpha(making, product);
  const alpha = await decode(
    container === "webm"
      ? { file: ALPHA_FILE, stream: 0, format: "yuv420p10le", decoder: null }
      : { file, stream: 1, format: "gray10le", decoder: null },
  );
  const asAlpha = alpha.map((means) => ({ ...means, alpha: means.y }));
  return [...complaints, ...deviations(checking, asAlpha, ["alpha"])];
}

async function takeOutAlpha({ workspace, signal }: Making, { file }: Product): Promise<void> {
  await withBytes(workspace.path(file), (source) =>
    pipeline(splitWebm(source, "alpha"), createWriteStream(workspace.path(ALPHA_FILE)), { signal }),
  );
}

const PLANE_NAMES = { y: "brightness", cb: "blue", cr: "red", alpha: "alpha" } as const;

/** Tells the first frame that is not as it should be; others would say the same. */
function deviations(
  { samples, expected }: Checking,
  found: readonly BlockMeans[],
  planes: readonly (keyof BlockMeans)[],
): string[] {
  for (const [number, means] of found.entries()) {
    const deviation = worstDeviation(expected[number]!, means, planes);
    if (!deviation) continue;
    const [is, shall] = [deviation.found, deviation.expected].map((code) => Math.round(code));
    return [
      `its ${PLANE_NAMES[deviation.plane]} is ${is} of 1023 in frame ${samples[number]! + 1}, and should be ${shall}`,
    ];
  }
  return [];
}

async function soundComplaints(making: Making, product: Product, wanted: Wanted): Promise<string[]> {
  if (!wanted.hasSound) return [];
  const argv = decodeSoundArguments(making.tools.ffmpeg.path, product.file);
  const { seconds } = await making.ffmpeg.run(argv, { signal: making.signal });
  const length = secondsOf(wanted);
  if (Math.abs(seconds - length) <= SOUND_TOLERANCE_SECONDS) return [];
  return [`its sound lasts ${seconds} s, and its pictures ${length} s`];
}
