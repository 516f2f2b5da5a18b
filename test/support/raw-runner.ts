import { reprDigest } from "#protocol/digest.ts";
import {
  RUNNER_HEADER,
  type CompleteBody,
  type HeartbeatAnswer,
  type LeasedTask,
  type RegisterAnswer,
  type TasksAnswer,
} from "#protocol/runner.ts";
import { Api } from "./api.ts";

export type SentFrame = {
  jobId: number;
  taskId: number;
  attempt: number;
  frame: number;
  name?: string;
  content: Uint8Array;
  /** What is said of the content, instead of the truth. */
  sha256?: string;
};

/** A runner that a test plays itself, call by call; it renders nothing. */
export class RawRunner {
  readonly api: Api;
  readonly runnerId: number;

  private constructor(api: Api, runnerId: number) {
    this.api = api;
    this.runnerId = runnerId;
  }

  static async register(url: string, key: string, name = "raw"): Promise<RawRunner> {
    const instanceId = crypto.randomUUID();
    const body = {
      protocol: 1,
      name,
      instanceId,
      hostname: "test",
      cores: 2,
      memoryBytes: 2 ** 33,
      gpus: [],
      // Whatever Blender made the test's scenes.
      blenders: [...Array(200).keys()].map((n) => ({
        version: `${2 + Math.floor(n / 40)}.${Math.floor(n / 2) % 20}.${n % 2}`,
        denoiser: false,
        gpus: [],
      })),
      encoders: [],
      sandbox: "none",
      version: "test",
    };
    const answer = await Api.withKey(url, key).json<RegisterAnswer>("POST", "/api/runner/register", body);
    const headers = { authorization: `Bearer ${key}`, [RUNNER_HEADER]: `${answer.runnerId}.${instanceId}` };
    return new RawRunner(new Api(url, headers), answer.runnerId);
  }

  /** Asks for work and does not wait for it. */
  async ask(holding: readonly LeasedTask[] = [], slots = 1): Promise<LeasedTask[]> {
    const held = holding.map(({ id, attempt }) => `${id}.${attempt}`).join(",");
    const answer = await this.api.call("GET", `/api/runner/tasks?wait=0&slots=${slots}&holding=${held}`);
    if (answer.status === 204) return [];
    if (!answer.ok) throw new Error(`asking for tasks: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as TasksAnswer).tasks;
  }

  /** Asks for one task that must be there. */
  async lease(): Promise<LeasedTask> {
    const [task] = await this.ask();
    if (!task) throw new Error("there is no work");
    return task;
  }

  heartbeat(tasks: readonly LeasedTask[]): Promise<HeartbeatAnswer> {
    const held = tasks.map(({ id, attempt }) => ({ id, attempt }));
    return this.api.json("POST", "/api/runner/heartbeat", { tasks: held, draining: false });
  }

  complete(taskId: number, body: CompleteBody): Promise<Response> {
    return this.api.call("POST", `/api/runner/tasks/${taskId}/complete`, body);
  }

  upload({ jobId, taskId, attempt, frame, name, content, sha256 }: SentFrame): Promise<Response> {
    const query = new URLSearchParams({
      taskId: String(taskId),
      attempt: String(attempt),
      frame: String(frame),
      name: name ?? `frame_${String(frame).padStart(4, "0")}.exr`,
    });
    const digest = reprDigest(sha256 ?? new Bun.CryptoHasher("sha256").update(content).digest("hex"));
    return this.api.call("POST", `/api/runner/files/${jobId}/upload?${query.toString()}`, content, {
      "repr-digest": digest,
    });
  }
}
