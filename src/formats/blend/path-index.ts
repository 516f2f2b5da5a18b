/**
 * Finds paths by where they are, by their name alone, and as people mistake them: on Windows and macOS `Cloth.PNG` is
 * `cloth.png`, and macOS writes `é` as two letters.
 */
export class PathIndex {
  readonly #key: (path: string) => string;
  readonly #paths = new Map<string, string>();
  readonly #names = new Map<string, string>();
  readonly #foldedPaths = new Map<string, string>();
  readonly #foldedNames = new Map<string, string>();

  /** `key` says which paths count as one, such as the frames of a sequence; the first of them is the one that is found. */
  constructor(paths: Iterable<string>, key: (path: string) => string) {
    this.#key = key;
    for (const path of paths) {
      const own = key(path);
      addOnce(this.#paths, own, path);
      addOnce(this.#names, baseName(own), path);
      addOnce(this.#foldedPaths, fold(own), path);
      addOnce(this.#foldedNames, fold(baseName(own)), path);
    }
  }

  /** The path that is exactly here. */
  at(path: string): string | null {
    return this.#paths.get(this.#key(path)) ?? null;
  }

  /** A path with this one's name, in any folder. */
  named(path: string): string | null {
    return this.#names.get(baseName(this.#key(path))) ?? null;
  }

  /** A path that differs from this one only in case or in how accents are written; else one with such a name in any folder. */
  near(path: string): string | null {
    const own = this.#key(path);
    return this.#foldedPaths.get(fold(own)) ?? this.#foldedNames.get(fold(baseName(own))) ?? null;
  }
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

function addOnce(map: Map<string, string>, key: string, path: string): void {
  if (!map.has(key)) map.set(key, path);
}
