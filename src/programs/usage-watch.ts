import type { Usage } from "./command.ts";
import { descendants } from "./process-tree.ts";

const INTERVAL_SECONDS = 2;

export type UsageWatch = { peakRssBytes: number; stop: () => void };

/**
 * Looks every two seconds at what all processes under `root` use together. The sum counts pages twice that they share, and
 * a process that ends takes its CPU time with it unless its parent waited for it.
 */
export function watchUsage(root: number, onUsage: ((usage: Usage) => void) | undefined): UsageWatch {
  const look = (): void => {
    const processes = descendants(root);
    const usage = {
      rssBytes: processes.reduce((sum, process) => sum + process.rssBytes, 0),
      cpuSeconds: processes.reduce((sum, process) => sum + process.cpuSeconds, 0),
    };
    watch.peakRssBytes = Math.max(watch.peakRssBytes, usage.rssBytes);
    onUsage?.(usage);
  };
  const timer = setInterval(look, INTERVAL_SECONDS * 1000);
  const watch = { peakRssBytes: 0, stop: () => clearInterval(timer) };
  return watch;
}
