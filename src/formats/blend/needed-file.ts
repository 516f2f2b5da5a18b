export type NeededFileKind =
  | "image"
  | "image_sequence"
  | "udim"
  | "movie"
  | "movie_clip"
  | "sound"
  | "font"
  | "library"
  | "cache"
  | "volume"
  | "text";

/**
 * What a path stands for: one file; one file of a numbered sequence; tiles, by `<UDIM>` or by the number of one of them; a
 * folder; or a folder whose name ends with that of the .blend.
 */
export type NeededFileShape = "file" | "sequence" | "tiles" | "folder" | "disk_cache";

/** A file outside the .blend that it refers to. */
export type NeededFile = {
  kind: NeededFileKind;
  shape: NeededFileShape;
  /** As stored: `//` is the .blend's folder; separators may be those of Windows. */
  path: string;
  relative: boolean;
  /** Its content is in the .blend too, so that it need not be there. */
  packed: boolean;
  /** The ID that refers to it: two letters (`IM`, `SC` …) and a name. */
  idCode: string;
  idName: string;
};

/** A reference as an ID holds it. */
export type FileReference = Pick<NeededFile, "kind" | "shape" | "path"> & { packed?: boolean };

/** The needed file behind a reference; none behind an empty path. */
export function neededFiles(idCode: string, idName: string, references: Iterable<FileReference>): NeededFile[] {
  return Array.from(references)
    .filter(({ path }) => path !== "")
    .map(({ kind, shape, path, packed = false }) => ({
      kind,
      shape,
      path,
      relative: path.startsWith("//"),
      packed,
      idCode,
      idName,
    }));
}
