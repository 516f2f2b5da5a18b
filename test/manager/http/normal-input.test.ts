import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { PROTOCOL_VERSION } from "#domain/lease.ts";
import { insertStoredBlender } from "#manager/db/blender-versions.ts";
import { insertIdentity } from "#manager/db/identities.ts";
import { listOutputs } from "#manager/db/outputs.ts";
import { getTask } from "#manager/db/tasks.ts";
import { getUser } from "#manager/db/users.ts";
import { createApp, type App } from "#manager/http/app.ts";
import { callbackPath, setOauthClient } from "#manager/services/oauth-settings.ts";
import { createResetLink } from "#manager/services/reset-links.ts";
import { openSession } from "#manager/services/sessions.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { blenderArchive } from "#manager/storage/blender-versions.ts";
import { contextPath } from "#manager/storage/layout.ts";
import { RUNNER_HEADER } from "#protocol/runner.ts";
import { RGBA, sized, writeExr } from "../../support/exr-writer.ts";
import { ANN, BOSS, fillFarm } from "../../support/full-farm.ts";
import { memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

/**
 * Every route of the API, asked by whom it is for and for what it is for, on a farm that has everything. What it answers then is this
 * table's; that nobody else may ask, and what it says to what is wrong, stands in access.test.ts and hostile-input.test.ts.
 */
type Normal = [
  who: "ann" | "boss" | "anybody" | "runner",
  method: string,
  path: string,
  status: number,
  body?: unknown,
];

const REGISTER = {
  ...{ protocol: PROTOCOL_VERSION, name: "render-03", instanceId: "instance-of-3", hostname: "box" },
  ...{ cores: 4, memoryBytes: 8e9, gpus: [], blenders: [], encoders: [], sandbox: "bubblewrap", version: "1" },
};
/** Bodies that are no JSON. */
const [TUS, RAW] = ["tus", "raw"];
const NORMAL: Normal[] = [
  ["anybody", "GET", "/healthz", 200],
  ["boss", "GET", "/metrics", 200],
  ["anybody", "GET", "/api/docs", 200],
  ["anybody", "GET", "/api/docs/json", 200],
  ["anybody", "POST", "/api/auth/login", 200, BOSS],
  [
    "anybody",
    "POST",
    "/api/auth/register",
    201,
    { email: "new@example.com", name: "New", password: "wet paint on a bench" },
  ],
  ["anybody", "GET", "/api/auth/google/login", 302],
  // Of a sign-in that this browser has not begun; one that it has stands in services/oauth-sign-in.test.ts and test/e2e/oauth.test.ts.
  ["anybody", "GET", "/api/auth/google/callback?error=access_denied&state=none", 400],
  ["anybody", "GET", "/api/auth/discord/login", 302],
  ["anybody", "GET", "/api/auth/discord/callback?error=access_denied&state=none", 400],
  ["ann", "GET", "/api/auth/me", 200],
  ["ann", "GET", "/api/auth/sessions", 200],
  ["ann", "DELETE", "/api/auth/sessions/{annsOther}", 204],
  ["ann", "GET", "/api/auth/identities", 200],
  ["ann", "DELETE", "/api/auth/identities/google", 204],
  ["ann", "GET", "/api/keys", 200],
  ["ann", "POST", "/api/keys", 201, { name: "another" }],
  ["ann", "DELETE", "/api/keys/{annsKey}", 204],
  ["ann", "GET", "/api/blender/versions", 200],
  ["ann", "GET", "/api/jobs", 200],
  ["ann", "POST", "/api/jobs", 201, { name: "Fresh", frames: "1-3", autostart: false }],
  ["ann", "GET", "/api/jobs/{completed}", 200],
  ["ann", "PATCH", "/api/jobs/{completed}", 200, { name: "Harbour" }],
  ["ann", "GET", "/api/jobs/{completed}/metadata", 200],
  ["ann", "POST", "/api/jobs/{draft}/upload?filename=notes.txt", 201, RAW],
  ["ann", "GET", "/api/jobs/{completed}/files", 200],
  ["ann", "GET", "/api/jobs/{completed}/files/{output}/download", 200],
  ["ann", "GET", "/api/jobs/{completed}/files/{output}/preview", 200],
  ["ann", "GET", "/api/jobs/{completed}/frames/1/preview", 200],
  ["ann", "GET", "/api/jobs/{completed}/outputs", 200],
  ["ann", "GET", "/api/jobs/{completed}/outputs/archive", 200],
  ["ann", "GET", "/api/jobs/{completed}/tasks", 200],
  ["ann", "GET", "/api/jobs/{failed}/tasks/{failedTask}", 200],
  ["ann", "GET", "/api/jobs/{failed}/tasks/{failedTask}/log", 200],
  ["ann", "GET", "/api/jobs/{completed}/videos", 200],
  ["ann", "POST", "/api/jobs/{completed}/videos", 200, { format: "EXR_264_MP4" }],
  ["ann", "POST", "/api/jobs/{queued}/pause", 200],
  ["ann", "POST", "/api/jobs/{queued}/resume", 200],
  ["ann", "POST", "/api/jobs/{failed}/retry", 200],
  ["ann", "POST", "/api/jobs/{draft}/start", 200],
  ["ann", "DELETE", "/api/jobs/{paused}", 200],
  ["ann", "DELETE", "/api/jobs/{paused}?purge=true", 204],
  ["ann", "OPTIONS", "/api/uploads", 204, TUS],
  ["ann", "POST", "/api/uploads", 201, TUS],
  ["ann", "GET", "/api/uploads", 200],
  ["ann", "GET", "/api/uploads/1", 200],
  ["ann", "PATCH", "/api/uploads/1", 204, TUS],
  ["ann", "DELETE", "/api/uploads/1", 204, TUS],
  ["boss", "GET", "/api/admin/users", 200],
  ["boss", "POST", "/api/admin/users", 201, { email: "cleo@example.com", name: "Cleo" }],
  ["boss", "GET", "/api/admin/users/{ann}", 200],
  ["boss", "PATCH", "/api/admin/users/{ben}", 200, { name: "Benjamin" }],
  ["boss", "POST", "/api/admin/users/{ben}/reset-link", 201],
  ["boss", "GET", "/api/admin/keys", 200],
  ["boss", "POST", "/api/admin/keys", 201, { name: "more boxes", scope: "manager" }],
  ["boss", "DELETE", "/api/admin/keys/{bossKey}", 204],
  ["boss", "GET", "/api/admin/blender", 200],
  ["boss", "POST", "/api/admin/blender", 202, { version: "4.2" }],
  ["boss", "POST", "/api/admin/blender/upload?filename=blender-4.2.1-linux-x64.tar.xz", 202, RAW],
  ["boss", "DELETE", "/api/admin/blender/additions/1", 204],
  ["boss", "DELETE", "/api/admin/blender/4.1.9", 204],
  ["boss", "GET", "/api/admin/jobs", 200],
  ["boss", "POST", "/api/admin/jobs", 200, { action: "prioritize", ids: ["{queued}"], priority: 70 }],
  ["boss", "GET", "/api/admin/stats", 200],
  ["boss", "GET", "/api/admin/settings", 200],
  ["boss", "PATCH", "/api/admin/settings", 200, { "frames-per-render-task": "2" }],
  ["boss", "GET", "/api/admin/runners", 200],
  ["boss", "PATCH", "/api/admin/runners/{idle}", 200, { disabled: true }],
  ["boss", "DELETE", "/api/admin/runners/{offline}", 204],
  ["boss", "DELETE", "/api/admin/users/{ben}", 204],
  ["runner", "POST", "/api/runner/heartbeat", 200, { tasks: [], draining: false }],
  ["runner", "GET", "/api/runner/tasks?wait=0&slots=2&holding=", 200],
  ["runner", "GET", "/api/runner/tasks/{held}/pictures?attempt={attempt}&after=-1&limit=10", 200],
  ["runner", "POST", "/api/runner/tasks/{held}/log?attempt={attempt}&offset=0", 200, RAW],
  ["runner", "GET", "/api/runner/files/{running}/context.tar", 200],
  ["runner", "GET", "/api/runner/blender/4.1.8", 200],
  [
    "runner",
    "POST",
    "/api/runner/files/{running}/upload?taskId={held}&attempt={attempt}&frame={heldFrame}&name={heldName}",
    200,
    RAW,
  ],
  ["runner", "POST", "/api/runner/tasks/{held}/complete", 200, { attempt: "{attempt}", ok: false, givenBack: true }],
  ["runner", "POST", "/api/runner/register", 200, REGISTER],
  [
    "ann",
    "POST",
    "/api/auth/password/change",
    204,
    { oldPassword: ANN.password, newPassword: "a bicycle in the rain" },
  ],
  ["ann", "DELETE", "/api/auth/sessions", 204],
  ["boss", "POST", "/api/auth/logout", 204],
  ["anybody", "POST", "/api/auth/password/reset", 204, { token: "{reset}", newPassword: "dry paint on a bench" }],
];

let farm: MemoryFarm;
let app: App;
const headersOf: Record<string, Record<string, string>> = { anybody: {} };
/** What stands for a name in braces. */
const words: Record<string, string | number> = {};
const EXR = writeExr({ window: sized(64, 36), channels: RGBA });
/** Of raw bodies, what one is where it matters. */
const BODIES: Record<string, Uint8Array> = { "/api/runner/files": EXR };

beforeAll(async () => {
  farm = await memoryFarm({ makePreview: async (_, to) => void (await Bun.write(to, "picture")) });
  const full = await fillFarm(farm);
  app = createApp(farm);
  for (const [name, id] of [
    ["ann", full.annId],
    ["boss", full.bossId],
  ] as const) {
    const token = await openSession(farm, getUser(farm.db, id)!, { userAgent: "test", address: "test" });
    headersOf[name] = { cookie: `jiggablend_session=${token}` };
  }
  const { busy } = full;
  headersOf["runner"] = { authorization: `Bearer ${busy.key}`, [RUNNER_HEADER]: `${busy.id}.${busy.instanceId}` };

  changeSetting(farm, "registration", "on");
  // Nobody listens there: what is fetched is not the point here, but that it is begun.
  changeSetting(farm, "blender-mirror", "http://127.0.0.1:9/");
  for (const provider of ["google", "discord"] as const)
    setOauthClient(farm, provider, {
      ...{ clientId: "id", clientSecret: "secret" },
      redirectUrl: `http://localhost${callbackPath(provider)}`,
    });
  const createdAtMs = farm.clock.nowMs();
  insertIdentity(farm.db, { provider: "google", subject: "9", userId: full.annId, email: ANN.email, createdAtMs });
  const held = busy.holds[0]!;
  const stored = { size: 5, sha256: "0".repeat(64), unpackedBytes: 5, abilities: null, addedAtMs: 0 };
  for (const version of ["4.1.8", "4.1.9"]) {
    insertStoredBlender(farm.db, { ...stored, version });
    await Bun.write(blenderArchive(farm.storage, version), "a tar");
  }
  await Bun.write(contextPath(farm.storage, full.jobs.running), "a tar");
  const heldFrame = Number(getTask(farm.db, held.id)!.frames);
  Object.assign(words, full.jobs, {
    ...{ ann: full.annId, ben: full.benId, idle: full.idle, offline: full.offline, failedTask: full.failedTask },
    ...{ held: held.id, attempt: held.attempt, heldFrame, heldName: `frame_${String(heldFrame).padStart(4, "0")}.exr` },
    reset: (await createResetLink(farm, full.bossId)).token,
    output: listOutputs(farm.db, full.jobs.completed, 0, 1)[0]!.id,
    annsKey: idOf("SELECT id FROM api_keys WHERE user_id = ? ORDER BY id", full.annId),
    bossKey: idOf("SELECT id FROM api_keys WHERE user_id = ? ORDER BY id", full.bossId),
    annsOther: idOf("SELECT id FROM sessions WHERE user_id = ? ORDER BY id", full.annId),
  });
});
afterAll(() => farm[Symbol.asyncDispose]());

function idOf(sql: string, userId: number): number {
  return farm.db.query<{ id: number }, [number]>(sql).get(userId)!.id;
}

/** A text with what stands for its names in braces; a number that was quoted becomes one. */
function filled(text: string): string {
  return text.replace(/"\{(\w+)\}"|\{(\w+)\}/g, (whole, quoted: string, plain: string) => {
    const word = words[quoted ?? plain];
    if (word === undefined) return whole;
    return quoted && typeof word === "string" ? `"${word}"` : String(word);
  });
}

function requestOf([who, method, path, , body]: Normal): Request {
  const url = `http://localhost${filled(path)}`;
  const headers = new Headers(headersOf[who]);
  if (body === undefined) return new Request(url, { method, headers });
  if (body === TUS) {
    headers.set("tus-resumable", "1.0.0");
    if (method === "POST") headers.set("upload-length", "3");
    if (method === "POST") headers.set("upload-metadata", `filename ${btoa("a.blend")}`);
    if (method !== "PATCH") return new Request(url, { method, headers });
    headers.set("upload-offset", "0");
    headers.set("content-type", "application/offset+octet-stream");
    return new Request(url, { method, headers, body: "abc" });
  }
  if (body === RAW) {
    const raw = Object.entries(BODIES).find(([prefix]) => path.startsWith(prefix))?.[1] ?? Buffer.from("some bytes");
    headers.set("content-type", "application/octet-stream");
    headers.set("repr-digest", `sha-256=:${createHash("sha256").update(raw).digest("base64")}:`);
    return new Request(url, { method, headers, body: Buffer.from(raw) });
  }
  headers.set("content-type", "application/json");
  return new Request(url, { method, headers, body: filled(JSON.stringify(body)) });
}

for (const row of NORMAL) {
  const [who, method, path, status] = row;
  test(`${who}: ${method} ${path} is answered with ${status}`, async () => {
    const answer = await app.handle(requestOf(row));
    const said = await answer.text();
    expect(answer.status, said.slice(0, 300)).toBe(status);
  });
}

test("every route of the API stands in the table", () => {
  // A socket is opened by no plain request; test/e2e/socket.test.ts does it.
  const missing = app.routes.filter(({ method, path }) => {
    if (!/^\/(api\/|metrics$|healthz$)/.test(path) || method === "HEAD" || path.endsWith("/ws")) return false;
    const shape = path.split("/").map((part) => (part.startsWith(":") ? "[^/]+" : part));
    return !NORMAL.some(
      ([, known, asked]) => known === method && new RegExp(`^${shape.join("/")}$`).test(asked.replace(/\?.*/, "")),
    );
  });
  expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});
