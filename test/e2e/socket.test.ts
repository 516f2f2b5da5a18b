import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Api } from "../support/api.ts";
import { sized, writeExr } from "../support/exr-writer.ts";
import { ADMIN, startFarm, type Farm } from "../support/farm.ts";
import { peakMemoryBytes } from "../support/processes.ts";
import { RawRunner } from "../support/raw-runner.ts";
import { scenes } from "../support/scenes.ts";
import { openSocket, type SocketClient, type SocketMessage } from "../support/socket.ts";
import { until } from "../support/until.ts";

/** The socket through which clients watch jobs. */
const PATIENCE = 120_000;
setDefaultTimeout(PATIENCE);

let farm: Farm;
let ann: Api;
let ben: Api;
let runner: RawRunner;

beforeAll(async () => {
  farm = await startFarm();
  [ann, ben] = await Promise.all([farm.addUser("ann@example.com"), farm.addUser("ben@example.com")]);
  runner = await RawRunner.register(farm.url, farm.runnerKey);
}, PATIENCE);
afterAll(() => farm?.stop(), PATIENCE);

const open = (user: Api): Promise<SocketClient> => openSocket(farm.url, user.headers);

/** A queued job with as many tasks as frames. */
async function queuedJob(user: Api, frames: string): Promise<number> {
  const id = await user.submit(join(await scenes(), "animated.blend"), { frames });
  await user.untilJob(id, "queued");
  return id;
}

/** Renders the next task of the farm as a runner does: takes it, writes a line, files the frame, says that it is done. */
async function renderNext(): Promise<void> {
  const task = await runner.lease();
  const { id: taskId, attempt, jobId } = task;
  await runner.api.call(
    "POST",
    `/api/runner/tasks/${taskId}/log?attempt=${attempt}&offset=0`,
    new TextEncoder().encode("Fra:1\n"),
  );
  const content = new Uint8Array(writeExr({ window: sized(64, 36), compression: "zip" }));
  expect((await runner.upload({ jobId, taskId, attempt, frame: Number(task.frames), content })).status).toBe(200);
  expect((await runner.complete(taskId, { attempt, ok: true })).status).toBe(200);
}

const things = (messages: SocketMessage[]) =>
  new Set(messages.map(({ type, jobId }) => `${type} ${jobId ?? ""}`.trim()));

describe("who may open one", () => {
  const handshake = {
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-version": "13",
  };
  const status = async (headers: Record<string, string>) =>
    (await fetch(`${farm.url}/api/jobs/ws`, { headers: { ...handshake, ...headers } })).status;

  test("nobody, no wrong key, no runner's key, and no page of another site", async () => {
    expect(await status({})).toBe(401);
    expect(await status({ authorization: "Bearer jk_r0_wrong" })).toBe(401);
    expect(await status({ authorization: `Bearer ${farm.runnerKey}` })).toBe(403);
    expect(await status({ ...ann.headers, origin: "https://evil.example" })).toBe(403);
  });

  test("a key of a user, which hears what the user would", async () => {
    const key = await farm.addKey("of ann", "--scope", "user", "--user", "ann@example.com");
    const socket = await openSocket(farm.url, { authorization: `Bearer ${key}` });
    await socket.subscribe("all");
    const { id } = await ann.createJob();
    await socket.hears("her own job", ({ jobId }) => jobId === id);
    await socket.close();
  });
});

test("every kind of event comes, with a number that grows, of the user's own jobs alone", async () => {
  const [mine, others, admins] = [await open(ann), await open(ben), await open(farm.api)];
  for (const socket of [mine, others, admins]) await socket.subscribe("all");
  const id = await queuedJob(ann, "1-2");
  await renderNext();
  await renderNext();
  await ann.untilJob(id, "completed");
  for (const socket of [mine, admins]) {
    await socket.hears(
      "its end",
      ({ type, job }) => type === "job" && (job as { status: string }).status === "completed",
    );
    expect(things(socket.heard)).toEqual(
      new Set(["subscribed", `job ${id}`, `task ${id}`, `output ${id}`, `log ${id}`]),
    );
    const numbers = socket.heard.slice(1).map(({ seq }) => seq);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  }
  // What an event shows is what the API shows.
  expect(mine.heard.findLast(({ type }) => type === "job")!["job"]).toEqual((await ann.job(id)) as never);
  const output = mine.heard.findLast(({ type }) => type === "output")!["output"] as { id: number };
  expect(await ann.outputs(id)).toContainEqual(output as never);

  expect(things(others.heard)).toEqual(new Set(["subscribed"]));
  expect(await others.subscribe([id])).toMatchObject({ type: "error", code: "not_found" });
  for (const socket of [mine, others, admins]) await socket.close();
});

