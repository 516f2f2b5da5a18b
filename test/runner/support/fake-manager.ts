import { parseReprDigest } from "#protocol/digest.ts";
import { RUNNER_HEADER } from "#protocol/runner.ts";
import type { CompleteBody, HeartbeatBody, LeasedTask, RegisterBody } from "#protocol/runner.ts";
import { sha256Of } from "./fixtures.ts";

export const TEST_KEY = "jk_test_0123456789";

export type Route = "register" | "heartbeat" | "tasks" | "complete" | "log" | "context" | "upload";

type Answer = Response | Promise<Response>;
type Handler = (request: Request, url: URL, id: number) => Answer;

/** A manager with just enough of a farm to test a runner against, over real HTTP; it can be made to misbehave. */
export class FakeManager {
  readonly registrations: RegisterBody[] = [];
  readonly beats: HeartbeatBody[] = [];
  readonly polls: URLSearchParams[] = [];
  readonly ends: (CompleteBody & { id: number })[] = [];
  /** SHA-256 of each file by name, as uploaded first. */
  readonly filed = new Map<string, string>();
  /** Uploads that had been filed before. */
  copies = 0;
  readonly logs = new Map<string, string>();
  readonly contexts = new Map<number, Uint8Array>();
  /** What is to be done; a poll takes from here. */
  readonly queue: LeasedTask[] = [];
  readonly leased = new Map<string, LeasedTask>();
  readonly abandoned = new Set<string>();
  drain = false;
  runnerId = 1;
  /** Answers in place of the manager, or after it has done its work; null lets it answer. */
  instead: (route: Route, request: Request) => Answer | null = () => null;
  after: (route: Route, answer: Response) => Response = (_, answer) => answer;

  #server: Bun.Server<undefined> | null = null;
  #port = 0;
  #instanceId: string | null = null;
  #watchers: { condition: () => boolean; resolve: () => void }[] = [];
  #work = Promise.withResolvers<void>();

  constructor() {
    this.start();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  start(): void {
    this.#server = Bun.serve({
      hostname: "127.0.0.1",
      port: this.#port,
      idleTimeout: 0,
      fetch: async (request) => {
        const answer = await this.#answer(request);
        // After the answer is made, so that a test sees what it has changed.
        queueMicrotask(() => this.#look());
        return answer;
      },
    });
    this.#port = this.#server.port ?? 0;
  }

  /** Cuts all connections, as a manager that is killed does. */
  async stop(): Promise<void> {
    await this.#server?.stop(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Resolves as soon as a call has made this true. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => this.#watchers.push({ condition, resolve }));
  }

  add(task: LeasedTask): void {
    this.queue.push(task);
    this.#work.resolve();
    this.#work = Promise.withResolvers();
  }

