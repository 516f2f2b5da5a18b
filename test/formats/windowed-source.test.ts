import { expect, test } from "bun:test";
import { memorySource, type ByteSource } from "#formats/exr/byte-source.ts";
import { windowed } from "#formats/windowed-source.ts";

const BYTES = Uint8Array.from({ length: 1_000_000 }, (_, at) => at % 251);

function counted(): { source: ByteSource; reads: number } {
  const memory = memorySource(BYTES);
  const counter = { reads: 0, source: memory };
  counter.source = {
    size: memory.size,
    read: (offset, length) => {
      counter.reads += 1;
      return memory.read(offset, length);
    },
  };
  return counter;
}

test("many small reads take few large ones, and give the same bytes", async () => {
  const counter = counted();
  const source = windowed(counter.source);
  for (let at = 0; at < 200_000; at += 1000) expect(await source.read(at, 12)).toEqual(BYTES.subarray(at, at + 12));
  expect(counter.reads).toBe(1);
});

test("it may go back, over the end, and beyond what it keeps", async () => {
  const source = windowed(counted().source);
  expect(await source.read(900_000, 8)).toEqual(BYTES.subarray(900_000, 900_008));
  expect(await source.read(5, 8)).toEqual(BYTES.subarray(5, 13));
  expect(await source.read(999_998, 8)).toEqual(BYTES.subarray(999_998));
  expect(await source.read(2_000_000, 8)).toHaveLength(0);
  expect(await source.read(10, 600_000)).toEqual(BYTES.subarray(10, 600_010));
});
