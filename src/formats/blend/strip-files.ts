import type { FileReference } from "./needed-file.ts";
import { numberPattern } from "./numbered-name.ts";
import { STRIP, stripsOf } from "./sequencer.ts";
import type { Struct } from "./struct.ts";

/** Movies and images of a scene's strips. Sounds are IDs of their own; so are the clips of clip strips. */
export function stripFiles(scene: Struct): FileReference[] {
  return stripsOf(scene).flatMap((strip) => {
    const type = strip.number("type");
    if (type !== STRIP.image && type !== STRIP.movie) return [];
    const media = strip.follow("strip"); // the struct `Strip`: what the strip shows
    const folder = media?.text("dir") ?? "";
    const names = media?.array("stripdata").map((element) => element.text("name")) ?? [];
    if (type === STRIP.movie) return names.slice(0, 1).map((name) => movie(joined(folder, name)));
    return images(folder, names);
  });
}

function movie(path: string): FileReference {
  return { kind: "movie", shape: "file", path };
}

/** An image strip holds the name of every frame: one reference for each run of names that differ only in their number. */
function images(folder: string, names: readonly string[]): FileReference[] {
  const runs = Map.groupBy(
    names.filter((name) => name !== ""),
    numberPattern,
  );
  return Array.from(runs.values(), (run) => {
    const path = joined(folder, run[0] ?? "");
    return run.length > 1
      ? { kind: "image_sequence", shape: "sequence", path }
      : { kind: "image", shape: "file", path };
  });
}

function joined(folder: string, name: string): string {
  return folder === "" || /[/\\]$/.test(folder) ? folder + name : `${folder}/${name}`;
}
