import { expect, test } from "bun:test";
import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createContextCache } from "#runner/context-cache.ts";
import type { ContextOrder } from "#runner/context-download.ts";
import { createManagerClient } from "#runner/manager-client.ts";
import { cutAnswer, FakeManager, refusal, TEST_KEY, type Route } from "./support/fake-manager.ts";
import { sha256Of, stillPatience, tarOf } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

const never = new AbortController().signal;

/** A manager with the projects of some jobs, each with one file of so many bytes, and caches that fetch from it. */
async function setUp(folder: string, sizes: Record<number, number> = { 7: 10 }) {
  const manager = new FakeManager();
  const orders: Record<number, ContextOrder> = {};
  for (const [id, size] of Object.entries(sizes)) {
    const tar = await tarOf({ name: "scene.blend", content: crypto.getRandomValues(new Uint8Array(size)) });
    manager.contexts.set(Number(id), tar);
    orders[Number(id)] = { jobId: Number(id), version: 1, size: tar.length, sha256: sha256Of(tar) };
  }
  const patience = stillPatience();
  const client = createManagerClient({
    ...{ managerUrl: manager.url, apiKey: TEST_KEY, instanceId: "instance-1", time: patience.time },
    onRunnerEnded: () => {},
  });
  const body = { protocol: 1, name: "box", instanceId: "instance-1", hostname: "box", cores: 1, memoryBytes: 1 };
  await client.register({ ...body, gpus: [], blenders: [], encoders: [], sandbox: "", version: "" }, never);
  const asked: string[] = [];
  const instead = (route: Route, request: Request): null => {
    if (route === "context") asked.push(request.headers.get("range") ?? "whole");
    return null;
  };
  manager.instead = instead;
  const newCache = (maxBytes = 1e9) => createContextCache({ folder, maxBytes, client, patience });
  return { manager, orders, patience, asked, newCache, instead };
}

async function useOnce(cache: ReturnType<typeof createContextCache>, order: ContextOrder): Promise<string> {
  const context = await cache.acquire(order, never);
  context.release();
  return context.folder;
}

test("a project is fetched once, and kept for the following tasks", async () => {
  await using folder = await tempFolder();
  const { manager, orders, asked, newCache } = await setUp(folder.path);
  await using _ = manager;
  const cache = newCache();
  const first = await useOnce(cache, orders[7]!);
  expect(await useOnce(cache, orders[7]!)).toBe(first);
  expect(asked).toEqual(["whole"]);
  expect(await readdir(first)).toEqual(["scene.blend"]);
});

test("two tasks that start at once fetch their project once", async () => {
  await using folder = await tempFolder();
  const { manager, orders, asked, newCache } = await setUp(folder.path);
  await using _ = manager;
  const cache = newCache();
  await Promise.all([useOnce(cache, orders[7]!), useOnce(cache, orders[7]!)]);
  expect(asked).toEqual(["whole"]);
});

test("a task that waits for another's fetching does it itself when the other gives up", async () => {
  await using folder = await tempFolder();
  const { manager, orders, asked, newCache, instead } = await setUp(folder.path);
  await using _ = manager;
  const cache = newCache();
  manager.instead = (route, request) => (instead(route, request), new Promise<Response>(() => {}));
  const quitting = new AbortController();
  const first = cache.acquire(orders[7]!, quitting.signal).catch((error: unknown) => error);
  const second = useOnce(cache, orders[7]!);
  await manager.until(() => asked.length === 1);
  manager.instead = instead;
  quitting.abort(new Error("canceled"));
  expect(await first).toEqual(new Error("canceled"));
  expect(await readdir(await second)).toEqual(["scene.blend"]);
});

test("a project is still there after a restart of the runner", async () => {
  await using folder = await tempFolder();
  const { manager, orders, asked, newCache } = await setUp(folder.path);
  await using _ = manager;
  await useOnce(newCache(), orders[7]!);
  const restarted = newCache();
  await restarted.sweep();
  await useOnce(restarted, orders[7]!);
  expect(asked).toEqual(["whole"]);
});

const DAMAGES: [string, (file: string) => Promise<void>][] = [
  ["is gone", (file) => rm(file)],
  ["was cut", async (file) => (await chmod(file, 0o644), writeFile(file, "short"))],
  ["was written to", async (file) => (await chmod(file, 0o644), writeFile(file, await readFile(file)))],
];
test.each(DAMAGES)("a project of which a file %s meanwhile is fetched again after a restart", async (_, damage) => {
  await using folder = await tempFolder();
  const { manager, orders, asked, newCache } = await setUp(folder.path);
  await using __ = manager;
  await damage(join(await useOnce(newCache(), orders[7]!), "scene.blend"));
  const file = join(await useOnce(newCache(), orders[7]!), "scene.blend");
  expect((await readFile(file)).length).toBe(10);
  expect(asked).toEqual(["whole", "whole"]);
});

test("what an earlier process fetched by half is swept away", async () => {
  await using folder = await tempFolder();
  const { manager, newCache } = await setUp(folder.path);
  await using _ = manager;
  await Bun.write(join(folder.path, "9-1/project/half.blend"), "BLEN");
  await newCache().sweep();
  expect(await readdir(folder.path)).toEqual([]);
});

test("a new version of a project is another project", async () => {
  await using folder = await tempFolder();
  const { manager, orders, asked, newCache } = await setUp(folder.path);
  await using _ = manager;
  const cache = newCache();
  const old = await useOnce(cache, orders[7]!);
  expect(await useOnce(cache, { ...orders[7]!, version: 2 })).not.toBe(old);
  expect(asked).toEqual(["whole", "whole"]);
});

