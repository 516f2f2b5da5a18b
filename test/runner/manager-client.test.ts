import { expect, test } from "bun:test";
import { join } from "node:path";
import { createManagerClient } from "#runner/manager-client.ts";
import { ManagerRefusal, ManagerUnreachable } from "#runner/manager-errors.ts";
import { cutAnswer, FakeManager, refusal, TEST_KEY } from "./support/fake-manager.ts";
import { FakeTime } from "./support/fake-time.ts";
import { aTask, sha256Of } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

const BODY = {
  ...{ protocol: 1, name: "box", instanceId: "instance-1", hostname: "box", cores: 4, memoryBytes: 1 },
  ...{ gpus: [], blenders: [], encoders: [], sandbox: "none", version: "test" },
};
const BEAT = { tasks: [], draining: false };
const never = new AbortController().signal;

function clientOf(managerUrl: string, apiKey = TEST_KEY) {
  const time = new FakeTime();
  const ended: ManagerRefusal[] = [];
  const onRunnerEnded = (refusal: ManagerRefusal) => void ended.push(refusal);
  const client = createManagerClient({ managerUrl, apiKey, instanceId: BODY.instanceId, time, onRunnerEnded });
  return { client, time, ended };
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => error,
  );
}

test("after registering, every call says which runner it comes from", async () => {
  await using manager = new FakeManager();
  const { client } = clientOf(manager.url);
  await client.register(BODY, never);
  expect(await client.heartbeat(BEAT, 1000, never)).toEqual({ abandon: [], drain: false });
});

test("a manager behind a path of a proxy is found there", async () => {
  const asked: string[] = [];
  const seen = (request: Request) => {
    asked.push(new URL(request.url).pathname);
    return Response.json({ abandon: [], drain: false });
  };
  const proxy = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: seen });
  await clientOf(`${proxy.url.origin}/render`).client.heartbeat(BEAT, 1000, never);
  await proxy.stop(true);
  expect(asked).toEqual(["/render/api/runner/heartbeat"]);
});

const PASSING: [string, () => Response][] = [
  ["500 of the manager", () => refusal(500, "internal")],
  ["507, a full disk", () => refusal(507, "disk_full")],
  ["a proxy's 502 page", () => new Response("<html>Bad Gateway</html>", { status: 502 })],
  ["429", () => refusal(429, "rate_limited")],
  ["an upload that arrived cut", () => refusal(400, "upload_incomplete")],
  ["a 200 that is no answer of a manager", () => new Response("<html>Sign in to the hotel Wi-Fi</html>")],
  ["a 200 of another shape", () => Response.json({ abandon: "all" })],
  ["an answer that breaks off", () => cutAnswer(new Uint8Array(1))],
];
test.each(PASSING)("%s is worth trying again", async (_, answer) => {
  await using manager = new FakeManager();
  manager.instead = answer;
  expect(await failureOf(clientOf(manager.url).client.heartbeat(BEAT, 1000, never))).toBeInstanceOf(ManagerUnreachable);
});

test("a port where nothing listens is worth trying again", async () => {
  const manager = new FakeManager();
  await manager.stop();
  const error = await failureOf(clientOf(manager.url).client.heartbeat(BEAT, 1000, never));
  expect(error).toBeInstanceOf(ManagerUnreachable);
  expect(error).toMatchObject({ status: null, message: "nothing listens at that address" });
});

test("a manager may say when to come again", async () => {
  await using manager = new FakeManager();
  manager.instead = () => new Response("", { status: 503, headers: { "retry-after": "7" } });
  expect(await failureOf(clientOf(manager.url).client.heartbeat(BEAT, 1000, never))).toMatchObject({
    status: 503,
    retryAfterMs: 7000,
  });
});

test("another 4xx is final, with the manager's own sentence", async () => {
  await using manager = new FakeManager();
  manager.instead = () => refusal(422, "bad_frame", "The frame is truncated.");
  const error = await failureOf(clientOf(manager.url).client.heartbeat(BEAT, 1000, never));
  expect(error).toBeInstanceOf(ManagerRefusal);
  expect(error).toMatchObject({ status: 422, code: "bad_frame", message: "The frame is truncated." });
});

test("a redirect is final and names the address to give", async () => {
  await using manager = new FakeManager();
  manager.instead = () => Response.redirect("https://farm.example.org/", 301);
  const error = await failureOf(clientOf(manager.url).client.heartbeat(BEAT, 1000, never));
  expect(error).toMatchObject({ code: "moved", message: expect.stringContaining("https://farm.example.org/") });
});

