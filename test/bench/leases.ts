import { PROTOCOL_VERSION } from "#domain/lease.ts";
import { RUNNER_HEADER, type RegisterAnswer } from "#protocol/runner.ts";
import { startFarm, type Farm } from "../support/farm.ts";
import { temporaryFolder } from "../support/program.ts";
import { blender } from "../support/scenes.ts";
import { figure, heading, timed } from "./report.ts";

const TASKS = 100_000;
const RUNNERS = 500;
const AT_ONCE = 32;

/** Leases over HTTP from a queue of 100,000 tasks, beside the same from a short one: the cost must not grow with the queue. */
export async function benchLeases(): Promise<void> {
  heading("Leases over HTTP, each on disk before it is answered");
  const { path: folder, remove } = temporaryFolder();
  try {
    const scene = `${folder}/empty.blend`;
    await blender(["--python-expr", `import bpy; bpy.ops.wm.save_as_mainfile(filepath=${JSON.stringify(scene)})`]);
    const short = await leasesPerSecond(scene, RUNNERS);
    const long = await leasesPerSecond(scene, TASKS);
    figure(
      `${TASKS} tasks queued, ${AT_ONCE} runners asking at once`,
      `${long.together} /s`,
      `${RUNNERS} queued: ${short.together} /s`,
    );
    figure(
      `${TASKS} tasks queued, one runner asking after the other`,
      `${long.apart} /s`,
      `${RUNNERS} queued: ${short.apart} /s`,
    );
  } finally {
    remove();
  }
}

async function leasesPerSecond(scene: string, tasks: number): Promise<{ together: number; apart: number }> {
  await using farm = await startFarm({ flags: ["--sandbox", "off"] });
  const id = await farm.api.submit(scene, { frames: `1-${tasks}` });
  while ((await farm.api.job(id)).status !== "queued") await Bun.sleep(20);
  const askers = await Promise.all(Array.from({ length: RUNNERS }, (_, i) => register(farm, `bench-${i}`)));
  const half = askers.splice(0, RUNNERS / 2);
  const count = half.length;
  const together = await timed(() => Promise.all(Array.from({ length: AT_ONCE }, () => drain(half))));
  const apart = await timed(() => drain(askers));
  return { together: Math.round(count / together), apart: Math.round(count / apart) };
}

async function drain(askers: (() => Promise<void>)[]): Promise<void> {
  for (let ask = askers.pop(); ask; ask = askers.pop()) await ask();
}

/** Registers a runner; the function returned leases one task for it. */
async function register(farm: Farm, name: string): Promise<() => Promise<void>> {
  const authorization = `Bearer ${farm.runnerKey}`;
  const instanceId = `instance-${name}`;
  const body = {
    protocol: PROTOCOL_VERSION,
    name,
    instanceId,
    hostname: name,
    cores: 1,
    memoryBytes: 1,
    gpus: [],
    blenders: [{ version: "99.0.0", denoiser: true, gpus: [] }],
    encoders: [],
    sandbox: "none",
    version: "bench",
  };
  const headers = { authorization, "content-type": "application/json" };
  const answer = await fetch(`${farm.url}/api/runner/register`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const { runnerId } = (await answer.json()) as RegisterAnswer;
  return async () => {
    const asked = await fetch(`${farm.url}/api/runner/tasks?slots=1`, {
      headers: { authorization, [RUNNER_HEADER]: `${runnerId}.${instanceId}` },
    });
    if (asked.status !== 200) throw new Error(`no lease: ${asked.status} ${await asked.text()}`);
    await asked.arrayBuffer();
  };
}
