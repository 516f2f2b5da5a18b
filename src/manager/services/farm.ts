import type { Database } from "bun:sqlite";
import type { Clock } from "#system/clock.ts";
import type { Log } from "#system/log.ts";
import type { GroupCommit } from "#manager/db/group-commit.ts";
import type { Layout } from "#manager/storage/layout.ts";
import type { FarmEvents } from "./events.ts";
import type { LeaseTable } from "./lease-table.ts";
import type { ReadyIndex } from "./ready-index.ts";
import type { RunnerTable } from "./runner-table.ts";
import type { Signal } from "./signal.ts";
import type { BackgroundWork } from "./background.ts";
import type { KeyedLock } from "./keyed-lock.ts";
import type { Additions } from "./blender-source.ts";
import type { Access } from "./access.ts";
import type { SceneTools } from "./scene-tools.ts";
import type { Takeover } from "./takeover.ts";

/** What accounts and settings need: also the command line works with it, beside a manager that runs. */
export type Office = { db: Database; clock: Clock };

/** Everything the services of a running manager share. */
export type Farm = Office & {
  commit: GroupCommit;
  storage: Layout;
  log: Log;
  /** Leases, runners and jobs with work, in memory; the database can rebuild them at any time. */
  leases: LeaseTable;
  runners: RunnerTable;
  ready: ReadyIndex;
  /** Raised when there may be new work for a runner that waits. */
  work: Signal;
  /** What has changed lately, for those who watch. */
  events: FarmEvents;
  tools: SceneTools;
  /** Blenders that are being added. */
  additions: Additions<Farm>;
  /** Who sends to a resumable upload now. */
  uploads: Takeover;
  /** One intake at a time for each job, and one reading by Blender at all. */
  intake: KeyedLock;
  blenderReading: KeyedLock;
  /** One preview of a file is made at a time. */
  previews: KeyedLock;
  /** What goes on after its request was answered. */
  background: BackgroundWork;
  access: Access;
  /** Fires when the manager stops. */
  stopping: AbortSignal;
  /** True when the manager can be reached from this machine alone; only then do the test account and key work. */
  loopbackOnly: boolean;
};
