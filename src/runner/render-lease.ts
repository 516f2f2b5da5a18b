import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseFrames } from "#domain/frames.ts";
import { leaseName } from "#domain/task.ts";
import type { RenderOrder } from "#programs/blender/order.ts";
import type { Verdict } from "#programs/blender/outcome.ts";
import type { RenderEvent } from "#programs/blender/render-event.ts";
import type { Sandbox } from "#programs/sandbox.ts";
import type { LeasedRender } from "#protocol/runner.ts";
import type { ContextCache } from "./context-cache.ts";
import { holdBlender, type BlenderPlaces } from "./hold-blender.ts";
import type { GivenBack } from "./task-end.ts";

export type RenderWatch = {
  onEvent: (event: RenderEvent) => void | Promise<void>;
  onLine: (line: string) => void;
  signal: AbortSignal;
};

/** Renders the frames of an order; `renderFrames` of the programs, or a stand-in for tests. */
export type Renderer = (order: RenderOrder, watch: RenderWatch) => Promise<Verdict>;

/** What of this machine a rendering needs. */
export type RenderHost = BlenderPlaces & {
  sandbox: Sandbox;
  homeFolder: string;
  /** Each rendering gets an empty folder of its own in here. */
  tasksFolder: string;
  hangSeconds: number;
  /** The runner's own limit for one frame; the job's counts where it is shorter. */
  frameTimeLimitSeconds: number | null;
  contexts: ContextCache;
  render: Renderer;
};

/** Has the project at hand and renders a lease's frames. Throws what goes wrong on the way there, or in the watch's callbacks. */
export async function renderLease(
  task: LeasedRender,
  host: RenderHost,
  watch: RenderWatch,
): Promise<Verdict | GivenBack> {
  const holding = await holdBlender(host, task, watch.signal);
  if (holding.kind !== "held") return holding;
  try {
    return await renderWith(holding.blender.path, task, host, watch);
  } finally {
    holding.blender.release();
  }
}

async function renderWith(blender: string, task: LeasedRender, host: RenderHost, watch: RenderWatch): Promise<Verdict> {
  const outputFolder = join(host.tasksFolder, leaseName(task.id, task.attempt));
  const project = { jobId: task.jobId, ...task.context };
  const context = await host.contexts.acquire(project, watch.signal);
  try {
    await rm(outputFolder, { recursive: true, force: true });
    await mkdir(outputFolder, { recursive: true });
    const folders = { projectFolder: context.folder, outputFolder };
    const verdict = await host.render(renderOrder(task, host, blender, folders), watch);
    if (verdict.kind === "failed" && (verdict.reason === "load_failed" || verdict.reason === "missing_files"))
      host.contexts.distrust(project);
    return verdict;
  } finally {
    context.release();
    await rm(outputFolder, { recursive: true, force: true });
  }
}

function renderOrder(
  task: LeasedRender,
  host: RenderHost,
  blender: string,
  folders: Pick<RenderOrder, "projectFolder" | "outputFolder">,
): RenderOrder {
  const { mainFile, device, addons, ...overrides } = task.order;
  const frames = parseFrames(task.frames);
  const limits = [host.frameTimeLimitSeconds, task.frameTimeLimitSeconds].filter((limit) => limit !== null);
  return {
    ...folders,
    blender,
    sandbox: host.sandbox,
    homeFolder: host.homeFolder,
    mainFile,
    frames,
    overrides,
    addons,
    device,
    // One frame has nothing to keep data for.
    persistentData: frames.length > 1,
    hangSeconds: host.hangSeconds,
    frameTimeLimitSeconds: limits.length === 0 ? null : Math.min(...limits),
  };
}
