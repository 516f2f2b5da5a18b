import type { Flag, FlagValues } from "./flags.ts";
import { LOG_FLAGS, logOf } from "./log-flags.ts";
import { blendersOf, PROGRAM_FLAGS, sandboxOf } from "./program-flags.ts";
import { readTestEndpoints } from "./test-endpoints.ts";
import { untilSignal } from "./signals.ts";

export const DATA_FLAGS: readonly Flag[] = [
  { name: "db", value: "path", description: "the database file", fallback: "jiggablend.db" },
  {
    name: "storage",
    value: "folder",
    description: "where uploads and frames are kept",
    fallback: "./jiggablend-storage",
  },
];

export const MANAGER_FLAGS: readonly Flag[] = [
  { name: "port", value: "number", description: "the port to listen on", fallback: "8080" },
  { name: "host", value: "address", description: "the address to listen on", fallback: "0.0.0.0" },
  ...DATA_FLAGS,
  {
    name: "trusted-proxy",
    value: "networks",
    description: "reverse proxies that say where a request comes from, such as 127.0.0.1,10.0.0.0/8",
  },
  ...PROGRAM_FLAGS,
  ...LOG_FLAGS,
];

/** Runs a manager until it is told to stop. Returns the exit code. */
export async function runManager(flags: FlagValues): Promise<number> {
  const log = logOf(flags);
  const { startManager } = await import("#manager/start.ts"); // only now: the other commands start faster without it
  const manager = await startManager({
    host: flags.required("host", "says which address to listen on"),
    port: flags.whole("port", 0, 65_535) ?? 8080,
    db: flags.required("db", "says where the database is"),
    storage: flags.required("storage", "says where files are kept"),
    sandbox: sandboxOf(flags),
    blenders: blendersOf(flags),
    trustedProxies: networksOf(flags),
    oauthEndpoints: readTestEndpoints(process.env),
    log,
  });
  // Not in the log, which may be kept and read by others: whoever has the address may make the first account.
  if (manager.setupUrl !== null)
    process.stdout.write(`No user yet. Make the first account, an admin, at ${manager.setupUrl}\n`);
  const signal = await untilSignal(["SIGTERM", "SIGINT"]);
  log.info("stopping", { signal });
  await manager.stop();
  return 0;
}

function networksOf(flags: FlagValues): string[] {
  const networks = (flags.text("trusted-proxy") ?? "").split(",");
  return networks.map((network) => network.trim()).filter((network) => network !== "");
}
