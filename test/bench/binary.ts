import { rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROGRAM, run } from "../support/program.ts";
import { figure, heading, megabytes, seconds, timed } from "./report.ts";

const ROUNDS = 10;

/** The one file: how large, and how fast it starts. */
export async function benchBinary(): Promise<void> {
  heading("The one file");
  const compressed = await new Response(
    Bun.spawn(["xz", "-6", "-T0", "-c", PROGRAM], { stdout: "pipe" }).stdout,
  ).bytes();
  figure("size", megabytes(statSync(PROGRAM).size), `${megabytes(compressed.length)} as .xz`);
  const own = await best(() => run(["version"]));
  const shell = await best(() => Bun.spawn(["/bin/true"]).exited);
  figure("jiggablend version", seconds(own), `/bin/true ${seconds(shell)}`);
  figure("jiggablend manager, from start to its first answer", seconds(await best(startAndAnswer)));
}

async function best(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) least = Math.min(least, await timed(work));
  return least;
}

async function startAndAnswer(): Promise<void> {
  const folder = join(tmpdir(), `jiggablend-bench-${crypto.randomUUID()}`);
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const data = ["--db", join(folder, "..", `${folder.split("/").at(-1)}.db`), "--storage", folder];
  const manager = Bun.spawn(
    [PROGRAM, "manager", "--host", "127.0.0.1", "--port", String(port), "--sandbox", "off", ...data],
    { stdio: ["ignore", "ignore", "ignore"] },
  );
  try {
    while (!(await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null))) await Bun.sleep(2);
  } finally {
    manager.kill("SIGTERM");
    await manager.exited;
    for (const suffix of [".db", ".db-wal", ".db-shm", ""]) rmSync(folder + suffix, { recursive: true, force: true });
  }
}
