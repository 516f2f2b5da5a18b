import { isStatusLine } from "./output.ts";

/** Enough to find what Blender complained of last. */
const KEPT_LINES = 40;

const COMPLAINT = /error\b|exception|failed|cannot|unable|not a blend|not found|not supported|missing|assert/i;

/** Lines that good runs have, too: a machine without display, sound or mount table. */
const NOISE =
  /^Blender quit|^Error: script failed, file|EGL Error|\bALSA\b|\bAL lib\b|mounted file-systems|Unable to find the Python binary|^Writing:/i;

/** The last lines that a program printed. */
export class LastLines {
  #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  /** Says whether one of them matches. */
  some(pattern: RegExp): boolean {
    return this.#lines.some((line) => pattern.test(line));
  }

  /** Returns the sentence that quotes the last complaint, or else just the last line; empty when there is none. */
  because(): string {
    const lines = this.#lines.filter((line) => !isStatusLine(line) && !NOISE.test(line));
    const line = lines.findLast((each) => COMPLAINT.test(each)) ?? lines.at(-1);
    return line === undefined ? "" : ` It said: ${line.trim()}`;
  }
}