test("one that subscribes to some jobs hears of no others", async () => {
  const [one, two] = [await ann.createJob(), await ann.createJob()];
  const socket = await open(ann);
  await socket.subscribe([two.id]);
  for (const { id } of [one, two]) await ann.json("PATCH", `/api/jobs/${id}`, { name: `renamed ${id}` });
  await socket.hears("the one", ({ jobId }) => jobId === two.id);
  expect(things(socket.heard)).toEqual(new Set(["subscribed", `job ${two.id}`]));
  await socket.close();
});

test("one that comes back with its last number misses nothing of what happened meanwhile", async () => {
  const before = await open(ann);
  await before.subscribe("all");
  const id = await queuedJob(ann, "1-3");
  await renderNext();
  const { seq } = await before.hears("the first frame", ({ type, jobId }) => type === "output" && jobId === id);
  await before.close();

  await renderNext();
  await renderNext();
  const created = await ann.createJob({ name: "meanwhile" });
  const after = await open(ann);
  expect(await after.subscribe("all", seq)).toMatchObject({ type: "subscribed", seq });
  await after.hears("the latest of all", ({ jobId }) => jobId === created.id);
  const heard = after.heard.slice(1);
  expect(
    heard
      .filter(({ type }) => type === "output")
      .map(({ output }) => (output as { frame: number }).frame)
      .sort(),
  ).toEqual([2, 3]);
  expect(heard.findLast(({ type, jobId }) => type === "job" && jobId === id)!["job"]).toMatchObject({
    status: "completed",
  });
  const tasks = new Map(
    heard
      .filter(({ type }) => type === "task")
      .map(({ task }) => [(task as { id: number }).id, (task as { status: string }).status]),
  );
  expect([...tasks.values()]).toEqual(expect.arrayContaining(["completed", "completed"]));
  expect(heard.every((message) => message.seq > seq)).toBe(true);
  await after.close();
});

test("when the manager restarts it is closed, and who comes back is told to reload", async () => {
  const socket = await open(ann);
  const { seq } = await socket.subscribe("all");
  farm.manager().signal("SIGTERM");
  expect(await socket.closed).toBe(1001);
  expect(await farm.manager().ended()).toBe(0);
  await farm.restart();
  const again = await open(ann);
  await again.subscribe("all", seq);
  const reload = await again.hears("it is told to reload", ({ type }) => type === "reload");
  expect(reload.seq).toBeGreaterThan(seq);
  const { id } = await ann.createJob();
  expect((await again.hears("what comes then", ({ jobId }) => jobId === id)).seq).toBeGreaterThan(reload.seq);
  await again.close();
  runner = await RawRunner.register(farm.url, farm.runnerKey);
});

/** A client that subscribes and then reads nothing at all. */
async function deafClient(headers: Record<string, string>): Promise<Socket> {
  const { hostname, port } = new URL(farm.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  const lines = Object.entries({
    ...headers,
    Host: `${hostname}:${port}`,
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
  });
  socket.write(`GET /api/jobs/ws HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
  const message = '{"subscribe":"all"}';
  // A frame of text from a client is masked; with zeros it stays as it is (RFC 6455, section 5.3).
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | message.length, 0, 0, 0, 0]), Buffer.from(message)]));
  await until("it is there", () => socket.readyState === "open");
  return socket;
}

test("one that takes nothing is dropped, and one who has signed out hears no more; others go on", async () => {
  const signedOut = await Api.signIn(farm.url, ADMIN.email, ADMIN.password);
  const [gone, steady] = [await openSocket(farm.url, signedOut.headers), await open(ann)];
  for (const socket of [gone, steady]) await socket.subscribe("all");
  expect((await signedOut.call("POST", "/api/auth/logout")).status).toBe(204);

  const deaf = await deafClient(ann.headers);
  const memory = peakMemoryBytes(farm.manager().pid);
  const { id } = await ann.createJob();
  const wide = (i: number) => ({ mainFile: `${"x".repeat(4000)}${i}` });
  const dropped = () =>
    /a socket was dropped user=\d+ why="it (takes nothing|was too slow)"/.test(farm.manager().log());
  const changing = (async () => {
    for (let i = 0; i < 2000; i++) await ann.json("PATCH", `/api/jobs/${id}`, wide(i));
  })();
  await until("the deaf one is dropped", dropped, { seconds: 60 });
  await changing;
  expect(await gone.closed).toBe(1008);
  expect(peakMemoryBytes(farm.manager().pid) - memory).toBeLessThan(100e6);

  const last = (await ann.job(id)) as { mainFile?: string };
  await steady.hears(
    "the last change",
    ({ job }) => (job as { mainFile?: string } | undefined)?.mainFile === last.mainFile,
  );
  deaf.destroy();
  await steady.close();
});
