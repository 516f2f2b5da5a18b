import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isJobEnded } from "#domain/job.ts";
import { Api, type ApiJob } from "./api.ts";
import { logged, startDaemon, type Daemon } from "./daemon.ts";
import { processesOf } from "./processes.ts";
import { run, temporaryFolder } from "./program.ts";
import { until } from "./until.ts";

export const ADMIN = { email: "admin@example.com", password: "an admin's long password" };

export type FarmOptions = {
  /** Set before the manager starts, as `manager config set` takes them. */
  settings?: Record<string, string>;
  /** Further flags of the manager. */
  flags?: readonly string[];
  /** The storage, where it is not to lie in the farm's folder. */
  storage?: string;
};

export type RunnerOptions = {
  name?: string;
  key?: string;
  workspace?: string;
  flags?: readonly string[];
  env?: Record<string, string>;
};

export type Runner = Daemon & { name: string; workspace: string };

/** A farm of compiled programs in a temporary folder, on a free port of the loopback address, with an admin and a key for runners. */
export type Farm = AsyncDisposable & {
  folder: string;
  storage: string;
  url: string;
  /** The admin. */
  api: Api;
  runnerKey: string;
  manager: () => Daemon;
  /** Starts the manager again, at the same address, after it has ended. */
  restart: () => Promise<void>;
  config: (...args: string[]) => Promise<string>;
  addUser: (email: string) => Promise<Api>;
  addKey: (name: string, ...flags: string[]) => Promise<string>;
  /** Starts a runner, and waits until the manager knows it. */
  startRunner: (options?: RunnerOptions) => Promise<Runner>;
  /** Kills all runners and cancels all jobs that are not ended. */
  clear: () => Promise<void>;
  /** Everything that lies in the storage's temp/ and uploads/. */
  received: () => string[];
  /** Ends all that was started and removes the folder. */
  stop: () => Promise<void>;
};

/** Starts a farm; what it has started ends again when that goes wrong. */
export async function startFarm(options: FarmOptions = {}): Promise<Farm> {
  const { path: folder, remove } = temporaryFolder();
  const managers = new Set<Daemon>();
  const runners = new Set<Daemon>();
  const stop = async (): Promise<void> => {
    for (const daemon of [...runners, ...managers]) await daemon.kill();
    // What a killed runner leaves is gone a moment later, and may still write into the folder until then.
    const left = () => processesOf(folder);
    await until("all programs have ended", () => left().length === 0, { describe: left });
    remove();
  };
  try {
    return await openFarm(folder, options, { managers, runners, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

type Started = { managers: Set<Daemon>; runners: Set<Daemon>; stop: () => Promise<void> };

async function openFarm(folder: string, options: FarmOptions, { managers, runners, stop }: Started): Promise<Farm> {
  const { settings = {}, flags = [] } = options;
  const db = join(folder, "farm.db");
  const storage = options.storage ?? join(folder, "storage");
  const config = (...args: string[]) => configure(db, args);
  const addKey = async (name: string, ...rest: string[]) => (await config("add", "apikey", name, ...rest)).trim();

  await config("enable", "localauth");
  if (!settings["blender-download"]) await config("set", "blender-download", "off"); // no test asks the release site
  for (const [name, value] of Object.entries(settings)) await config("set", name, value);
  await configure(db, ["add", "user", ADMIN.email, "-", "--admin"], ADMIN.password);
  const runnerKey = await addKey("runners", "--scope", "manager");

  const startManager = async (port: string): Promise<Daemon> => {
    const args = ["manager", "--host", "127.0.0.1", "--port", port, "--db", db, "--storage", storage, ...flags];
    const daemon = startDaemon({ args, folder, name: "manager" });
    managers.add(daemon);
    await logged(daemon, /the manager is up/);
    return daemon;
  };
  let manager = await startManager("0");
  const url = (await logged(manager, /url=(http:\S+)/))[1]!;
  const api = await Api.signIn(url, ADMIN.email, ADMIN.password);

  const startRunner = async (wishes: RunnerOptions = {}): Promise<Runner> => {
    const { name = `runner-${runners.size + 1}`, key = runnerKey, env = {}, flags: more = [] } = wishes;
    const workspace = wishes.workspace ?? join(folder, "workspaces", name);
    const args = ["runner", "--manager", url, "--name", name, "--workspace", workspace, ...more];
    const daemon = startDaemon({ args, folder, name, env: { JIGGABLEND_API_KEY: key, ...env } });
    runners.add(daemon);
    await logged(daemon, /registered/, 60);
    return Object.assign(daemon, { name, workspace });
  };

  const clear = async (): Promise<void> => {
    for (const daemon of runners) await daemon.kill();
    const { items } = await api.json<{ items: ApiJob[] }>("GET", "/api/jobs?limit=1000");
    for (const { id, status } of items) if (!isJobEnded(status)) await api.json("DELETE", `/api/jobs/${id}`);
  };

  return {
    folder,
    storage,
    url,
    api,
    runnerKey,
    manager: () => manager,
    restart: async () => {
      manager = await startManager(new URL(url).port);
    },
    config,
    addUser: async (email) => {
      await configure(db, ["add", "user", email, "-"], `the password of ${email}`);
      return Api.signIn(url, email, `the password of ${email}`);
    },
    addKey,
    startRunner,
    clear,
    received: () =>
      ["temp", "uploads"].flatMap((part) => readdirSync(join(storage, part)).map((name) => join(part, name))),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Runs `manager config` on a database; throws when it fails. Returns what it prints. */
async function configure(db: string, args: readonly string[], input = ""): Promise<string> {
  const { exitCode, stdout, stderr } = await run(["manager", "config", ...args, "--db", db], { input });
  if (exitCode !== 0) throw new Error(`manager config ${args.join(" ")} ended with ${exitCode}: ${stderr}`);
  return stdout;
}
