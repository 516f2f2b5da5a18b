import { join } from "node:path";
import type { Environment } from "./command.ts";

const PATH_WITHOUT_ONE = "/usr/local/bin:/usr/bin:/bin";

/**
 * Builds the environment of a program from nothing, so that no key, and no variable that changes Blender, Python or Bun, comes through.
 * With `home`, HOME and all XDG folders lie in that folder, and TMPDIR is `temporary`.
 */
export function cleanEnvironment(folders?: { home: string; temporary: string }): Environment {
  const base = { PATH: process.env["PATH"] || PATH_WITHOUT_ONE, LANG: "C.UTF-8" };
  if (!folders) return base;
  const { home, temporary } = folders;
  return {
    ...base,
    HOME: home,
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local/share"),
    XDG_STATE_HOME: join(home, ".local/state"),
    XDG_RUNTIME_DIR: temporary,
    TMPDIR: temporary,
  };
}
