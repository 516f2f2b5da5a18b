import { memorySource } from "#formats/exr/byte-source.ts";
import { checkExr, type ExrSummary } from "#formats/exr/check.ts";
import { ExrError } from "#formats/exr/error.ts";

/** Checks an EXR that is in memory. */
export function checkBytes(bytes: Uint8Array): Promise<ExrSummary> {
  return checkExr(memorySource(bytes));
}

/** The error that an EXR is refused with; fails when it is accepted or breaks the reader. */
export async function errorOf(bytes: Uint8Array): Promise<ExrError> {
  try {
    await checkBytes(bytes);
  } catch (error) {
    if (error instanceof ExrError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}
