import { createApp } from "#manager/http/app.ts";
import { addFramesDone } from "#manager/db/jobs.ts";
import { insertFrame } from "#manager/db/outputs.ts";
import { getUser } from "#manager/db/users.ts";
import { openSession } from "#manager/services/sessions.ts";
import { addQueuedJob, addTestUser, memoryFarm, type MemoryFarm } from "../support/memory-farm.ts";
import { figure, heading } from "./report.ts";

const ROUNDS = 15;

/** The page of a job and its poll, by the number of frames, half of them filed; and the list of many jobs. */
export async function benchPages(): Promise<void> {
  heading("Pages, server time (median) and size");
  await using farm = await memoryFarm();
  const userId = addTestUser(farm, "ann@x");
  const token = await openSession(farm, getUser(farm.db, userId)!, { userAgent: "", address: "" });
  const app = createApp(farm);
  const ask = async (path: string, more: Record<string, string> = {}) => {
    const headers = { host: "localhost", accept: "text/html", cookie: `jiggablend_session=${token}`, ...more };
    const answer = await app.handle(new Request(`http://localhost${path}`, { headers }));
    return { status: answer.status, body: await answer.text() };
  };
  let reference = "";
  for (const frames of [24, 10_000, 100_000]) {
    const path = `/jobs/${halfDone(farm, userId, frames)}`;
    const page = await median(() => ask(path));
    const tag = /hx-ptag="([^"]+)"/.exec((await ask(path)).body)![1]!;
    const poll = await median(() => ask(path, { "hx-request": "true", "hx-ptag": tag }));
    const size = `${(Bun.gzipSync((await ask(path)).body).byteLength / 1000).toFixed(1)} kB compressed`;
    figure(`a job of ${frames} frames`, page, [size, reference].filter(Boolean).join("; "));
    figure("  an unchanged poll of it", poll);
    reference ||= `of 24 frames: ${page}`;
  }
  for (let i = 0; i < 500; i++) addQueuedJob(farm, { userId, frames: "1-4" });
  figure("the list of 500 jobs, a page of 50", await median(() => ask("/jobs")));
}

function halfDone(farm: MemoryFarm, userId: number, frames: number): number {
  const jobId = addQueuedJob(farm, { userId, frames: `1-${frames}` });
  farm.db.transaction(() => {
    for (let frame = 1; frame <= frames / 2; frame++)
      insertFrame(farm.db, {
        jobId,
        name: `frame_${frame}.exr`,
        frame,
        parts: 1,
        size: 1,
        sha256: "00",
        createdAtMs: 0,
      });
    addFramesDone(farm.db, jobId, Math.floor(frames / 2));
  })();
  return jobId;
}

async function median(work: () => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const since = performance.now();
    await work();
    times.push(performance.now() - since);
  }
  return `${times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!.toFixed(1)} ms`;
}
