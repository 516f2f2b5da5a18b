/**
 * Why a file could not be read as a .blend:
 *
 * - `empty`: no bytes at all
 * - `git_lfs_pointer`: the text that Git leaves in place of a large file that was not fetched
 * - `not_a_blend`: something else
 * - `truncated`: it starts as a .blend and ends too early
 * - `damaged`: all of it is there, but it contradicts itself
 * - `too_large`: reading on would go over a limit (see `limits.ts`)
 * - `unsupported`: a layout from a Blender newer than this reader
 */
export type BlendErrorCode =
  "empty" | "git_lfs_pointer" | "not_a_blend" | "truncated" | "damaged" | "too_large" | "unsupported";

/** The one error of this folder. Its message is a sentence for people; programs look at the code. */
export class BlendError extends Error {
  readonly code: BlendErrorCode;
  constructor(code: BlendErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "BlendError";
    this.code = code;
  }
}

/** The file ends before its end mark. */
export function truncated(options?: ErrorOptions): BlendError {
  return new BlendError("truncated", "The .blend ends too early: it was not saved or sent completely.", options);
}

/** `what` completes the sentence "The .blend is damaged: …". */
export function damaged(what: string, options?: ErrorOptions): BlendError {
  return new BlendError("damaged", `The .blend is damaged: ${what}.`, options);
}

/** `what` completes the sentence "The .blend is too large to read: …". */
export function tooLarge(what: string): BlendError {
  return new BlendError("too_large", `The .blend is too large to read: ${what}.`);
}
