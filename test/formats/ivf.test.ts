import { expect, test } from "bun:test";
import { memorySource } from "#formats/exr/byte-source.ts";
import { ivfFrameHeader, ivfFrames, ivfHeader, readIvfHeader } from "#formats/ivf.ts";

const HEADER = { codec: "VP90", width: 320, height: 180, frameCount: 2 };
const FILE = Buffer.concat([
  ivfHeader(HEADER),
  ivfFrameHeader(3, 0),
  Uint8Array.of(1, 2, 3),
  ivfFrameHeader(2, 42),
  Uint8Array.of(4, 5),
]);

test("the header is byte for byte what libvpx writes", () => {
  expect(FILE.subarray(0, 32).toString("hex")).toBe(
    "444b4946" + "0000" + "2000" + "56503930" + "4001" + "b400" + "e8030000" + "01000000" + "02000000" + "00000000",
  );
  expect(FILE.subarray(47, 59).toString("hex")).toBe("02000000" + "2a00000000000000");
});

test("what is written is read again", async () => {
  expect(await readIvfHeader(memorySource(FILE))).toEqual(HEADER);
  expect(await Array.fromAsync(ivfFrames(memorySource(FILE)))).toEqual([
    { offset: 44, size: 3 },
    { offset: 59, size: 2 },
  ]);
});

test("a longer header is skipped", async () => {
  const longer = Buffer.concat([FILE.subarray(0, 32), Buffer.alloc(8), FILE.subarray(32)]);
  longer.writeUInt16LE(40, 6);
  expect((await Array.fromAsync(ivfFrames(memorySource(longer))))[0]).toEqual({ offset: 52, size: 3 });
});

test("a file that breaks off is refused, wherever it does", async () => {
  for (const length of [33, 44, 46, 50, 60])
    expect(Array.fromAsync(ivfFrames(memorySource(FILE.subarray(0, length))))).rejects.toThrow("breaks off");
});

test("another file is refused", () => {
  expect(readIvfHeader(memorySource(Buffer.from("RIFF----AVI ----------------------------")))).rejects.toThrow("IVF");
  expect(readIvfHeader(memorySource(FILE.subarray(0, 31)))).rejects.toThrow("IVF");
});
