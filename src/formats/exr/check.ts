import type { ByteSource } from "./byte-source.ts";
import { readChunks } from "./chunks.ts";
import type { ExrCompression } from "./compression.ts";
import { type ExrHeader, readExrHeader } from "./header.ts";
import { type ExrBox, type ExrChannel, type ExrPart, sizeOf } from "./part.ts";

/** What a farm wants to know of a whole EXR. The windows and the compression are those of the first part. */
export type ExrSummary = {
  /** Pixels of the picture as it is shown, that is, of the display window. */
  width: number;
  height: number;
  displayWindow: ExrBox;
  dataWindow: ExrBox;
  compression: ExrCompression;
  /** Of all parts. */
  channels: ExrChannel[];
  parts: ExrPart[];
  /** What stands before the last dot of channel names, as FFmpeg's `-layer` takes it; "" for channels without a layer. */
  layers: string[];
  /** Stereo views; none in an ordinary picture. */
  views: string[];
};

/**
 * Reads an EXR's structure and proves that every chunk of its pixels is there: that its entry in the offset table is
 * filled, and that it lies inside the file, behind the header, and whole. The pixels themselves are not decoded.
 * Throws `ExrError`.
 */
export async function checkExr(source: ByteSource): Promise<ExrSummary> {
  const header = await readExrHeader(source);
  const chunks = readChunks(source, header);
  while (!(await chunks.next()).done);
  return summarize(header);
}

function summarize({ parts }: ExrHeader): ExrSummary {
  const { displayWindow, dataWindow, compression } = parts[0]!;
  const channels = parts.flatMap((part) => part.channels);
  const layers = channels.map(({ name }) => name.slice(0, Math.max(0, name.lastIndexOf("."))));
  const views = parts.flatMap((part) => (part.view === null ? part.views : [part.view]));
  return {
    ...sizeOf(displayWindow),
    displayWindow,
    dataWindow,
    compression,
    channels,
    parts,
    layers: [...new Set(layers)],
    views: [...new Set(views)],
  };
}
