import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ApiJob } from "../../support/api.ts";
import { logged, startDaemon } from "../../support/daemon.ts";
import { ADMIN, startFarm, type Farm } from "../../support/farm.ts";
import { startNginx, type Nginx } from "../../support/nginx.ts";
import { scenes } from "../../support/scenes.ts";
import { until } from "../../support/until.ts";

/** A farm behind Debian's nginx with the site of deploy/nginx, by https. */
const PATIENCE = 120_000;
setDefaultTimeout(PATIENCE);

const MB = 1024 * 1024;

let farm: Farm;
let nginx: Nginx;
let cookie: string;

beforeAll(async () => {
  farm = await startFarm({ flags: ["--trusted-proxy", "127.0.0.1,::1"] });
  nginx = await startNginx(farm.folder, Number(new URL(farm.url).port));
  cookie = (await signIn()).headers.getSetCookie()[0]!.split(";")[0]!;
}, PATIENCE);

afterAll(async () => {
  await nginx?.stop();
  await farm?.stop();
}, PATIENCE);

/** A request by way of nginx. */
function via(
  method: string,
  path: string,
  options: { body?: Bun.BodyInit; headers?: Record<string, string>; through?: Nginx } = {},
): Promise<Response> {
  const { body = null, headers = {}, through = nginx } = options;
  return fetch(through.url + path, {
    method,
    headers: { cookie, ...headers },
    body,
    redirect: "manual",
    tls: { ca: through.certificate },
  });
}

const signIn = (headers: Record<string, string> = {}) =>
  via("POST", "/api/auth/login", {
    body: JSON.stringify(ADMIN),
    headers: { "content-type": "application/json", ...headers, cookie: "" },
  });

