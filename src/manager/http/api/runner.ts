import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { HEARTBEAT_SECONDS, LEASE_SECONDS, PROTOCOL_VERSION } from "#domain/lease.ts";
import { endTask, type TaskEnd } from "#manager/services/completing.ts";
import { runnerKeyOf } from "#manager/services/callers.ts";
import { packedBlender } from "#manager/services/blender-versions.ts";
import { contextFor, outputFor } from "#manager/services/downloads.ts";
import type { Farm } from "#manager/services/farm.ts";
import { fileFrame } from "#manager/services/frames.ts";
import { askForTasks, type GrantedTask } from "#manager/services/leasing.ts";
import { heartbeat, registerRunner, sayGoodbye, takeBlenders } from "#manager/services/runners.ts";
import { readNumber } from "#manager/services/settings.ts";
import { picturesFor } from "#manager/services/video-pictures.ts";
import { fileVideo } from "#manager/services/video-filing.ts";
import { writeTaskLog } from "#manager/services/task-logs.ts";
import { parseReprDigest, reprDigest } from "#protocol/digest.ts";
import {
  completeBody,
  heartbeatAnswer,
  heartbeatBody,
  logQuery,
  registerAnswer,
  registerBody,
  picturesAnswer,
  picturesQuery,
  tasksAnswer,
  tasksQuery,
  uploadAnswer,
  uploadQuery,
  type CompleteBody,
  type LeasedTask,
} from "#protocol/runner.ts";
import { guards, runnerOf } from "../guards.ts";
import { addressOf } from "../request-facts.ts";
import { id } from "./schemas.ts";

/** A piece of log that a runner sends at once. */
const MAX_LOG_PIECE_BYTES = 1024 * 1024;

/** What runners call; see `protocol/runner.ts` for what they say. */
export function runnerRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/runner" })
    .use(guards(farm))
    .post(
      "/register",
      async ({ caller, body, request }) => {
        const { protocol, name, instanceId, videoFormats = [], ...told } = body;
        const address = addressOf(request);
        const runner = await registerRunner(farm, {
          key: runnerKeyOf(caller),
          protocol,
          name,
          instanceId,
          address,
          capabilities: { ...told, videoFormats },
        });
        return {
          runnerId: runner.id,
          name: runner.name,
          protocol: PROTOCOL_VERSION,
          heartbeatSeconds: HEARTBEAT_SECONDS,
          leaseSeconds: LEASE_SECONDS,
        };
      },
      { who: "runner", body: registerBody, response: { 200: registerAnswer } },
    )
    .post(
      "/heartbeat",
      async ({ caller, body, request }) => {
        const tasks = body.tasks.map((task) => ({ ...task, progress: task.progress ?? null }));
        const runner = runnerOf(farm, caller, request);
        const { draining, goodbye = false, blenders, brokenBlenders = [] } = body;
        if (goodbye) return sayGoodbye(farm, runner);
        if (blenders) await takeBlenders(farm, runner, { blenders, brokenBlenders });
        return heartbeat(farm, runner, { tasks, draining });
      },
      { who: "runner", body: heartbeatBody, response: { 200: heartbeatAnswer } },
    )
    .get(
      "/tasks",
      async ({ caller, query, request, server, set }) => {
        const runner = runnerOf(farm, caller, request);
        server?.timeout(request, 0);
        const { wait = 0, slots = 1, holding = "" } = query;
        const granted = await askForTasks(farm, runner, {
          slots,
          holding: parseHolding(holding),
          waitMs: wait * 1000,
          abort: request.signal,
        });
        if (granted.length > 0) return { tasks: granted.map((task) => leasedTaskOf(farm, task)) };
        set.status = 204;
        return undefined;
      },
      { who: "runner", query: tasksQuery, response: { 200: tasksAnswer, 204: t.Void() } },
    )
    .post(
      "/tasks/:id/complete",
      async ({ caller, params, body, request }) => {
        await endTask(farm, runnerOf(farm, caller, request), taskEndOf(params.id, body));
        return { ok: true };
      },
      { who: "runner", params: t.Object({ id }), body: completeBody, response: { 200: t.Object({ ok: t.Boolean() }) } },
    )
    .post(
      "/tasks/:id/log",
      async ({ caller, params, query, request }) => {
        const runner = runnerOf(farm, caller, request);
        const piece = await readSmallBody(request, MAX_LOG_PIECE_BYTES);
        return { size: await writeTaskLog(farm, runner, { taskId: params.id, ...query, piece }) };
      },
      {
        who: "runner",
        params: t.Object({ id }),
        query: logQuery,
        parse: "none",
        response: { 200: t.Object({ size: t.Integer() }) },
      },
    )
    .get(
      "/tasks/:id/pictures",
      ({ caller, params, query, request }) => ({
        items: picturesFor(farm, runnerOf(farm, caller, request), { taskId: params.id, ...query }),
      }),
      { who: "runner", params: t.Object({ id }), query: picturesQuery, response: { 200: picturesAnswer } },
    )
    .get(
      "/blender/:version",
      async ({ caller, params, request, server }) => {
        runnerOf(farm, caller, request);
        server?.timeout(request, 0);
        const { response, sha256 } = await packedBlender(farm, params.version, request);
        response.headers.set("repr-digest", reprDigest(sha256));
        return response;
      },
      { who: "runner", params: t.Object({ version: t.String({ maxLength: 20 }) }) },
    )
    .get(
      "/files/:id/:name",
      async ({ caller, params, request }) => {
        const runner = runnerOf(farm, caller, request);
        return params.name === "context.tar"
          ? contextFor(farm, runner, params.id, request)
          : outputFor(farm, runner, params, request);
      },
      { who: "runner", params: t.Object({ id, name: t.String({ maxLength: 200 }) }) },
    )
    .post(
      "/files/:id/upload",
      async ({ caller, params, query, request, server }) => {
        const runner = runnerOf(farm, caller, request);
        server?.timeout(request, 0);
        const sha256 = parseReprDigest(request.headers.get("repr-digest"));
        if (sha256 === null)
          throw new AppError("bad_request", "Send the SHA-256 of the file as Repr-Digest: sha-256=:<base64>:");
        if (!request.body) throw new AppError("bad_frame", "The file is empty.");
        const { of: parts = 1, frame, ...rest } = query;
        return readToTheEnd(request.body, async (content) => {
          const sent = { jobId: params.id, ...rest, parts, sha256, content };
          return frame === undefined ? fileVideo(farm, runner, sent) : fileFrame(farm, runner, { ...sent, frame });
        });
      },
      { who: "runner", params: t.Object({ id }), query: uploadQuery, response: { 200: uploadAnswer }, parse: "none" },
    );
}

