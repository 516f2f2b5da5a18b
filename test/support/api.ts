import type { JobStatus } from "#domain/job.ts";
import type { SceneMetadata } from "#domain/scene.ts";
import type { EncodingProgress } from "#domain/progress.ts";
import type { TaskKind, TaskStatus } from "#domain/task.ts";
import type { VideoFormat } from "#domain/video.ts";
import { until } from "./until.ts";

export type ApiJob = {
  id: number;
  name: string;
  status: JobStatus;
  frames: string | null;
  progress: {
    frames: number;
    framesDone: number;
    tasks: number;
    tasksDone: number;
    tasksFailed: number;
    percent: number;
  };
  warnings: { code: string; message: string }[];
  reason: string | null;
  message: string | null;
};

export type ApiTask = {
  id: number;
  kind: TaskKind;
  format: VideoFormat | null;
  frames: string;
  status: TaskStatus;
  attempt: number;
  runner: { id: number; name: string } | null;
  progress: {
    frame: number | null;
    done: number;
    total: number;
    samples: number | null;
    encoding: EncodingProgress | null;
  } | null;
  reason: string | null;
  message: string | null;
  failures: number;
  attempts: { attempt: number; runner: string; outcome: string; reason: string | null; message: string | null }[];
};

export type ApiFile = {
  id: number;
  name: string;
  frame: number | null;
  size: number;
  sha256: string | null;
  url: string;
  previewUrl: string;
};

/** What the API says instead of what was asked for. */
export type Refusal = { status: number; code: string; message: string };

export type Wishes = Record<string, unknown>;

/** A user of the farm, or anybody, who calls its API. */
export class Api {
  readonly url: string;
  readonly headers: Record<string, string>;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.url = url;
    this.headers = headers;
  }

  /** Signs in with a session cookie. */
  static async signIn(url: string, email: string, password: string): Promise<Api> {
    const answer = await new Api(url).call("POST", "/api/auth/login", { email, password });
    if (!answer.ok) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
    if (!cookie) throw new Error("signing in set no cookie");
    return new Api(url, { cookie });
  }

  /** A program with an API key. */
  static withKey(url: string, key: string): Api {
    return new Api(url, { authorization: `Bearer ${key}` });
  }

  /** One request; a body that is neither a stream nor a form nor bytes is sent as JSON. */
  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const raw =
      body instanceof ReadableStream || body instanceof Blob || body instanceof FormData || body instanceof Uint8Array;
    const type: Record<string, string> = body === undefined || raw ? {} : { "content-type": "application/json" };
    return fetch(this.url + path, {
      method,
      headers: { ...this.headers, ...type, ...headers },
      body: body === undefined ? null : raw ? (body as Bun.BodyInit) : JSON.stringify(body),
    });
  }

  /** The JSON answer to a request that succeeds; throws otherwise. */
  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call(method, path, body);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  createJob(wishes: Wishes = {}): Promise<ApiJob> {
    return this.json("POST", "/api/jobs", { name: "a job", ...wishes });
  }

  upload(jobId: number, name: string, content: Blob | ReadableStream | Uint8Array): Promise<Response> {
    return this.call("POST", `/api/jobs/${jobId}/upload?filename=${encodeURIComponent(name)}`, content);
  }

  /** Makes a job of a file; it starts by itself. Returns its id. */
  async submit(path: string, wishes: Wishes = {}): Promise<number> {
    const name = path.split("/").at(-1)!;
    const job = await this.createJob({ name, ...wishes });
    const answer = await this.upload(job.id, name, Bun.file(path));
    if (answer.status !== 201) throw new Error(`uploading ${name}: ${answer.status} ${await answer.text()}`);
    return job.id;
  }

  job(id: number): Promise<ApiJob> {
    return this.json("GET", `/api/jobs/${id}`);
  }

  metadata(id: number): Promise<SceneMetadata> {
    return this.json("GET", `/api/jobs/${id}/metadata`);
  }

  /** All tasks of a job, in their order, with their attempts. */
  async tasks(id: number): Promise<ApiTask[]> {
    const { items } = await this.json<{ items: ApiTask[] }>("GET", `/api/jobs/${id}/tasks?limit=1000`);
    return Promise.all(items.map((task) => this.json<ApiTask>("GET", `/api/jobs/${id}/tasks/${task.id}`)));
  }

  /** All outputs of a job, by name. */
  async outputs(id: number): Promise<ApiFile[]> {
    const { items } = await this.json<{ items: ApiFile[] }>("GET", `/api/jobs/${id}/outputs?limit=1000`);
    return items.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The content of an output. */
  async output(id: number, name: string): Promise<Uint8Array> {
    const outputs = await this.outputs(id);
    const file = outputs.find((each) => each.name === name);
    if (!file)
      throw new Error(`job ${id} has no ${name}, but ${outputs.map((each) => each.name).join(", ") || "nothing"}`);
    return (await this.call("GET", file.url)).bytes();
  }

  taskLog(jobId: number, taskId: number, after = 0): Promise<Response> {
    return this.call("GET", `/api/jobs/${jobId}/tasks/${taskId}/log?after=${after}`);
  }

  /** Waits until a job has this status; throws at once when it has ended otherwise. */
  async untilJob(id: number, status: JobStatus, seconds = 60): Promise<ApiJob> {
    const ended = ["completed", "failed", "canceled"];
    return until(
      `job ${id} is ${status}`,
      async () => {
        const job = await this.job(id);
        if (job.status === status) return job;
        if (!ended.includes(job.status)) return null;
        throw new Error(
          `job ${id} is ${job.status}, not ${status}:\n${JSON.stringify([job, await this.tasks(id)], null, 1)}`,
        );
      },
      { seconds, describe: async () => [await this.job(id), await this.tasks(id)] },
    );
  }

  /** Waits until a job's tasks are as asked, and returns them. */
  untilTasks(id: number, what: string, fits: (tasks: ApiTask[]) => boolean, seconds = 60): Promise<ApiTask[]> {
    const ask = async () => {
      const tasks = await this.tasks(id);
      return fits(tasks) ? tasks : null;
    };
    return until(`job ${id}: ${what}`, ask, { seconds, describe: () => this.tasks(id) });
  }
}

/** Reads an error answer: its status and code, and that it has the shape that all have. */
export async function refusalOf(answer: Response): Promise<Refusal> {
  const text = await answer.text();
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string; requestId: string } };
    if (!error.code || !error.message || !error.requestId) throw new Error("something is missing in it");
    return { status: answer.status, code: error.code, message: error.message };
  } catch (cause) {
    throw new Error(`no error answer: ${answer.status} ${text.slice(0, 500)}`, { cause });
  }
}