test("a project that could not be used is fetched anew next time", async () => {
  await using folder = await tempFolder();
  const { manager, orders, asked, newCache } = await setUp(folder.path);
  await using _ = manager;
  const cache = newCache();
  await useOnce(cache, orders[7]!);
  cache.distrust(orders[7]!);
  await useOnce(cache, orders[7]!);
  await useOnce(cache, orders[7]!);
  expect(asked).toEqual(["whole", "whole"]);
});

test("when space is short the least recently used project goes, also one of before a restart", async () => {
  await using folder = await tempFolder();
  const { manager, orders, patience, newCache } = await setUp(folder.path, { 1: 40_000, 2: 40_000, 3: 40_000 });
  await using _ = manager;
  const before = newCache();
  for (const job of [1, 2, 1]) {
    await useOnce(before, orders[job]!);
    patience.time.advance(1000);
  }
  await useOnce(newCache(100_000), orders[3]!);
  expect((await readdir(folder.path)).sort()).toEqual(["1-1", "3-1"]);
});

test("a project in use is never dropped, whatever the cap", async () => {
  await using folder = await tempFolder();
  const { manager, orders, newCache } = await setUp(folder.path, { 1: 40_000, 2: 40_000 });
  await using _ = manager;
  const cache = newCache(50_000);
  const inUse = await cache.acquire(orders[1]!, never);
  await useOnce(cache, orders[2]!);
  expect(await readdir(inUse.folder)).toEqual(["scene.blend"]);
});

test("a connection that is cut is taken up where it stopped", async () => {
  await using folder = await tempFolder();
  const { manager, orders, patience, asked, newCache, instead } = await setUp(folder.path, { 7: 300_000 });
  await using _ = manager;
  const tar = manager.contexts.get(7)!;
  manager.instead = (route, request) => {
    instead(route, request);
    return asked.length === 1 ? cutAnswer(tar.slice(0, 100_000)) : null;
  };
  const fetching = useOnce(newCache(), orders[7]!);
  await patience.time.waitedFor(1000);
  patience.time.advance(1000);
  const file = await readFile(join(await fetching, "scene.blend"));
  expect(asked).toEqual(["whole", "bytes=100000-"]);
  expect(sha256Of(file)).toBe(sha256Of(tar.subarray(512, 512 + 300_000)));
});

test("an answer that is short without saying so is taken up as well", async () => {
  await using folder = await tempFolder();
  const { manager, orders, patience, asked, newCache, instead } = await setUp(folder.path, { 7: 3000 });
  await using _ = manager;
  manager.instead = (route, request) => {
    instead(route, request);
    return asked.length === 1 ? new Response(manager.contexts.get(7)!.slice(0, 2000)) : null;
  };
  const fetching = useOnce(newCache(), orders[7]!);
  await patience.time.waitedFor(1000);
  patience.time.advance(1000);
  await fetching;
  expect(asked).toEqual(["whole", "bytes=2000-"]);
});

test("a manager that comes back with another archive begins anew", async () => {
  await using folder = await tempFolder();
  const { manager, orders, patience, asked, newCache, instead } = await setUp(folder.path, { 7: 3000 });
  await using _ = manager;
  manager.instead = (route, request) => {
    instead(route, request);
    if (asked.length === 1) return new Response(manager.contexts.get(7)!.slice(0, 2000));
    return asked.length === 2 ? new Response("another") : null;
  };
  const fetching = useOnce(newCache(), orders[7]!);
  await patience.time.waitedFor(1000);
  patience.time.advance(1000);
  await fetching;
  expect(asked).toEqual(["whole", "bytes=2000-", "whole"]);
});

test("an archive with the wrong SHA-256 is fetched three times, and then told of", async () => {
  await using folder = await tempFolder();
  const { manager, orders, asked, newCache } = await setUp(folder.path);
  await using _ = manager;
  const order = { ...orders[7]!, sha256: "0".repeat(64) };
  const error = await useOnce(newCache(), order).catch((error: unknown) => error);
  expect(error).toMatchObject({ name: "BadArchive" });
  expect(asked).toEqual(["whole", "whole", "whole"]);
  expect(await readdir(folder.path)).toEqual([]);
});

test("an abort in the middle leaves nothing behind", async () => {
  await using folder = await tempFolder();
  const { manager, orders, newCache, asked, instead, patience } = await setUp(folder.path, { 7: 300_000 });
  await using _ = manager;
  manager.instead = (route, request) => {
    instead(route, request);
    return asked.length === 1 ? cutAnswer(manager.contexts.get(7)!.slice(0, 100_000)) : null;
  };
  const stop = new AbortController();
  const fetching = newCache().acquire(orders[7]!, stop.signal);
  await patience.time.waitedFor(1000);
  stop.abort(new Error("lease lost"));
  expect(await fetching.catch((error: unknown) => error)).toEqual(new Error("lease lost"));
  expect(await readdir(folder.path)).toEqual([]);
});

test("a refusal of the manager is told as it is", async () => {
  await using folder = await tempFolder();
  const { manager, orders, newCache } = await setUp(folder.path);
  await using _ = manager;
  manager.instead = () => refusal(404, "not_found", "The job is gone.");
  expect(await useOnce(newCache(), orders[7]!).catch((error: unknown) => error)).toMatchObject({
    message: "The job is gone.",
  });
});