function parseHolding(holding: string): { id: number; attempt: number }[] {
  return holding.split(",").flatMap((name) => {
    const [taskId, attempt] = name.split(".");
    return taskId && attempt ? [{ id: Number(taskId), attempt: Number(attempt) }] : [];
  });
}

function leasedTaskOf(farm: Farm, granted: GrantedTask): LeasedTask {
  const { task, job, frames } = granted;
  const lease = { id: task.id, jobId: job.id, jobName: job.name, attempt: task.attempt, frames };
  if (granted.kind === "encode") return { ...lease, kind: "encode", ...granted.video };
  const { kind, blenderVersion, blender } = granted;
  const packed = blender && { size: blender.size, sha256: blender.sha256, unpackedBytes: blender.unpackedBytes };
  const context = { version: job.contextVersion, size: job.contextSize, sha256: job.contextSha256 ?? "" };
  const order = { mainFile: job.sceneFile ?? "", scene: job.scene, addons: [...job.addons] };
  if (kind === "sound") {
    const { firstFrame, lastFrame } = granted;
    return { ...lease, kind, firstFrame, lastFrame, blenderVersion, blender: packed, order, context };
  }
  const { camera, engine, device, samples, resolutionPercentage } = job;
  const limitMinutes = readNumber(farm, "task-time-limit");
  return {
    ...lease,
    kind,
    blenderVersion,
    blender: packed,
    order: { ...order, camera, engine, device, samples, resolutionPercentage },
    context,
    frameTimeLimitSeconds: limitMinutes === 0 ? null : limitMinutes * 60,
  };
}

function taskEndOf(taskId: number, body: CompleteBody): TaskEnd {
  const common = { taskId, attempt: body.attempt, warnings: body.warnings ?? [] };
  if (body.ok) return { ...common, end: { kind: "completed" } };
  if (body.givenBack) return { ...common, end: { kind: "givenBack" } };
  if (!body.reason) throw new AppError("invalid_body", "A task that failed needs a reason.");
  return { ...common, end: { kind: "failed", reason: body.reason, message: body.message ?? "" } };
}

/** An answer before the end of the body would reach the runner as a broken connection, so what is left of it is read first. */
async function readToTheEnd<T>(
  body: ReadableStream<Uint8Array>,
  work: (body: ReadableStream<Uint8Array>) => Promise<T>,
): Promise<T> {
  try {
    return await work(body);
  } finally {
    if (!body.locked) await body.pipeTo(new WritableStream()).catch(() => {});
  }
}

async function readSmallBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of request.body ?? []) {
    size += piece.length;
    if (size > maxBytes) throw new AppError("too_large", `Send a log in pieces of at most ${maxBytes} bytes.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
