import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { insertUpload } from "#manager/db/files.ts";
import { getUser } from "#manager/db/users.ts";
import { createApp, type App } from "#manager/http/app.ts";
import { openApiDocument, type Operation } from "#manager/http/docs/document.ts";
import { addKey } from "#manager/services/keys.ts";
import { openSession } from "#manager/services/sessions.ts";
import { RUNNER_HEADER } from "#protocol/runner.ts";
import { addQueuedJob, addTestRunner, addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

/** Every route of the document, called with what no program should send: nothing is ever a bug of ours. */
type Call = { method: string; url: string; body?: string; type?: string };

const HOSTILE_VALUES = [
  "abc",
  "-1",
  "0",
  "1.5",
  "1e99",
  "99999999999999999999",
  "NaN",
  "%00",
  "..%2F..%2Fetc%2Fpasswd",
  "a".repeat(5000),
];
const HOSTILE_BODIES = [
  "",
  "{",
  "null",
  "[]",
  "5",
  '"text"',
  "{}",
  '{"__proto__":{"admin":true}}',
  `{"name":${JSON.stringify("n".repeat(100_000))}}`,
  `[${"[".repeat(5000)}${"]".repeat(5000)}]`,
];
const WRONG = [null, -1, 1e99, 1.5, "", "x", [], {}, true, "\u0000", "9".repeat(400)];

let farm: MemoryFarm;
let app: App;
let cookie: string;
let runnerHeaders: Record<string, string>;
const document = await (async () => {
  await using forDocument = await memoryFarm();
  return openApiDocument(createApp(forDocument));
})();

beforeAll(async () => {
  farm = await memoryFarm();
  app = createApp(farm);
  const admin = addTestUser(farm, "admin@x", true);
  addQueuedJob(farm, { userId: admin });
  insertUpload(farm.db, { jobId: 1, name: "scene.blend", size: 1, createdAtMs: 0 });
  const token = await openSession(farm, getUser(farm.db, admin)!, { userAgent: "test", address: "test" });
  cookie = `jiggablend_session=${token}`;
  const key = addKey(farm, { name: "farm", scope: "manager", userEmail: null });
  const runner = await addTestRunner(farm, "r", { instanceId: "instance-r" });
  runnerHeaders = { authorization: `Bearer ${key}`, [RUNNER_HEADER]: `${runner.id}.instance-r` };
});

afterAll(() => farm[Symbol.asyncDispose]());

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
    method.toUpperCase(),
    path,
    operation,
  ]),
);

describe.each(operations)("%s %s", (method, path, operation) => {
  test("answers whatever it is sent with a code and a sentence", async () => {
    for (const call of callsOf(method, path, operation)) {
      const answer = await send(call, operation);
      const text = await answer.text();
      const said = `${call.method} ${call.url.slice(0, 200)} ${call.body?.slice(0, 200) ?? ""}: ${answer.status} ${text.slice(0, 300)}`;
      if (answer.status < 400) continue;
      // What is unavailable or not supported says so with a code of its own.
      expect(answer.status === 500 ? said : "no bug").toBe("no bug");
      if (method === "HEAD") continue; // its answer has no body
      const { error } = JSON.parse(text) as { error: { code: string; message: string; requestId: string } };
      expect(error.code).toMatch(/^[a-z_]+$/);
      expect(error.message).toMatch(/^\S.*[.!:?]$|jk_…$/s);
    }
  });
});

/** Calls with one thing wrong at a time, in the path, the query or the body. */
function callsOf(method: string, path: string, { parameters = [], requestBody }: Operation): Call[] {
  const plain = path.replace(/\{(\w+)\}/g, (_, name: string) => (name === "name" ? "context.tar" : "1"));
  const calls: Call[] = [{ method, url: plain }];
  for (const { name, in: place } of parameters)
    for (const value of HOSTILE_VALUES) {
      if (place === "path") calls.push({ method, url: path.replace(`{${name}}`, value).replace(/\{\w+\}/g, "1") });
      if (place === "query") calls.push({ method, url: `${plain}?${name}=${value}` });
    }
  const query = new URLSearchParams(
    parameters.filter((one) => one.in === "query" && one.required).map(({ name }): [string, string] => [name, "1"]),
  );
  const unknown = `${path.replace(/\{\w+\}/g, "4711")}?${query.toString()}`;
  calls.push({ method, url: unknown });
  if (!requestBody) return calls;
  const schema = requestBody.content["application/json"]?.schema as
    { properties?: Record<string, unknown> } | undefined;
  const type = schema ? "application/json" : Object.keys(requestBody.content)[0]!;
  for (const body of HOSTILE_BODIES) calls.push({ method, url: `${plain}?${query.toString()}`, body, type });
  for (const name of Object.keys(schema?.properties ?? {}))
    for (const value of WRONG) calls.push({ method, url: plain, body: JSON.stringify({ [name]: value }), type });
  return calls;
}

function send({ method, url, body, type }: Call, { security }: Operation): Response | Promise<Response> {
  const isRunner = security.some((one) => "runnerKey" in one);
  const headers = { ...(isRunner ? runnerHeaders : { cookie }), ...(type !== undefined && { "content-type": type }) };
  return app.handle(
    new Request(`http://localhost${url}`, {
      method,
      headers: headers as Record<string, string>,
      ...(body !== undefined && { body }),
    }),
  );
}
