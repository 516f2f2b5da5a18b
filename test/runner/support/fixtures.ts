import { createHash } from "node:crypto";
import { pack, type Header } from "tar-stream";
import type { Patience } from "#runner/retry.ts";
import type { LeasedRender } from "#protocol/runner.ts";
import { silentLog } from "#system/log.ts";
import { FakeTime } from "./fake-time.ts";

/** Patience on still time, whose every backoff is as long as it can be. */
export function stillPatience(): Patience & { time: FakeTime } {
  return { time: new FakeTime(), random: () => 1, log: silentLog() };
}

/** A lease on frames 1 to 3 of job 7, unless said otherwise. */
export function aTask(changes: Partial<LeasedRender> = {}): LeasedRender {
  return {
    id: 11,
    jobId: 7,
    jobName: "dragon",
    kind: "render",
    attempt: 1,
    frames: "1-3",
    blenderVersion: "4.3.2",
    blender: null,
    order: {
      mainFile: "dragon.blend",
      scene: null,
      camera: null,
      engine: null,
      device: "auto",
      samples: null,
      resolutionPercentage: null,
      addons: [],
    },
    context: { version: 1, size: 0, sha256: "" },
    frameTimeLimitSeconds: null,
    ...changes,
  };
}

type TarItem = Partial<Header> & { name: string; content?: string | Uint8Array };

/** Packs a tar of these entries, whatever they are. */
export async function tarOf(...items: TarItem[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of items) archive.entry(header, content ?? "");
  archive.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of archive) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Lets everything else go on until this is true. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
