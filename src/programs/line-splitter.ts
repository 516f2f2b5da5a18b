/** Longer lines are cut here, so that output without line ends cannot fill the memory. */
export const MAX_LINE_CHARACTERS = 16 * 1024;

const LINE_END = /\r\n|\n|\r/;

/**
 * Cuts a stream of bytes into lines at \n, \r\n and \r (with which programs draw over a progress line). Empty lines are left out.
 * Bytes that are no UTF-8 become U+FFFD; what a line has beyond `maxCharacters` is dropped.
 */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  readonly #maxCharacters: number;
  #rest = "";

  constructor(maxCharacters: number = MAX_LINE_CHARACTERS) {
    this.#maxCharacters = maxCharacters;
  }

  /** Returns the lines that these bytes complete. */
  push(bytes: Uint8Array): string[] {
    return this.#split(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Returns what was left without a line end. */
  end(): string[] {
    const lines = this.#split(this.#decoder.decode());
    const last = this.#rest;
    this.#rest = "";
    return last === "" ? lines : [...lines, last];
  }

  #split(text: string): string[] {
    const pieces = text.split(LINE_END);
    pieces[0] = this.#rest + (pieces[0] ?? "");
    this.#rest = this.#cut(pieces.pop() ?? "");
    return pieces.filter((line) => line !== "").map((line) => this.#cut(line));
  }

  #cut(line: string): string {
    return line.length > this.#maxCharacters ? line.slice(0, this.#maxCharacters) : line;
  }
}
