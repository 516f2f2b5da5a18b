import { expect, test } from "bun:test";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ManagerClient } from "#runner/manager-client.ts";
import { ManagerRefusal, ManagerUnreachable } from "#runner/manager-errors.ts";
import { createOutboxStore } from "#runner/outbox-store.ts";
import { createOutbox } from "#runner/outbox.ts";
import { sha256Of, stillPatience } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

type Upload = ManagerClient["upload"];

const frame = (number: number) => ({
  jobId: 7,
  taskId: 11,
  attempt: 2,
  frame: number,
  name: `frame_000${number}.exr`,
  of: 1,
});

/** An outbox in a folder, and finished files to put into it. */
async function setUp(folder: string, upload: Upload) {
  const patience = stillPatience();
  const outbox = createOutbox({ store: createOutboxStore(folder), client: { upload }, patience });
  const add = async (number: number) => {
    const path = join(folder, "..", `${number}.exr`);
    await Bun.write(path, `pixels of ${number}`);
    return outbox.add(path, frame(number));
  };
  return { outbox, add, patience };
}

async function outboxFolder() {
  const folder = await tempFolder();
  const path = join(folder.path, "outbox");
  await Bun.write(join(path, ".keep"), "");
  await rm(join(path, ".keep"));
  return { path, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

test("a finished file is uploaded with all that the manager must know, and gone once it is acknowledged", async () => {
  await using folder = await outboxFolder();
  const uploads: unknown[] = [];
  const { add } = await setUp(folder.path, async (jobId, query, { size, sha256 }) => {
    uploads.push({ jobId, query, size, sha256 });
    return { id: 1, name: query.name, alreadyFiled: false };
  });
  const { delivered } = await add(1);
  expect(await delivered).toEqual({ kind: "filed" });
  const query = { taskId: 11, attempt: 2, frame: 1, name: "frame_0001.exr", of: 1 };
  expect(uploads).toEqual([{ jobId: 7, query, size: 11, sha256: sha256Of(Buffer.from("pixels of 1")) }]);
  expect(await readdir(folder.path)).toEqual([]);
});

test("a file stays through a storm of failures until the manager has acknowledged it", async () => {
  await using folder = await outboxFolder();
  let failures = 5;
  const { add, patience } = await setUp(folder.path, async (_, query) => {
    if (failures-- > 0) throw new ManagerUnreachable("away", 503);
    return { id: 1, name: query.name, alreadyFiled: true };
  });
  const { delivered } = await add(1);
  for (const ms of [1000, 2000, 4000, 8000, 16_000]) {
    await patience.time.waitedFor(ms);
    expect(await readdir(folder.path)).toHaveLength(2);
    patience.time.advance(ms);
  }
  expect(await delivered).toEqual({ kind: "filed" });
});

test("a refusal is final for the file", async () => {
  await using folder = await outboxFolder();
  const refusal = new ManagerRefusal(422, "bad_frame", "The frame has the wrong size.");
  const { add } = await setUp(folder.path, () => Promise.reject(refusal));
  const { delivered } = await add(1);
  expect(await delivered).toEqual({ kind: "failed", error: refusal });
  expect(await readdir(folder.path)).toEqual([]);
});

test("a refusal of the runner itself keeps the file for its next start", async () => {
  await using folder = await outboxFolder();
  const { add } = await setUp(folder.path, () =>
    Promise.reject(new ManagerRefusal(409, "superseded", "A newer process.")),
  );
  const { delivered } = await add(1);
  expect(await delivered).toEqual({ kind: "kept" });
  expect(await readdir(folder.path)).toHaveLength(2);
});

test("what could not be delivered before a stop is delivered after the next start", async () => {
  await using folder = await outboxFolder();
  const before = await setUp(folder.path, async () => {
    throw new ManagerUnreachable("away");
  });
  const { delivered } = await before.add(1);
  await before.patience.time.waitedFor(1000);
  await before.outbox.stop();
  expect(await delivered).toEqual({ kind: "kept" });

  const names: string[] = [];
  const after = await setUp(folder.path, async (_, query) => {
    names.push(query.name);
    return { id: 1, name: query.name, alreadyFiled: false };
  });
  await after.outbox.start();
  await after.outbox.flush(new AbortController().signal);
  expect(names).toEqual(["frame_0001.exr"]);
  expect(await readdir(folder.path)).toEqual([]);
});

test("what a killed process put into the outbox by half is swept away", async () => {
  await using folder = await outboxFolder();
  await Bun.write(join(folder.path, "1.data"), "a frame without its note");
  await Bun.write(join(folder.path, "2.tmp"), "{");
  await Bun.write(join(folder.path, "3.json"), "no JSON");
  const { outbox } = await setUp(folder.path, () => Promise.reject(new Error("nothing is to be uploaded")));
  await outbox.start();
  expect(await readdir(folder.path)).toEqual([]);
});

test("three files are on their way at once, and the next when one has arrived", async () => {
  await using folder = await outboxFolder();
  const started: number[] = [];
  const arrive = new Map<number, () => void>();
  const starts = Promise.withResolvers<void>();
  const { add } = await setUp(folder.path, async (_, query) => {
    const number = query.frame!;
    started.push(number);
    if (number === 4) starts.resolve();
    await new Promise<void>((resolve) => arrive.set(number, resolve));
    return { id: 1, name: query.name, alreadyFiled: false };
  });
  for (const number of [1, 2, 3, 4]) await add(number);
  expect(started).toEqual([1, 2, 3]);
  arrive.get(2)!();
  await starts.promise;
  expect(started).toEqual([1, 2, 3, 4]);
});

test("waiting for the outbox ends with the signal, also when the manager is away", async () => {
  await using folder = await outboxFolder();
  const { add, outbox } = await setUp(folder.path, () => Promise.reject(new ManagerUnreachable("away")));
  await add(1);
  await outbox.flush(AbortSignal.abort());
  await outbox.stop();
  expect(await readdir(folder.path)).toHaveLength(2);
});

test("a file that is gone fails, instead of being tried for ever", async () => {
  await using folder = await outboxFolder();
  const gone = Object.assign(new Error("ENOENT"), { code: "ENOENT" });
  const { add } = await setUp(folder.path, () => Promise.reject(gone));
  const { delivered } = await add(1);
  expect(await delivered).toEqual({ kind: "failed", error: gone });
});
