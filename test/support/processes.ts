import { readdirSync, readFileSync } from "node:fs";

/** The Blenders, and what they run in, whose command lines name the folder or something in it. */
export function blendersIn(folder: string): number[] {
  return processesOf(folder).filter((pid) => commandLine(pid).includes("--factory-startup"));
}

/** All processes whose command lines name the folder or something in it. */
export function processesOf(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandLine(pid).some((argument) => argument.includes(folder)));
}

/** The most memory that a process ever had, in bytes. */
export function peakMemoryBytes(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  if (!line) throw new Error(`process ${pid} tells no VmHWM`);
  return Number(line[1]) * 1024;
}

/** Empty for a process that is gone, or dead and not yet waited for. */
function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
