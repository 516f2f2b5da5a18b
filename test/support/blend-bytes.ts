import { expect } from "bun:test";
import { BlendError, type BlendErrorCode } from "#formats/blend/error.ts";

/** The code of the `BlendError` that a reading ends with; anything else fails the test. */
export async function blendErrorOf(reading: Promise<unknown>): Promise<BlendErrorCode> {
  const error = await reading.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BlendError);
  return (error as BlendError).code;
}

/** Bytes as a stream of chunks of this size. */
export async function* chunksOf(bytes: Uint8Array, chunkBytes = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}
