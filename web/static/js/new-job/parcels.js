// What is sent as one upload: a file as it is, or several as a tar that is never made as a whole: a Blob of headers and files, of which
// the browser reads what is sent. The same files always make the same bytes, so that a tar goes on where it broke off like any file.

import { placeFile } from "../../../../src/domain/place-file.ts";
import { tarParts } from "./tar.js";

/** What editors and systems leave behind, and Blender's own backups: no part of a project. */
const JUNK = /(^|\/)(\.git|\.svn|\.hg|__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini)(\/|$)|\.blend\d+$|\.blend@$/i;
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz|tar\.zst)$/i;
const BLEND = /\.blend$/i;

/**
 * Makes uploads of files: each archive is one, everything else together is one. `waiting` are the paths of the project at which files are
 * missing; what has the name of one goes there.
 */
export function parcelsOf(files, waiting) {
  const wanted = files.filter(({ path }) => !JUNK.test(path));
  const archives = wanted.filter(({ path }) => ARCHIVE.test(path) && !path.includes("/"));
  const rest = wanted.filter((one) => !archives.includes(one));
  const parcels = archives.map(({ file }) => single(file));
  // A single file is placed by the manager, by the same rule.
  if (rest.length === 1 && !rest[0].path.includes("/")) parcels.push(single(rest[0].file));
  else if (rest.length > 0) parcels.push(several(rest, waiting));
  return parcels;
}

function single(file) {
  return {
    name: file.name,
    title: stem(file.name),
    blob: file,
    key: keyOf([file.name, file.size, file.lastModified]),
    isProject: BLEND.test(file.name) || ARCHIVE.test(file.name),
  };
}

function several(files, { places, home }) {
  const placed = files
    .map(({ path, file }) => ({
      path: placeFile(path, places) ?? (home && places.length > 0 ? `${home}/${path}` : path),
      file,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const facts = placed.map(({ path, file }) => [path, file.size, file.lastModified]);
  const folder = commonFolder(placed.map(({ path }) => path));
  const main = files.filter(({ path }) => BLEND.test(path)).sort((a, b) => depth(a.path) - depth(b.path))[0];
  const name = `${folder ?? (main ? stem(main.file.name) : `${files.length} files`)}.tar`;
  return {
    name,
    title: main ? stem(main.file.name) : stem(name),
    blob: new Blob(tarParts(placed)),
    key: keyOf(facts.flat()),
    isProject: main !== undefined,
  };
}

function stem(name) {
  return name.replace(/(\.tar)?\.[^.]*$/, "").slice(0, 200) || "Untitled";
}

function depth(path) {
  return path.split("/").length;
}

function commonFolder(paths) {
  const [first] = paths[0].split("/");
  return paths.every((path) => path.startsWith(`${first}/`)) ? first : null;
}

/** Tells files from others of the same name (cyrb53, a hash for this and no more: crypto.subtle is there on https alone). */
function keyOf(facts) {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const char of JSON.stringify(facts)) {
    const code = char.codePointAt(0);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
