import { reprDigest } from "#protocol/digest.ts";
import {
  heartbeatAnswer,
  picturesAnswer,
  registerAnswer,
  tasksAnswer,
  uploadAnswer,
  type CompleteBody,
  type HeartbeatAnswer,
  type HeartbeatBody,
  type LeasedTask,
  type LogQuery,
  type Pictures,
  type PicturesQuery,
  type RegisterAnswer,
  type RegisterBody,
  type UploadAnswer,
  type UploadQuery,
} from "#protocol/runner.ts";
import type { Deadline } from "./deadline.ts";
import { readJson } from "./manager-answer.ts";
import { callManager, type Caller } from "./manager-call.ts";
import type { ManagerRefusal } from "./manager-errors.ts";
import type { Time } from "./time.ts";

/** A small call that took longer than this has been lost on the way. */
const CALL_PATIENCE_MS = 30_000;

/** A long poll is answered when its wait is over; the rest is for the way. */
const POLL_MARGIN_MS = 15_000;

/** A transfer may take hours, but not stand still for longer than this; the manager hashes and checks a frame in less. */
const TRANSFER_PATIENCE_MS = 60_000;

/** A file of the manager's, from a byte on; pieces are read one after the other. */
export type FileStream = { offset: number; pieces: AsyncIterable<Uint8Array> };

export type FilePlace = { name: string; offset: number; sha256: string };

export type TaskPoll = { waitSeconds: number; slots: number; holding: string };

export type FileToUpload = { path: string; size: number; sha256: string };

/** The manager's runner routes, each tried once. All throw `ManagerUnreachable`, `ManagerRefusal`, or the reason of the signal. */
export type ManagerClient = {
  register: (body: RegisterBody, signal: AbortSignal) => Promise<RegisterAnswer>;
  heartbeat: (body: HeartbeatBody, patienceMs: number, signal: AbortSignal) => Promise<HeartbeatAnswer>;
  /** Waits up to `waitSeconds` for work; empty when there was none. */
  tasks: (ask: TaskPoll, signal: AbortSignal) => Promise<LeasedTask[]>;
  complete: (taskId: number, body: CompleteBody, signal: AbortSignal) => Promise<void>;
  appendLog: (taskId: number, query: LogQuery, bytes: Uint8Array, signal: AbortSignal) => Promise<void>;
  /**
   * Reads a file of a job, its project as `context.tar` or an output by its name, from a byte on, as long as it is still the one with this
   * hash; else `read` is given offset 0.
   */
  file: (
    jobId: number,
    from: FilePlace,
    signal: AbortSignal,
    read: (stream: FileStream) => Promise<void>,
  ) => Promise<void>;
  /** The packed Blender of a version. `read` is given offset 0 when it is not what we have a part of. */
  blender: (
    version: string,
    from: Omit<FilePlace, "name">,
    signal: AbortSignal,
    read: (stream: FileStream) => Promise<void>,
  ) => Promise<void>;
  /** A page of the frames of which a video is to be made, in their order. */
  pictures: (taskId: number, query: PicturesQuery, signal: AbortSignal) => Promise<Pictures["items"]>;
  upload: (jobId: number, query: UploadQuery, file: FileToUpload, signal: AbortSignal) => Promise<UploadAnswer>;
};

export type ClientOptions = {
  managerUrl: string;
  apiKey: string;
  /** Names this process among all that ever had the runner's name. */
  instanceId: string;
  time: Time;
  /** Hears of the answer that ends this whole process: its key is revoked, or a newer process has its name. */
  onRunnerEnded: (refusal: ManagerRefusal) => void;
};

