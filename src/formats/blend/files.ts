import type { BlockIndex } from "./block-index.ts";
import { modifierFiles } from "./modifier-files.ts";
import { type FileReference, type NeededFile, neededFiles } from "./needed-file.ts";
import type { Simulation } from "./simulations.ts";
import { stripFiles } from "./strip-files.ts";
import { datablocks, localDatablocks, type Struct } from "./struct.ts";

/** What each kind of ID refers to outside the file. */
const REFERENCES: readonly (readonly [idCode: string, references: (id: Struct) => FileReference[]])[] = [
  ["IM", imageFiles],
  ["MC", movieClipFiles],
  ["SO", (id) => [{ kind: "sound", shape: "file", path: pathOf(id), packed: isPacked(id) }]],
  ["VF", fontFiles],
  ["VO", (id) => [{ kind: "volume", shape: shapeOf(id), path: pathOf(id), packed: isPacked(id) }]],
  ["CF", (id) => [{ kind: "cache", shape: shapeOf(id), path: pathOf(id) }]],
  ["TX", textFiles],
  ["SC", stripFiles],
  ["OB", modifierFiles],
];

/** All files outside the .blend that its own IDs refer to, and the caches of its baked simulations. */
export function filesOf(index: BlockIndex, simulations: readonly Simulation[]): NeededFile[] {
  const referred = REFERENCES.flatMap(([idCode, references]) =>
    localDatablocks(index, idCode).flatMap((id) => neededFiles(idCode, id.idName, references(id))),
  );
  const libraries = usedLibraries(index).flatMap((library) =>
    neededFiles("LI", library.idName, [
      { kind: "library", shape: "file", path: pathOf(library), packed: isPacked(library) },
    ]),
  );
  const caches = simulations.flatMap(({ kind, object, files }) =>
    neededFiles(kind === "rigid_body" ? "SC" : "OB", object, files ? [files] : []),
  );
  return [...libraries, ...referred, ...caches];
}

/** `IMA_SRC_…` in DNA_image_types.h; other sources (generated, render result) have no file. */
const IMAGE_REFERENCES: ReadonlyMap<number, Pick<FileReference, "kind" | "shape">> = new Map([
  [1, { kind: "image", shape: "file" }],
  [2, { kind: "image_sequence", shape: "sequence" }],
  [3, { kind: "movie", shape: "file" }],
  [6, { kind: "udim", shape: "tiles" }],
]);

function imageFiles(image: Struct): FileReference[] {
  const reference = IMAGE_REFERENCES.get(image.number("source") ?? -1);
  return reference ? [{ ...reference, path: pathOf(image), packed: isPacked(image) }] : [];
}

/**
 * The libraries that something is linked from: an `ID` block holds its place. Blender forgets other libraries, and does not
 * ask for one from which all was packed into the file (since 5.0).
 */
function usedLibraries(index: BlockIndex): Struct[] {
  const used = new Set(datablocks(index, "ID").map((placeholder) => placeholder.datablockName("lib")));
  return localDatablocks(index, "LI").filter((library) => used.has(library.idName));
}

/** `MCLIP_SRC_SEQUENCE` in DNA_movieclip_types.h. */
const CLIP_SEQUENCE = 1;

function movieClipFiles(clip: Struct): FileReference[] {
  const shape = clip.number("source") === CLIP_SEQUENCE ? "sequence" : "file";
  return [{ kind: "movie_clip", shape, path: pathOf(clip) }];
}

/** The font inside every Blender. */
const BUILTIN_FONT = "<builtin>";

function fontFiles(font: Struct): FileReference[] {
  const path = pathOf(font);
  return path === BUILTIN_FONT ? [] : [{ kind: "font", shape: "file", path, packed: isPacked(font) }];
}

/** `TXT_ISMEM` in DNA_text_types.h. */
const TEXT_WITHOUT_FILE = 1 << 2;

/** A text that was loaded from a file is in the .blend as well. */
function textFiles(text: Struct): FileReference[] {
  if (text.flag("flags", TEXT_WITHOUT_FILE)) return [];
  return [{ kind: "text", shape: "file", path: pathOf(text), packed: true }];
}

/** Most IDs call their path `name`; that of a library from before 5.0 has a `filepath` too, the absolute path that it once had. */
function pathOf(id: Struct): string {
  return id.text("name", "filepath");
}

function shapeOf(id: Struct): "sequence" | "file" {
  return id.number("is_sequence") === 1 ? "sequence" : "file";
}

/** To 2.69 an image was packed as one file; since then, one for each of its views and tiles. */
function isPacked(id: Struct): boolean {
  return id.points("packedfile") || id.points("packedfiles.first");
}