  #look(): void {
    const met = this.#watchers.filter(({ condition }) => condition());
    this.#watchers = this.#watchers.filter((watcher) => !met.includes(watcher));
    for (const { resolve } of met) resolve();
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const found = ROUTES.find(({ pattern }) => pattern.test(url.pathname));
    if (!found) return refusal(404, "not_found");
    const id = Number(found.pattern.exec(url.pathname)?.[1]);
    const instead = this.instead(found.route, request);
    this.#look();
    if (instead) return instead;
    const stranger = this.#refuseStrangers(found.route, request);
    if (stranger) return stranger;
    const handlers: Record<Route, Handler> = {
      register: (each) => this.#register(each),
      heartbeat: (each) => this.#heartbeat(each),
      tasks: (each, at) => this.#tasks(each, at),
      complete: (each, _, task) => this.#complete(each, task),
      log: (each, at, task) => this.#log(each, at, task),
      context: (each, _, job) => this.#context(each, job),
      upload: (each, at) => this.#upload(each, at),
    };
    return this.after(found.route, await handlers[found.route](request, url, id));
  }

  #refuseStrangers(route: Route, request: Request): Response | null {
    if (request.headers.get("authorization") !== `Bearer ${TEST_KEY}`) return refusal(401, "unauthorized");
    if (route === "register") return null;
    const [runnerId, instanceId] = (request.headers.get(RUNNER_HEADER) ?? "").split(".");
    if (Number(runnerId) !== this.runnerId) return refusal(404, "not_found");
    return instanceId === this.#instanceId ? null : refusal(409, "superseded");
  }

  async #register(request: Request): Promise<Response> {
    const body = (await request.json()) as RegisterBody;
    this.registrations.push(body);
    this.#instanceId = body.instanceId;
    return Response.json({
      runnerId: this.runnerId,
      name: body.name,
      protocol: 1,
      heartbeatSeconds: 5,
      leaseSeconds: 15,
    });
  }

  /** As when another process registers under the same name. */
  supersede(): void {
    this.#instanceId = "somebody-else";
  }

  async #heartbeat(request: Request): Promise<Response> {
    const body = (await request.json()) as HeartbeatBody;
    this.beats.push(body);
    const abandon = body.tasks
      .filter(({ id, attempt }) => this.abandoned.has(`${id}.${attempt}`))
      .map(({ id, attempt }) => ({ id, attempt, why: "canceled" }));
    return Response.json({ abandon, drain: this.drain });
  }

  async #tasks(request: Request, url: URL): Promise<Response> {
    this.polls.push(url.searchParams);
    this.#look();
    const slots = Number(url.searchParams.get("slots"));
    const holding = (url.searchParams.get("holding") ?? "").split(",");
    const strays = [...this.leased].filter(([name]) => !holding.includes(name)).map(([, task]) => task);
    if (strays.length > 0) return Response.json({ tasks: strays });
    const hasWork = slots > 0 && this.queue.length > 0;
    if (!hasWork && url.searchParams.get("wait") !== "0") await this.#workOrAbort(request);
    if (request.signal.aborted) return refusal(499, "gone");
    const tasks = this.queue.splice(0, slots);
    for (const task of tasks) this.leased.set(`${task.id}.${task.attempt}`, task);
    return tasks.length > 0 ? Response.json({ tasks }) : new Response(null, { status: 204 });
  }

  #workOrAbort(request: Request): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    void this.#work.promise.then(resolve);
    request.signal.addEventListener("abort", () => resolve());
    return promise;
  }

  async #complete(request: Request, id: number): Promise<Response> {
    const body = (await request.json()) as CompleteBody;
    this.ends.push({ ...body, id });
    this.leased.delete(`${id}.${body.attempt}`);
    return Response.json({ ok: true });
  }

  async #log(request: Request, url: URL, id: number): Promise<Response> {
    const name = `${id}.${url.searchParams.get("attempt")}`;
    const before = this.logs.get(name) ?? "";
    const text = await request.text();
    if (Buffer.byteLength(before) === Number(url.searchParams.get("offset"))) this.logs.set(name, before + text);
    return Response.json({ size: Buffer.byteLength(this.logs.get(name) ?? "") });
  }

  #context(request: Request, jobId: number): Response {
    const tar = this.contexts.get(jobId);
    if (!tar) return refusal(404, "not_found");
    const etag = `"${sha256Of(tar)}"`;
    const range = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "");
    const ifRange = request.headers.get("if-range");
    if (!range || (ifRange !== null && ifRange !== etag))
      return new Response(tar as Uint8Array<ArrayBuffer>, { headers: { etag } });
    const from = Number(range[1]);
    return new Response(tar.slice(from), {
      status: 206,
      headers: { etag, "content-range": `bytes ${from}-${tar.length - 1}/${tar.length}` },
    });
  }

  async #upload(request: Request, url: URL): Promise<Response> {
    const bytes = await request.bytes();
    const name = url.searchParams.get("name") ?? "";
    const sha256 = sha256Of(bytes);
    if (parseReprDigest(request.headers.get("repr-digest")) !== sha256) return refusal(422, "wrong_digest");
    const alreadyFiled = this.filed.has(name);
    if (alreadyFiled) this.copies += 1;
    else this.filed.set(name, sha256);
    return Response.json({ id: this.filed.size, name, alreadyFiled });
  }
}

/** An error answer as the manager writes it. */
export function refusal(status: number, code: string, message = `refused: ${code}`): Response {
  return Response.json({ error: { code, message, requestId: "test" } }, { status });
}

/** What is sent right before a cut may be lost on the way; this is long enough for it to arrive on the loopback. */
const ON_THE_WAY_MS = 20;

/** An answer whose connection is cut after these bytes. */
export function cutAnswer(bytes: Uint8Array): Response {
  let sent = false;
  const stream = new ReadableStream({
    pull: async (controller) => {
      if (!sent) controller.enqueue(bytes);
      else await Bun.sleep(ON_THE_WAY_MS).then(() => controller.error());
      sent = true;
    },
  });
  return new Response(stream);
}

const ROUTES: { route: Route; pattern: RegExp }[] = [
  { route: "register", pattern: /^\/api\/runner\/register$/ },
  { route: "heartbeat", pattern: /^\/api\/runner\/heartbeat$/ },
  { route: "tasks", pattern: /^\/api\/runner\/tasks$/ },
  { route: "complete", pattern: /^\/api\/runner\/tasks\/(\d+)\/complete$/ },
  { route: "log", pattern: /^\/api\/runner\/tasks\/(\d+)\/log$/ },
  { route: "context", pattern: /^\/api\/runner\/files\/(\d+)\/context\.tar$/ },
  { route: "upload", pattern: /^\/api\/runner\/files\/(\d+)\/upload$/ },
];
