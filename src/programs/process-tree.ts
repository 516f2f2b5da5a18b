import { readFileSync, readdirSync } from "node:fs";

/** Clock ticks of /proc in one second: USER_HZ, 100 on every Linux architecture that Bun runs on. */
const TICKS_PER_SECOND = 100;

/** What /proc/<pid>/stat counts memory in; the smallest page size, so that a figure is never too high. */
const PAGE_BYTES = 4096;

export type ProcessStat = {
  pid: number;
  parent: number;
  /** Dead, and only waiting for its parent to ask. */
  zombie: boolean;
  rssBytes: number;
  /** Of the process and of those children that it has waited for. */
  cpuSeconds: number;
};

/** Reads a line of /proc/<pid>/stat (proc(5)); null if it is none. The name in it may hold spaces and brackets, hence the last `)`. */
export function parseStat(line: string): ProcessStat | null {
  const nameEnd = line.lastIndexOf(")");
  const pid = Number.parseInt(line, 10);
  const fields = line.slice(nameEnd + 2).split(" ");
  const at = (field: number): number => Number(fields[field - 3]);
  if (nameEnd < 0 || !Number.isInteger(pid) || fields.length < 22) return null;
  return {
    pid,
    parent: at(4),
    zombie: fields[0] === "Z" || fields[0] === "X",
    rssBytes: at(24) * PAGE_BYTES,
    cpuSeconds: (at(14) + at(15) + at(16) + at(17)) / TICKS_PER_SECOND,
  };
}

/** Returns all children, grandchildren and so on of a process, without itself. */
export function descendants(root: number): ProcessStat[] {
  const children = Map.groupBy(readProcesses(), (process) => process.parent);
  const found: ProcessStat[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      waiting.push(child.pid);
    }
  }
  return found;
}

function readProcesses(): ProcessStat[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = readStat(name);
    return stat ? [stat] : [];
  });
}

/** A process may end between the listing and the reading. */
function readStat(pid: string): ProcessStat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return null;
  }
}
