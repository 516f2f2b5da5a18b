import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createFrameFetcher } from "#runner/frame-fetcher.ts";
import type { ManagerClient } from "#runner/manager-client.ts";
import { sha256Of, stillPatience, until } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

const contentOf = (name: string): Buffer => Buffer.from(`light of ${name}`);

/** A fetcher of 30 frames, from a manager that answers when the test lets it. */
async function setUp({ answersAtOnce = true } = {}) {
  const folder = await tempFolder();
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  let underWay = 0;
  const file: ManagerClient["file"] = async (_, { name }, signal, read) => {
    asked.push(name);
    underWay += 1;
    if (!answersAtOnce)
      await new Promise<void>((resolve) => {
        answers.push(resolve);
        signal.addEventListener("abort", () => resolve());
      });
    underWay -= 1;
    signal.throwIfAborted();
    await read({
      offset: 0,
      pieces: (async function* () {
        yield contentOf(name);
      })(),
    });
  };
  const pictures = Array.from({ length: 30 }, (_, index) => {
    const name = `frame_${String(index + 1).padStart(4, "0")}.exr`;
    return { frame: index + 1, name, size: contentOf(name).length, sha256: sha256Of(contentOf(name)) };
  });
  const abort = new AbortController();
  const fetching = { client: { file }, patience: stillPatience(), signal: abort.signal };
  const fetcher = createFrameFetcher(folder.path, { jobId: 7, pictures }, fetching);
  return {
    ...{ fetcher, asked, abort },
    here: async () => (await readdir(folder.path)).sort(),
    answer: () => answers.shift()?.(),
    put: (name: string) => Bun.write(join(folder.path, name), contentOf(name)),
    [Symbol.asyncDispose]: async () => {
      abort.abort(new Error("the test is over"));
      // Nobody writes into the folder any more when everything that was begun has been let go of.
      for (let rounds = 0; rounds < 100; rounds += 1) await until(() => underWay === 0);
      await Promise.all(pictures.map((_, index) => fetcher.fetch(index).catch(() => {})));
      await folder[Symbol.asyncDispose]();
    },
  };
}

test("a frame is there when it was asked for, and those after it are fetched ahead", async () => {
  await using run = await setUp();
  await run.fetcher.fetch(0);
  expect(await run.here()).toEqual(["frame_0001.exr"]);
  await run.fetcher.fetch(1);
  await until(() => run.asked.length === 10);
  expect(run.asked.toSorted().at(-1)).toBe("frame_0010.exr");
});

test("four files are on their way at once", async () => {
  await using run = await setUp({ answersAtOnce: false });
  const first = run.fetcher.fetch(0);
  await until(() => run.asked.length === 1);
  run.answer();
  await first;
  void run.fetcher.fetch(1).catch(() => {});
  await until(() => run.asked.length === 5);
  expect(run.asked.length).toBe(5);
  run.answer();
  await until(() => run.asked.length === 6);
});

test("a frame that is released is gone, not fetched ahead, and fetched anew when it is asked for", async () => {
  await using run = await setUp();
  for (let index = 0; index < 12; index += 1) await run.fetcher.fetch(index);
  await until(() => run.asked.length === 20);
  for (let index = 0; index < 12; index += 1) await run.fetcher.release(index);
  expect(await run.here()).not.toContain("frame_0003.exr");
  await run.fetcher.fetch(2);
  expect(run.asked.slice(20)).toEqual(["frame_0003.exr"]);
  expect(await run.here()).toContain("frame_0003.exr");
});

test("what an earlier attempt has fetched is not fetched again; what is not whole is", async () => {
  await using run = await setUp();
  await run.put("frame_0001.exr");
  await Bun.write(run.fetcher.path(1), "half");
  await run.fetcher.fetch(0);
  expect(run.asked).toEqual([]);
  await run.fetcher.fetch(1);
  expect(run.asked).toContain("frame_0002.exr");
  expect(run.asked).not.toContain("frame_0001.exr");
});

test("nothing new is fetched once it is aborted", async () => {
  await using run = await setUp({ answersAtOnce: false });
  const fetched = run.fetcher.fetch(0).catch((error: unknown) => error);
  await until(() => run.asked.length === 1);
  run.abort.abort(new Error("the lease is lost"));
  run.answer();
  expect(await fetched).toEqual(new Error("the lease is lost"));
  expect(await run.fetcher.fetch(5).catch((error: unknown) => error)).toEqual(new Error("the lease is lost"));
  expect(await run.here()).toEqual([]);
});
