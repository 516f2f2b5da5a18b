import { describe, expect, test } from "bun:test";
import { memorySource } from "#formats/exr/byte-source.ts";
import { checkExr } from "#formats/exr/check.ts";
import { sized, writeExr } from "../../support/exr-writer.ts";
import { checkBytes, errorOf } from "./expect-error.ts";

describe("a whole EXR", () => {
  test("tells its size, channels, compression and notes", async () => {
    const summary = await checkBytes(writeExr({ window: sized(40, 33), texts: { Scene: "Größe", Frame: "0007" } }));
    expect(summary).toMatchObject({ width: 40, height: 33, compression: "zip", layers: [""], views: [] });
    expect(summary.channels.map(({ name, type }) => `${name}:${type}`)).toEqual([
      "A:half",
      "B:half",
      "G:half",
      "R:half",
    ]);
    expect(Object.fromEntries(summary.parts[0]!.texts)).toEqual({ Scene: "Größe", Frame: "0007" });
    expect(summary.parts[0]).toMatchObject({ storage: "scanlineimage", lineOrder: "increasing", tiles: null });
  });

  test.each(["none", "rle", "zips", "zip", "piz"] as const)("is accepted with compression %s", async (compression) => {
    expect(await checkBytes(writeExr({ window: sized(50, 70), compression }))).toMatchObject({ compression });
  });

  test("may have windows with negative corners, and a data window beside the display window", async () => {
    const exr = writeExr({ window: [-5, -7, 12, 40], displayWindow: [0, 0, 99, 49] });
    expect(await checkBytes(exr)).toMatchObject({
      width: 100,
      height: 50,
      dataWindow: { xMin: -5, yMin: -7, xMax: 12, yMax: 40 },
    });
  });

  test("may have its lines from the bottom to the top", async () => {
    const summary = await checkBytes(writeExr({ window: sized(8, 40), lineOrder: "decreasing" }));
    expect(summary.parts[0]!.lineOrder).toBe("decreasing");
  });

  test("names the layers and views of its channels", async () => {
    const channels = {
      A: "half",
      "ViewLayer.Combined.R": "half",
      "ViewLayer.Depth.Z": "float",
      "right.R": "half",
    } as const;
    const summary = await checkBytes(writeExr({ window: sized(4, 4), channels, multiView: ["left", "right"] }));
    expect(summary.layers).toEqual(["", "ViewLayer.Combined", "ViewLayer.Depth", "right"]);
    expect(summary.views).toEqual(["left", "right"]);
  });

  test("may have several parts, each with its own size, view and table", async () => {
    const exr = writeExr(
      { window: sized(20, 20), texts: { name: "color", view: "left" } },
      { window: sized(10, 40), texts: { name: "depth", view: "right" }, channels: { Z: "float" }, compression: "none" },
      { window: sized(9, 9), texts: { name: "tiles" }, tiles: { size: 4, levels: "one" } },
    );
    const summary = await checkBytes(exr);
    expect(summary.parts.map(({ name, storage }) => `${name} ${storage}`)).toEqual([
      "color scanlineimage",
      "depth scanlineimage",
      "tiles tiledimage",
    ]);
    expect(summary.views).toEqual(["left", "right"]);
  });

  test.each(["one", "mipmap", "ripmap"] as const)("may be tiled with levels: %s", async (levels) => {
    for (const rounding of ["down", "up"] as const) {
      const summary = await checkBytes(writeExr({ window: sized(37, 21), tiles: { size: 8, levels, rounding } }));
      expect(summary.parts[0]!.tiles).toEqual({ width: 8, height: 8, levels, rounding });
    }
  });

  test("may be deep", async () => {
    const summary = await checkBytes(writeExr({ window: sized(6, 5), deep: true, compression: "zips" }));
    expect(summary.parts[0]!.storage).toBe("deepscanline");
  });
});

describe("an EXR that is not whole", () => {
  test("is refused wherever it is cut off, at every chunk and within", async () => {
    const exr = writeExr({ window: sized(5, 40), compression: "zips" });
    for (let length = 0; length < exr.byteLength; length++) {
      const error = await errorOf(exr.subarray(0, length));
      expect({ length, code: error.code }).toEqual({ length, code: "truncated" });
    }
  });

  test("is refused when the last byte is missing", async () => {
    const exr = writeExr({ window: sized(17, 100) }, { window: sized(5, 5) });
    expect((await errorOf(exr.subarray(0, -1))).code).toBe("truncated");
  });

  test("is refused when one chunk was never written", async () => {
    const exr = writeExr({ window: sized(16, 64) });
    const table = tableOffset(exr, 4);
    new DataView(exr.buffer, exr.byteOffset).setBigUint64(table + 16, 0n, true);
    expect((await errorOf(exr)).message).toBe(
      "The EXR was not written or sent completely: the chunk at 32 was never written.",
    );
  });

  test("is refused when a chunk lies in the header, beyond the file, or is another one", async () => {
    for (const [offset, code] of [
      [8n, "damaged"],
      [2n ** 63n, "truncated"],
      [10n ** 6n, "truncated"],
    ] as const) {
      const exr = writeExr({ window: sized(16, 64) });
      new DataView(exr.buffer, exr.byteOffset).setBigUint64(tableOffset(exr, 4), offset, true);
      expect((await errorOf(exr)).code).toBe(code);
    }
    const swapped = writeExr({ window: sized(16, 64) });
    const view = new DataView(swapped.buffer, swapped.byteOffset);
    const table = tableOffset(swapped, 4);
    view.setBigUint64(table, view.getBigUint64(table + 8, true), true);
    expect((await errorOf(swapped)).code).toBe("damaged");
  });

  test("is refused when a chunk has no bytes, or more than its pixels", async () => {
    for (const size of [0, -1, 16 * 16 * 8 + 1]) {
      const exr = writeExr({ window: sized(16, 64) }, { window: sized(999, 9), compression: "none" });
      const view = new DataView(exr.buffer, exr.byteOffset);
      const chunk = Number(view.getBigUint64(tableOffset(exr, 4 + 9), true));
      view.setInt32(chunk + 8, size, true);
      expect((await errorOf(exr)).code).toBe("damaged");
    }
  });
});