test("a manager that never answers is given up after the call's patience", async () => {
  await using manager = new FakeManager();
  manager.instead = () => new Promise<Response>(() => {});
  const { client, time } = clientOf(manager.url);
  const failure = failureOf(client.heartbeat(BEAT, 10_000, never));
  await time.waitedFor(10_000);
  time.advance(10_000);
  expect(await failure).toEqual(new ManagerUnreachable("no answer within 10 s"));
});

test("an abort ends a call with the abort's own reason", async () => {
  await using manager = new FakeManager();
  const stop = new AbortController();
  const { client } = clientOf(manager.url);
  await client.register(BODY, never);
  const poll = failureOf(client.tasks({ waitSeconds: 30, slots: 1, holding: "" }, stop.signal));
  await manager.until(() => manager.polls.length === 1);
  stop.abort(new Error("enough"));
  expect(await poll).toEqual(new Error("enough"));
});

test("a poll without work is an empty list", async () => {
  await using manager = new FakeManager();
  const { client } = clientOf(manager.url);
  await client.register(BODY, never);
  expect(await client.tasks({ waitSeconds: 0, slots: 1, holding: "" }, never)).toEqual([]);
});

test("a poll brings the tasks as leased", async () => {
  await using manager = new FakeManager();
  const { client } = clientOf(manager.url);
  await client.register(BODY, never);
  manager.add(aTask());
  expect(await client.tasks({ waitSeconds: 30, slots: 1, holding: "" }, never)).toEqual([aTask()]);
});

test("a wrong key at the registration is a refusal like any other", async () => {
  await using manager = new FakeManager();
  const { client, ended } = clientOf(manager.url, "jk_wrong");
  expect(await failureOf(client.register(BODY, never))).toMatchObject({ status: 401 });
  expect(ended).toEqual([]);
});

const ENDING: [string, () => Response][] = [
  ["a revoked key", () => refusal(401, "unauthorized")],
  ["a newer process of the same name", () => refusal(409, "superseded")],
];
test.each(ENDING)("%s ends the runner, whatever was called", async (_, answer) => {
  await using manager = new FakeManager();
  const { client, ended } = clientOf(manager.url);
  await client.register(BODY, never);
  manager.instead = answer;
  const error = await failureOf(client.complete(1, { attempt: 1, ok: true }, never));
  expect(ended).toEqual([error as ManagerRefusal]);
});

test("a file is uploaded with its length and its digest", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "frame_0001.exr");
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  await Bun.write(path, bytes);
  await using manager = new FakeManager();
  const { client } = clientOf(manager.url);
  await client.register(BODY, never);
  const lengths: (string | null)[] = [];
  manager.instead = (_, request) => (lengths.push(request.headers.get("content-length")), null);
  const query = { taskId: 11, attempt: 1, frame: 1, name: "frame_0001.exr", of: 1 };
  const file = { path, size: bytes.length, sha256: sha256Of(bytes) };
  expect(await client.upload(7, query, file, never)).toMatchObject({ name: "frame_0001.exr", alreadyFiled: false });
  expect(lengths).toEqual(["60000"]);
  expect(manager.filed.get("frame_0001.exr")).toBe(file.sha256);
});

test("a refusal that comes before the body was read is heard all the same", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "large.exr");
  await Bun.write(path, new Uint8Array(8_000_000));
  await using manager = new FakeManager();
  manager.instead = () => refusal(409, "lease_lost");
  const query = { taskId: 11, attempt: 1, frame: 1, name: "large.exr" };
  const upload = clientOf(manager.url).client.upload(
    7,
    query,
    { path, size: 8_000_000, sha256: sha256Of(new Uint8Array(0)) },
    never,
  );
  expect(await failureOf(upload)).toMatchObject({ code: "lease_lost" });
});

test("a file that is gone is an error of this machine, not of the network", async () => {
  await using manager = new FakeManager();
  const query = { taskId: 11, attempt: 1, frame: 1, name: "gone.exr" };
  const upload = clientOf(manager.url).client.upload(
    7,
    query,
    { path: "/nowhere/gone.exr", size: 5, sha256: "00" },
    never,
  );
  expect(await failureOf(upload)).toMatchObject({ code: "ENOENT" });
});
