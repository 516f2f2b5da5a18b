/** Uploads, frames, videos and their sound share one id space. */
export const FILE_KINDS = ["upload", "frame", "video", "sound"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** A file that the farm keeps for a job. */
export type StoredFile = {
  id: number;
  jobId: number;
  kind: FileKind;
  name: string;
  frame: number | null;
  size: number;
  /** Null until an upload has been hashed. */
  sha256: string | null;
  createdAtMs: number;
};

/** A frame's own picture, or that of one of its stereo views; other files of a frame have a dot before their own part. */
const MAIN_PICTURE = /^frame_\d+(_[A-Za-z0-9]+)?\.exr$/;

/** Says whether an output of this name is a frame's own picture, and not one of the files beside it. */
export function isMainPicture(name: string): boolean {
  return MAIN_PICTURE.test(name);
}

/** Names that an output may have; anything else could become a path. */
const OUTPUT_NAME = /^[A-Za-z0-9][A-Za-z0-9_.\-]{0,199}$/;

/** Says whether a name is safe to file an output under; `previews` is the one folder among them. */
export function isOutputName(name: string): boolean {
  return OUTPUT_NAME.test(name) && !name.includes("..") && name !== "previews";
}