describe("hostile headers", () => {
  test("an enormous picture without pixels costs nothing", async () => {
    for (const window of [sized(100_000, 100_000), [-(2 ** 31), -(2 ** 31), 2 ** 31 - 1, 2 ** 31 - 1]] as const) {
      const tiny = writeExr({ window: sized(1, 1), compression: "none" });
      const at = Buffer.from(tiny).indexOf("dataWindow\0box2i\0") + 21;
      for (const [i, value] of window.entries())
        new DataView(tiny.buffer, tiny.byteOffset).setInt32(at + 4 * i, value, true);
      const before = process.memoryUsage().rss;
      expect((await errorOf(tiny)).code).toBe("truncated");
      expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
    }
  });

  test("windows that end before they begin are refused", async () => {
    const exr = writeExr({ window: sized(2, 2) });
    const at = Buffer.from(exr).indexOf("displayWindow\0box2i\0") + 24;
    new DataView(exr.buffer, exr.byteOffset).setInt32(at, 5, true);
    expect((await errorOf(exr)).message).toBe("The EXR is damaged: its display window ends before it begins.");
  });

  test.each([
    ["nothing", new Uint8Array(), "truncated"],
    ["a text", Buffer.from("This is not a picture."), "not_an_exr"],
    ["a later version", Buffer.from([0x76, 0x2f, 0x31, 1, 3, 0, 0, 0]), "unsupported"],
    ["unknown flags", Buffer.from([0x76, 0x2f, 0x31, 1, 2, 0x80, 0, 0]), "unsupported"],
    ["no attributes", Buffer.from([0x76, 0x2f, 0x31, 1, 2, 0, 0, 0, 0]), "damaged"],
    ["no parts", Buffer.from([0x76, 0x2f, 0x31, 1, 2, 0x10, 0, 0, 0]), "damaged"],
    ["an attribute of 4 GB", header(attribute("x", "string", 0xffffffff)), "truncated"],
    ["a name without an end", header(Buffer.alloc(1000, "a")), "damaged"],
    ["a million attributes", header(Buffer.concat(manyAttributes(1_000_000))), "too_large"],
  ])("%s is refused", async (_, bytes, code) => {
    expect((await errorOf(bytes)).code).toBe(code as never);
  });

  test("a header that never ends is given up after 16 MB", async () => {
    const start = header(attribute("x", "string", 0xffffffff));
    let largest = 0;
    const endless = {
      size: 2 ** 40,
      read: (offset: number, length: number): Promise<Uint8Array> => {
        largest = Math.max(largest, length);
        const bytes = new Uint8Array(length);
        bytes.set(start.subarray(offset, offset + length));
        return Promise.resolve(bytes);
      },
    };
    expect(await checkExr(endless).catch((error: unknown) => error)).toMatchObject({ code: "too_large" });
    expect(largest).toBe(16 * 2 ** 20);
  });

  test("random damage gives an ExrError or a summary, and nothing else", async () => {
    const samples = [
      writeExr({ window: sized(23, 40) }),
      writeExr(
        { window: sized(9, 9), tiles: { size: 4, levels: "ripmap" } },
        { window: sized(5, 20), compression: "zips" },
      ),
      writeExr({ window: sized(5, 9), deep: true }),
    ];
    const random = seeded(20260131);
    for (let round = 0; round < 3000; round++) {
      const bytes = Uint8Array.from(samples[round % samples.length]!);
      const end = random() < 0.8 ? Math.min(bytes.length, 700) : bytes.length;
      for (let i = 0; i <= random() * 4; i++) bytes[Math.floor(random() * end)] = Math.floor(random() * 256);
      const result = await checkExr(memorySource(bytes)).catch((error: unknown) => error as Error);
      if (result instanceof Error) expect(result.name).toBe("ExrError");
    }
  });
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Where the offset table of the given number of chunks begins: its first entry points behind its end. */
function tableOffset(exr: Uint8Array, chunks: number): number {
  const view = new DataView(exr.buffer, exr.byteOffset, exr.byteLength);
  for (let at = 8; at < exr.byteLength - 8; at++)
    if (view.getBigUint64(at, true) === BigInt(at + 8 * chunks)) return at;
  throw new Error("no table");
}

function header(rest: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x76, 0x2f, 0x31, 1, 2, 0, 0, 0]), rest]);
}

function attribute(name: string, type: string, size: number): Buffer {
  const bytes = Buffer.from(`${name}\0${type}\0....`);
  bytes.writeUInt32LE(size, bytes.byteLength - 4);
  return bytes;
}

function manyAttributes(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => attribute(`a${i}`, "t", 0));
}