/** Curl may call from any address of the loopback network, as different clients do. */
async function curl(from: string, ...args: string[]): Promise<string> {
  const child = Bun.spawn(
    ["curl", "--silent", "--show-error", "--include", "--cacert", nginx.certificateFile, "--interface", from, ...args],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  expect(await child.exited).toBe(0);
  return child.stdout.text();
}

/** A body that is sent piece by piece, when the test says so. */
function slowBody(): { body: ReadableStream<Uint8Array>; send: (bytes: Uint8Array) => void; end: () => void } {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  return { body: readable, send: (bytes) => void writer.write(bytes), end: () => void writer.close() };
}

describe("what a session is told", () => {
  test("cookies are Secure by https, and not without it", async () => {
    const secure = (await signIn()).headers.getSetCookie()[0];
    expect(secure).toMatch(/^jiggablend_session=.*; Secure/);
    expect(secure).toContain("HttpOnly");
    const { headers } = await fetch(`${farm.url}/api/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(ADMIN),
    });
    expect(headers.getSetCookie()[0]).not.toContain("Secure");
  });

  test("every client has its own address, whatever it says of itself", async () => {
    for (const [from, ...flags] of [["127.0.0.2"], ["127.0.0.3", "-H", "X-Forwarded-For: 6.6.6.6"]]) {
      const answer = await curl(
        from!,
        ...flags,
        "-H",
        `Origin: ${nginx.url}`,
        "-A",
        `client ${from}`,
        "--json",
        JSON.stringify(ADMIN),
        `${nginx.url}/api/auth/login`,
      );
      expect(answer).toMatch(/^HTTP\/2 200/);
    }
    const { items } = (await (await via("GET", "/api/auth/sessions")).json()) as {
      items: { userAgent: string; address: string }[];
    };
    const addresses = Object.fromEntries(items.map(({ userAgent, address }) => [userAgent, address]));
    expect(addresses).toMatchObject({ "client 127.0.0.2": "127.0.0.2", "client 127.0.0.3": "127.0.0.3" });
  });

  test("links lead back to where the browser is", async () => {
    const { user } = (await (await via("GET", "/api/auth/me")).json()) as { user: { id: number } };
    const link = (await (
      await via("POST", `/api/admin/users/${user.id}/reset-link`, { headers: { origin: nginx.url } })
    ).json()) as { url: string };
    expect(link.url).toStartWith(`${nginx.url}/reset?token=`);
    expect((await via("GET", "/")).headers.get("location")).not.toContain("http://");
  });

  test("a page of another site is refused, and one of our own is not", async () => {
    const change = (origin: string) => via("DELETE", "/api/auth/identities/google", { headers: { origin } });
    expect((await change("https://evil.example")).status).toBe(403);
    expect((await change(nginx.url)).status).toBe(404); // nothing is connected
  });

  test("plain http leads to https", async () => {
    const answer = await fetch(`${nginx.plainUrl}/jobs?x=1`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([301, "https://127.0.0.1/jobs?x=1"]);
  });
});

describe("what is large", () => {
  test("goes through piece by piece, up and down, and lies in no file of nginx", async () => {
    const { id } = await farm.api.createJob({ autostart: false });
    const scene = await Bun.file(join(await scenes(), "animated.blend")).bytes();
    const piece = crypto.getRandomValues(new Uint8Array(65_536));
    const { body, send, end } = slowBody();
    const sent = via("POST", `/api/jobs/${id}/upload?filename=large.blend`, { body });
    send(scene); // what stands behind its end is left alone
    for (let i = 0; i < 64; i++) send(piece);
    const arrived = () =>
      readdirSync(join(farm.storage, "temp")).reduce(
        (sum, name) => sum + statSync(join(farm.storage, "temp", name)).size,
        0,
      );
    await until("most of it is at the manager before its end is sent", () => arrived() >= 3 * MB, {
      describe: arrived,
    });
    for (const name of readdirSync(nginx.temporary)) expect(readdirSync(join(nginx.temporary, name))).toEqual([]);
    end();
    const answer = await sent;
    expect(answer.status).toBe(201);
    const file = (await answer.json()) as { url: string; size: number };
    expect(file.size).toBe(scene.length + 64 * piece.length);
    const down = new Uint8Array(await (await via("GET", file.url)).arrayBuffer());
    expect(down.subarray(-piece.length)).toEqual(piece);
  });

  test("a resumable upload's PATCH keeps its headers and is passed on as it comes", async () => {
    const seen = Promise.withResolvers<Request>();
    let bytes = 0;
    await using upstream = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: async (request) => {
        if (request.method !== "PATCH") return new Response();
        seen.resolve(request);
        for await (const chunk of request.body!) bytes += chunk.length;
        return new Response(null, {
          status: 204,
          headers: { "upload-offset": String(bytes), "tus-resumable": "1.0.0" },
        });
      },
    });
    await using other = await startNginx(farm.folder, upstream.port!);
    const { body, send, end } = slowBody();
    const headers = {
      "content-type": "application/offset+octet-stream",
      "tus-resumable": "1.0.0",
      "upload-offset": "7",
      "upload-checksum": "sha256 x",
    };
    const sent = via("PATCH", "/api/uploads/1", { body, headers, through: other });
    for (let i = 0; i < 32; i++) send(new Uint8Array(65_536));
    const request = await seen.promise;
    for (const [name, value] of Object.entries(headers)) expect(request.headers.get(name)).toBe(value);
    await until("it arrives before it is whole", () => bytes >= MB);
    end();
    const answer = await sent;
    expect([answer.status, answer.headers.get("upload-offset"), answer.headers.get("tus-resumable")]).toEqual([
      204,
      String(2 * MB),
      "1.0.0",
    ]);
  });

  test("a resumable upload goes on where it was", async () => {
    const size = 4 * MB;
    const resumable = { "tus-resumable": "1.0.0" };
    const headers = { ...resumable, "upload-length": String(size), "upload-metadata": `filename ${btoa("a.blend")}` };
    const place = (await via("POST", "/api/uploads", { headers })).headers.get("location")!;
    expect(place).toStartWith("/api/uploads/");
    for (const offset of [0, size / 2]) {
      const before = await via("HEAD", place, { headers: resumable });
      expect([before.status, before.headers.get("upload-offset")]).toEqual([200, String(offset)]);
      const type = { "content-type": "application/offset+octet-stream", "upload-offset": String(offset) };
      const sent = await via("PATCH", place, { headers: { ...resumable, ...type }, body: new Uint8Array(size / 2) });
      expect([sent.status, sent.headers.get("upload-offset")]).toEqual([204, String(offset + size / 2)]);
    }
  });
});

test("a WebSocket of one of our own pages opens and tells events", async () => {
  const socket = new WebSocket(`${nginx.url.replace("https", "wss")}/api/jobs/ws`, {
    headers: { cookie, origin: nginx.url },
    tls: { ca: nginx.certificate },
  } as never);
  const messages: { type: string; job?: ApiJob }[] = [];
  socket.onmessage = ({ data }) => messages.push(JSON.parse(String(data)) as never);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  socket.send('{"subscribe":"all"}');
  await until("it is subscribed", () => messages.some(({ type }) => type === "subscribed"));
  const job = await farm.api.createJob({ name: "watched" });
  await until("the event has come", () => messages.some((message) => message.job?.id === job.id), {
    describe: () => messages,
  });
  socket.close();
});

test("a runner waits for work, and renders it, by way of nginx", async () => {
  const args = ["runner", "--manager", nginx.url, "--name", "outside", "--workspace", join(farm.folder, "outside")];
  const env = { JIGGABLEND_API_KEY: farm.runnerKey, NODE_EXTRA_CA_CERTS: nginx.certificateFile };
  const runner = startDaemon({ args, folder: farm.folder, name: "outside", env });
  await logged(runner, /registered/, 60);
  const jobId = await farm.api.submit(join(await scenes(), "animated.blend"), { frames: "1" });
  await farm.api.untilJob(jobId, "completed");
  runner.signal("SIGTERM");
  expect(await runner.ended()).toBe(0);
});
