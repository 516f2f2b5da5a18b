import { describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { downloadFile } from "#runner/file-download.ts";
import type { FilePlace, FileStream, ManagerClient } from "#runner/manager-client.ts";
import { ManagerRefusal, ManagerUnreachable } from "#runner/manager-errors.ts";
import { sha256Of, stillPatience } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

const CONTENT = Buffer.from("the light of one frame, in order");

type Answer = (from: FilePlace, read: (stream: FileStream) => Promise<void>) => Promise<void>;

const stream = (offset: number, ...pieces: Uint8Array[]): FileStream => ({
  offset,
  pieces: (async function* () {
    yield* pieces;
  })(),
});

/** Downloads from a manager that answers one way after the other, and then always as it should. */
async function download(...answers: Answer[]) {
  await using folder = await tempFolder();
  const asked: number[] = [];
  const file: ManagerClient["file"] = async (_, from, __, read) => {
    asked.push(from.offset);
    const answer = answers.shift();
    return answer ? answer(from, read) : read(stream(from.offset, CONTENT.subarray(from.offset)));
  };
  const patience = stillPatience();
  patience.time.after = (_, run) => (setImmediate(run), () => {});
  const fetching = { client: { file }, patience, signal: new AbortController().signal };
  const what = { jobId: 7, name: "frame_0001.exr", size: CONTENT.length, sha256: sha256Of(CONTENT) };
  const error = await downloadFile(join(folder.path, "frame.exr"), what, fetching).then(
    () => null,
    (thrown: Error) => thrown,
  );
  const files = await readdir(folder.path);
  const content = files.includes("frame.exr") ? await Bun.file(join(folder.path, "frame.exr")).text() : null;
  return { asked, error, files, content };
}

const damaged: Answer = (_, read) => read(stream(0, Buffer.alloc(CONTENT.length, 1)));

describe("a file is fetched", () => {
  test("whole, and appears under its name only then", async () => {
    expect(await download()).toEqual({
      ...{ asked: [0], error: null, files: ["frame.exr"] },
      content: CONTENT.toString(),
    });
  });

  test("from where a connection was cut, and through a manager that is away", async () => {
    const away: Answer = () => Promise.reject(new ManagerUnreachable("away", 503));
    const cut: Answer = (_, read) => read(stream(0, CONTENT.subarray(0, 9)));
    const { asked, content } = await download(away, cut, away);
    expect([asked, content]).toEqual([[0, 0, 9, 9], CONTENT.toString()]);
  });

  test("anew when it arrives damaged", async () => {
    expect(await download(damaged)).toMatchObject({ asked: [0, 0], content: CONTENT.toString() });
  });
});

describe("a file is given up, and nothing of it is left,", () => {
  test("when it arrives damaged every time", async () => {
    const { asked, error, files } = await download(damaged, damaged, damaged);
    expect([asked.length, error?.message, files]).toEqual([3, "frame_0001.exr arrives damaged every time.", []]);
  });

  test("when it changes meanwhile", async () => {
    const cut: Answer = (_, read) => read(stream(0, CONTENT.subarray(0, 9)));
    const { error, files } = await download(cut, (_, read) => read(stream(0, CONTENT)));
    expect([error?.message, files]).toEqual(["frame_0001.exr changed while it was fetched.", []]);
  });

  test("when the manager has none", async () => {
    const { error, files } = await download(() => Promise.reject(new ManagerRefusal(404, "not_found", "It is gone.")));
    expect([error?.message, files]).toEqual(["It is gone.", []]);
  });
});
