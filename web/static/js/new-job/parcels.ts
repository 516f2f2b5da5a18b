// What is sent as one upload: a file as it is, or several as a tar that is never made as a whole: a Blob of headers and files, of which
// the browser reads what is sent. The same files always make the same bytes, so that a tar goes on where it broke off like any file.

import { placeFile } from "#domain/place-file.ts";
import { tarParts } from "./tar.ts";

export type Chosen = { path: string; file: File };
type Waiting = { places: readonly string[]; home: string };
export type Parcel = {
  name: string;
  /** What a job made of it is called. */
  title: string;
  blob: Blob;
  /** Tells it from others of the same name. */
  key: string;
  /** Whether a job can begin with it. */
  isProject: boolean;
};

/** What editors and systems leave behind, and Blender's own backups: no part of a project. */
const JUNK = /(^|\/)(\.git|\.svn|\.hg|__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini)(\/|$)|\.blend\d+$|\.blend@$/i;
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz|tar\.zst)$/i;
const BLEND = /\.blend$/i;

/**
 * Makes uploads of files: each archive is one, everything else together is one. `waiting` are the paths of the project at which files are
 * missing; what has the name of one goes there.
 */
export function parcelsOf(files: readonly Chosen[], waiting: Waiting): Parcel[] {
  const wanted = files.filter(({ path }) => !JUNK.test(path));
  const archives = wanted.filter(({ path }) => ARCHIVE.test(path) && !path.includes("/"));
  const rest = wanted.filter((one) => !archives.includes(one));
  const parcels = archives.map(({ file }) => single(file));
  // A single file is placed by the manager, by the same rule.
  const [only] = rest;
  if (only && rest.length === 1 && !only.path.includes("/")) parcels.push(single(only.file));
  else if (rest.length > 0) parcels.push(several(rest, waiting));
  return parcels;
}

function single(file: File): Parcel {
  return {
    name: file.name,
    title: stem(file.name),
    blob: file,
    key: keyOf([file.name, file.size, file.lastModified]),
    isProject: BLEND.test(file.name) || ARCHIVE.test(file.name),
  };
}

function several(files: readonly Chosen[], { places, home }: Waiting): Parcel {
  // What no place waits for lies beside the main .blend, as it lay beside what is added.
  const beside = (path: string): string => (home !== "" && places.length > 0 ? `${home}/${path}` : path);
  const placed = files
    .map(({ path, file }) => ({ path: placeFile(path, places) ?? beside(path), file }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const folder = commonFolder(files.map(({ path }) => path));
  const blends = files.filter(({ path }) => BLEND.test(path));
  const title = blends.length === 1 ? stem(blends[0]!.file.name) : (folder ?? stem(files[0]!.file.name));
  return {
    name: `${folder ?? title}.tar`,
    title,
    blob: new Blob(tarParts(placed)),
    key: keyOf(placed.flatMap(({ path, file }) => [path, file.size, file.lastModified])),
    isProject: blends.length > 0,
  };
}

function stem(name: string): string {
  return name.replace(/(\.tar)?\.[^.]*$/, "").slice(0, 200) || "Untitled";
}

function commonFolder(paths: readonly string[]): string | null {
  const first = paths[0]!.split("/")[0]!;
  return paths.every((path) => path.startsWith(`${first}/`)) ? first : null;
}

/** Tells files from others of the same name (cyrb53, a hash for this and no more: crypto.subtle is there on https alone). */
function keyOf(facts: readonly (string | number)[]): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (const char of JSON.stringify(facts)) {
    const code = char.codePointAt(0)!;
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
