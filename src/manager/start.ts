import { createGroupCommit } from "./db/group-commit.ts";
import { closeDatabase, openDatabase } from "./db/open.ts";
import { createApp } from "./http/app.ts";
import { parseTrustedProxies } from "./http/trusted-proxies.ts";
import { createBlenderWaits } from "./loops/blender-waits.ts";
import { createHousekeeping } from "./loops/housekeeping.ts";
import { createOutsideChanges } from "./loops/outside-changes.ts";
import { createReaper } from "./loops/reaper.ts";
import { createSampler } from "./loops/sampler.ts";
import { createAdditions } from "./services/blender-additions.ts";
import { storedBlenders } from "./services/blender-versions.ts";
import { createAccess } from "./services/access.ts";
import { createBackgroundWork } from "./services/background.ts";
import { createEvents } from "./services/events.ts";
import type { Farm } from "./services/farm.ts";
import { resumeIntake } from "./services/intake.ts";
import type { EndpointOverrides } from "./services/oauth-providers.ts";
import { createKeyedLock } from "./services/keyed-lock.ts";
import { createLeaseTable } from "./services/lease-table.ts";
import { createReadyIndex } from "./services/ready-index.ts";
import { rebuildMemory } from "./services/rebuild.ts";
import { createRunnerTable } from "./services/runner-table.ts";
import { resumeRemovals } from "./services/removing-files.ts";
import { readSetting } from "./services/settings.ts";
import { createSignal } from "./services/signal.ts";
import { openSceneTools } from "./services/open-scene-tools.ts";
import { tidyTempAtStart } from "./services/sweeping-uploads.ts";
import { createTakeover } from "./services/takeover.ts";
import { sweepBlenders } from "./storage/blender-versions.ts";
import { openLayout } from "./storage/layout.ts";
import { becomeSoleManager } from "./storage/sole-manager.ts";
import type { SandboxMode } from "#programs/probe-sandbox.ts";
import { systemClock } from "#system/clock.ts";
import type { Log } from "#system/log.ts";
import { createStopStack, type Stoppable } from "#system/stop.ts";

export type ManagerOptions = {
  host: string;
  /** 0 takes any free port. */
  port: number;
  db: string;
  storage: string;
  sandbox: SandboxMode;
  /** Folders or files of further Blenders; those on PATH are found anyway. */
  blenders: readonly string[];
  /** Addresses and networks of reverse proxies whose word on where a request comes from is believed. */
  trustedProxies: readonly string[];
  /** Puts a test's provider in the place of Google or Discord. */
  oauthEndpoints: EndpointOverrides;
  log: Log;
};

/** `setupUrl`: where the first account, the admin's, can be made; null once there is a user. It holds a secret. */
export type Manager = Stoppable & { url: string; setupUrl: string | null };

/** Requests under way get this long to end when the manager stops. */
const STOP_SECONDS = 10;

/**
 * Starts a manager: database, storage, services, loops, HTTP. Resolves when it answers; throws where the port is taken, or the
 * database or the storage cannot be used, or another manager has them.
 */
export async function startManager(options: ManagerOptions): Promise<Manager> {
  const stopping = new AbortController();
  const stack = createStopStack();
  try {
    const farm = await openFarm(options, stopping.signal, stack.add);
    await tidyTempAtStart(farm);
    await sweepBlenders(farm.storage);
    rebuildMemory(farm);
    const app = createApp(farm, parseTrustedProxies(options.trustedProxies)).listen({
      hostname: options.host,
      port: options.port,
    });
    stack.add("http", () => stopServer(app, stopping, farm));
    resumeRemovals(farm);
    await resumeIntake(farm);
    for (const loop of [
      createReaper(farm),
      createOutsideChanges(farm),
      createBlenderWaits(farm),
      createHousekeeping(farm),
      createSampler(farm),
    ]) {
      loop.start();
      stack.add("a loop", loop.stop);
    }
    const url = `http://${shownHost(options.host)}:${app.server?.port}`;
    options.log.info("the manager is up", { url, storage: farm.storage.root, db: options.db });
    options.log.info("signing in", {
      localauth: readSetting(farm, "localauth"),
      registration: readSetting(farm, "registration"),
    });
    const setupToken = farm.access.setupToken.value();
    return { url, setupUrl: setupToken && `${url}/register?setup=${setupToken}`, stop: stack.stop };
  } catch (error) {
    stopping.abort();
    await stack.stop();
    throw error;
  }
}

async function openFarm(
  options: ManagerOptions,
  stopping: AbortSignal,
  onStop: (name: string, stop: () => void) => void,
): Promise<Farm> {
  const { log } = options;
  const clock = systemClock;
  onStop("the locks", await becomeSoleManager(options));
  const storage = await openLayout(options.storage);
  const db = openDatabase(options.db);
  onStop("database", () => closeDatabase(db));
  const tools = await openSceneTools({
    sandbox: options.sandbox,
    blenders: options.blenders,
    stored: () => storedBlenders(db, storage),
    log,
  });
  return {
    db,
    clock,
    commit: createGroupCommit(db),
    storage,
    log,
    leases: createLeaseTable(),
    runners: createRunnerTable(),
    ready: createReadyIndex(),
    work: createSignal(),
    events: createEvents(clock),
    tools,
    additions: createAdditions(),
    intake: createKeyedLock(),
    uploads: createTakeover(),
    blenderReading: createKeyedLock(),
    previews: createKeyedLock(),
    background: createBackgroundWork(log),
    access: createAccess(db, clock, options.oauthEndpoints),
    stopping,
    loopbackOnly: isLoopback(options.host) && options.trustedProxies.length === 0,
  };
}

/** Answers what is under way, wakes those who wait for work, and cuts off what takes too long. */
async function stopServer(app: ReturnType<typeof createApp>, stopping: AbortController, farm: Farm): Promise<void> {
  stopping.abort();
  farm.work.raise();
  const done = app.stop().then(() => true);
  const late = Bun.sleep(STOP_SECONDS * 1000).then(() => false);
  if (!(await Promise.race([done, late]))) await app.stop(true);
  farm.commit.flush();
  await farm.background.settled();
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function shownHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
