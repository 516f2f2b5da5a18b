/**
 * Why a file could not be accepted as an EXR:
 *
 * - `not_an_exr`: something else
 * - `truncated`: it starts as an EXR, and not all of it was written or sent
 * - `damaged`: it contradicts itself
 * - `too_large`: its header is larger than any real one
 * - `unsupported`: a version or a compression newer than this reader
 */
export type ExrErrorCode = "not_an_exr" | "truncated" | "damaged" | "too_large" | "unsupported";

/** The one error of this folder. Its message is a sentence for people; programs look at the code. */
export class ExrError extends Error {
  readonly code: ExrErrorCode;
  constructor(code: ExrErrorCode, message: string) {
    super(message);
    this.name = "ExrError";
    this.code = code;
  }
}

/** `what` completes the sentence "The EXR was not written or sent completely: …". */
export function truncated(what: string): ExrError {
  return new ExrError("truncated", `The EXR was not written or sent completely: ${what}.`);
}

/** `what` completes the sentence "The EXR is damaged: …". */
export function damaged(what: string): ExrError {
  return new ExrError("damaged", `The EXR is damaged: ${what}.`);
}
