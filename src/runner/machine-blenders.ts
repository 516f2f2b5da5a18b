import { probeBlender } from "#programs/blender/probe.ts";
import { tryBlender } from "#programs/blender/try.ts";
import { createBlenderCache, type BlenderCache, type StartFirst } from "./blender-cache.ts";
import type { Machine } from "./machine.ts";
import type { ManagerClient } from "./manager-client.ts";
import type { Patience } from "./retry.ts";
import type { Workspace } from "./workspace.ts";

type Surroundings = {
  workspace: Pick<Workspace, "blenders" | "home">;
  settings: { blenderCacheBytes: number };
  parts: Patience;
  client: Pick<ManagerClient, "blender">;
  machine: Machine;
};

/**
 * Opens the cache of fetched Blenders, and has what the manager is told of this machine name them too. Returns undefined where none are to
 * be fetched.
 */
export async function openBlenderCache(around: Surroundings): Promise<BlenderCache | undefined> {
  const { workspace, settings, parts, client, machine } = around;
  const { capabilities, sandbox } = machine;
  if (settings.blenderCacheBytes === 0) return undefined;
  const installed = [...capabilities.blenders];
  const host = { sandbox, homeFolder: workspace.home };
  const startFirst: StartFirst = async (executable) => {
    const tried = await tryBlender(executable, host);
    if (tried.version === null) return tried;
    const abilities = await probeBlender({ blender: executable, ...host });
    return { told: { version: tried.version, denoiser: abilities?.denoiser ?? false, gpus: abilities?.gpus ?? [] } };
  };
  capabilities.fetchesBlender = true;
  capabilities.brokenBlenders = [];
  const { blenders: listed, brokenBlenders } = capabilities;
  const cache = createBlenderCache({
    ...{ folder: workspace.blenders, maxBytes: settings.blenderCacheBytes, client, patience: parts, startFirst },
    // In place, for registrations and heartbeats tell of these very lists.
    onChange: ({ blenders, broken }) => {
      const versions = new Set(installed.map(({ version }) => version));
      listed.splice(0, listed.length, ...installed, ...blenders.filter(({ version }) => !versions.has(version)));
      brokenBlenders.splice(0, brokenBlenders.length, ...broken);
    },
  });
  await cache.open();
  return cache;
}