/** Makes the client of one manager. Every call but `register` carries the runner id of the last registration. */
export function createManagerClient(options: ClientOptions): ManagerClient {
  const { managerUrl, apiKey, instanceId, time, onRunnerEnded } = options;
  const caller: Caller = { managerUrl, apiKey, runner: null, time, onRunnerEnded };
  const post = <T>(
    path: string,
    body: object,
    options: { patienceMs?: number; signal: AbortSignal },
    read: (response: Response) => Promise<T>,
  ): Promise<T> => {
    const headers = { "content-type": "application/json" };
    const call = { method: "POST", path, headers, body: JSON.stringify(body), patienceMs: CALL_PATIENCE_MS } as const;
    return callManager(caller, { ...call, ...options }, read);
  };
  return {
    register: async (body, signal) => {
      const read = (response: Response) => readJson(registerAnswer, response);
      const answer = await post("api/runner/register", body, { signal }, read);
      caller.runner = `${answer.runnerId}.${instanceId}`;
      return answer;
    },
    heartbeat: (body, patienceMs, signal) =>
      post("api/runner/heartbeat", body, { patienceMs, signal }, (response) => readJson(heartbeatAnswer, response)),
    tasks: (ask, signal) => pollTasks(caller, ask, signal),
    complete: (taskId, body, signal) => post(`api/runner/tasks/${taskId}/complete`, body, { signal }, discard),
    appendLog: (taskId, query, bytes, signal) => {
      const headers = { "content-type": "application/octet-stream" };
      const call = { method: "POST", path: `api/runner/tasks/${taskId}/log`, query, headers, body: bytes } as const;
      return callManager(caller, { ...call, patienceMs: CALL_PATIENCE_MS, signal }, discard);
    },
    file: (jobId, from, signal, read) =>
      readFile(caller, `api/runner/files/${jobId}/${encodeURIComponent(from.name)}`, from, signal, read),
    blender: (version, from, signal, read) =>
      readFile(caller, `api/runner/blender/${encodeURIComponent(version)}`, from, signal, read),
    pictures: (taskId, query, signal) => {
      const path = `api/runner/tasks/${taskId}/pictures`;
      const call = { method: "GET", path, query, patienceMs: CALL_PATIENCE_MS, signal } as const;
      return callManager(caller, call, async (response) => (await readJson(picturesAnswer, response)).items);
    },
    upload: (jobId, query, file, signal) => upload(caller, jobId, query, file, signal),
  };
}

function pollTasks(caller: Caller, ask: TaskPoll, signal: AbortSignal): Promise<LeasedTask[]> {
  const query = { wait: ask.waitSeconds, slots: ask.slots, holding: ask.holding };
  const patienceMs = ask.waitSeconds * 1000 + POLL_MARGIN_MS;
  return callManager(
    caller,
    { method: "GET", path: "api/runner/tasks", query, patienceMs, signal },
    async (response) => (response.status === 204 ? [] : (await readJson(tasksAnswer, response)).tasks),
  );
}

function readFile(
  caller: Caller,
  path: string,
  from: Omit<FilePlace, "name">,
  signal: AbortSignal,
  read: (stream: FileStream) => Promise<void>,
): Promise<void> {
  // A packed answer would make byte ranges mean something else.
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (from.offset > 0) headers["range"] = `bytes=${from.offset}-`;
  if (from.offset > 0) headers["if-range"] = `"${from.sha256}"`;
  return callManager(
    caller,
    { method: "GET", path, headers, patienceMs: TRANSFER_PATIENCE_MS, signal },
    (response, deadline) =>
      read({
        offset: response.status === 206 ? from.offset : 0,
        pieces: heard(response.body, deadline),
      }),
  );
}

/** Sent as a stream with its length: given the file itself, fetch reads all of it into memory for https. */
function upload(
  caller: Caller,
  jobId: number,
  query: UploadQuery,
  file: FileToUpload,
  signal: AbortSignal,
): Promise<UploadAnswer> {
  const headers = {
    "content-type": "application/octet-stream",
    "content-length": String(file.size),
    "repr-digest": reprDigest(file.sha256),
  };
  const body = (deadline: Deadline) => heard(Bun.file(file.path).stream(), deadline);
  const path = `api/runner/files/${jobId}/upload`;
  return callManager(
    caller,
    { method: "POST", path, query, headers, body, patienceMs: TRANSFER_PATIENCE_MS, signal },
    (response) => readJson(uploadAnswer, response),
  );
}

/** Passes pieces on, and tells the deadline of each. */
async function* heard(pieces: AsyncIterable<Uint8Array> | null, deadline: Deadline): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces ?? []) {
    deadline.touch();
    yield piece;
  }
}

/** Reads an answer that says nothing, so that its connection can be used again. */
async function discard(response: Response): Promise<void> {
  await response.arrayBuffer();
}
