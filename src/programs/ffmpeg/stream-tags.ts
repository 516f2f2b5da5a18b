/** What ffprobe says of a stream; texts as it has them, null where it says nothing. */
export type StreamTags = {
  kind: string;
  codec: string | null;
  profile: string | null;
  pixelFormat: string | null;
  range: string | null;
  matrix: string | null;
  transfer: string | null;
  primaries: string | null;
  width: number | null;
  height: number | null;
};

const ENTRIES =
  "codec_type,codec_name,profile,width,height,pix_fmt,color_range,color_space,color_transfer,color_primaries";

/** Returns the arguments with which ffprobe tells of the streams of a file. */
export function probeArguments(ffprobe: string, file: string): [string, ...string[]] {
  return [
    ffprobe,
    ...["-hide_banner", "-loglevel", "error", "-of", "json"],
    ...["-show_entries", `stream=${ENTRIES}`, file],
  ];
}

/** Reads what ffprobe wrote. Throws a SyntaxError for anything else than JSON. */
export function parseStreams(output: string): StreamTags[] {
  const read: unknown = JSON.parse(output);
  const streams = isRecord(read) && Array.isArray(read["streams"]) ? read["streams"] : [];
  return streams.filter(isRecord).map((stream) => ({
    kind: text(stream["codec_type"]) ?? "",
    codec: text(stream["codec_name"]),
    profile: text(stream["profile"]),
    pixelFormat: text(stream["pix_fmt"]),
    range: text(stream["color_range"]),
    matrix: text(stream["color_space"]),
    transfer: text(stream["color_transfer"]),
    primaries: text(stream["color_primaries"]),
    width: number(stream["width"]),
    height: number(stream["height"]),
  }));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
