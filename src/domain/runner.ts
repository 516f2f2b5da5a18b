import type { VideoFormat } from "./video.ts";

/**
 * What a runner is to the farm.
 *
 *     online ─► offline (no heartbeat) ─► online (heartbeat)
 *     online ─► draining (finishes, takes nothing new) · any ─► disabled (by an admin) ─► online
 */
export const RUNNER_STATUSES = ["online", "offline", "draining", "disabled"] as const;
export type RunnerStatus = (typeof RUNNER_STATUSES)[number];

export type Gpu = { name: string; type: string };
export type BlenderFound = { version: string; denoiser: boolean; gpus: Gpu[] };

/** What a runner tells of its machine when it registers. */
export type RunnerCapabilities = {
  hostname: string;
  cores: number;
  memoryBytes: number;
  gpus: Gpu[];
  blenders: BlenderFound[];
  /** Whether it fetches Blenders of the manager's that it lacks. */
  fetchesBlender?: boolean;
  /** Versions that it has fetched and that do not start there. */
  brokenBlenders?: string[];
  encoders: string[];
  /** The formats of which it can make videos, with all that this takes. */
  videoFormats: VideoFormat[];
  sandbox: string;
  version: string;
};

export type Runner = {
  id: number;
  /** The user whose key the runner uses; null for a farm-wide key. */
  ownerId: number | null;
  name: string;
  status: RunnerStatus;
  instanceId: string;
  address: string;
  capabilities: RunnerCapabilities;
  framesDone: number;
  createdAtMs: number;
  lastSeenAtMs: number;
};
