import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startFarm, type Farm } from "../support/farm.ts";
import { peakMemoryBytes } from "../support/processes.ts";
import { beginResumable, sendRest } from "../support/resumable.ts";
import { temporaryFolder } from "../support/program.ts";
import { writeLargeBlend } from "./large-blend.ts";
import { figure, heading, megabytes, seconds, timed } from "./report.ts";

const SIZE_BYTES = 3e9;

/** A large project through the manager, beside `cp` of the same file: time, the manager's peak memory, and how it answers meanwhile. */
export async function benchTransfer(): Promise<void> {
  heading("3 GB through the manager");
  const { path: folder, remove } = temporaryFolder();
  try {
    const file = join(folder, "large.blend");
    await writeLargeBlend(file, SIZE_BYTES);
    const cp = await timed(() => copyFileSync(file, join(folder, "copy")));
    rmSync(join(folder, "copy"));
    for (const how of ["raw body", "form", "resumable, in pieces"] as const) {
      await using farm = await startFarm();
      const job = await farm.api.createJob({ autostart: false });
      const probe = watchAnswers(farm);
      const took = await timed(() => send(farm, job.id, file, how));
      const hashed = await timed(() => untilHashed(farm, job.id));
      const slowest = await probe();
      figure(
        `upload as ${how}`,
        `${seconds(took)}`,
        `cp ${seconds(cp)}; then in the background: hash and project ${seconds(hashed)}`,
      );
      figure("  peak memory of the manager; slowest other answer", `${megabytes(peakBytes(farm))}`, seconds(slowest));
      if (how !== "raw body") continue;
      const [upload] = (await farm.api.json<{ items: { url: string }[] }>("GET", `/api/jobs/${job.id}/files`)).items;
      const down = await timed(
        () => Bun.$`curl -sf -o ${join(folder, "down")} ${curlHeaders(farm)} ${farm.url}${upload!.url}`,
      );
      figure("download", seconds(down), `cp ${seconds(cp)}`);
      figure("  peak memory of the manager", megabytes(peakBytes(farm)));
      rmSync(join(folder, "down"));
    }
  } finally {
    remove();
  }
}

async function send(
  farm: Farm,
  jobId: number,
  file: string,
  how: "raw body" | "form" | "resumable, in pieces",
): Promise<void> {
  if (how === "resumable, in pieces") return sendInPieces(farm, jobId, file);
  const url = `${farm.url}/api/jobs/${jobId}/upload`;
  if (how === "form") await Bun.$`curl -sf -o /dev/null ${curlHeaders(farm)} -F file=@${file} ${url}`;
  else
    await Bun.$`curl -sf -o /dev/null ${curlHeaders(farm)} -H ${"content-type: application/octet-stream"} -T ${file} -X POST ${`${url}?filename=large.blend`}`;
}

async function sendInPieces(farm: Farm, jobId: number, file: string): Promise<void> {
  const path = await beginResumable(farm.api, "large.blend", Bun.file(file).size);
  await sendRest(farm.api, path, file);
  await farm.api.json("POST", `/api/jobs/${jobId}/upload?upload=${path.split("/").at(-1)}`);
}

function curlHeaders(farm: Farm): string[] {
  return Object.entries(farm.api.headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
}

async function untilHashed(farm: Farm, jobId: number): Promise<void> {
  for (;;) {
    const [file] = (await farm.api.json<{ items: { sha256: string | null }[] }>("GET", `/api/jobs/${jobId}/files`))
      .items;
    if (file?.sha256) return;
    await Bun.sleep(50);
  }
}

/** Asks the manager for its health all the time; the function returned stops that and says how long the slowest answer took. */
function watchAnswers(farm: Farm): () => Promise<number> {
  let running = true;
  let slowest = 0;
  const asking = (async () => {
    while (running) {
      slowest = Math.max(slowest, await timed(() => fetch(`${farm.url}/healthz`)));
      await Bun.sleep(20);
    }
  })();
  return async () => {
    running = false;
    await asking;
    return slowest;
  };
}

function peakBytes(farm: Farm): number {
  return peakMemoryBytes(farm.manager().pid);
}
