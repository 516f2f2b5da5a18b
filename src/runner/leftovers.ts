import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Type, type Static } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { descendants } from "#programs/process-tree.ts";

/** A pid is given out again in time; together with when it started, and in which boot, it names one process for ever. */
const processRecord = Type.Object({
  bootId: Type.String(),
  processes: Type.Array(Type.Object({ pid: Type.Integer({ minimum: 2 }), startTicks: Type.Integer() })),
});
type ProcessRecord = Static<typeof processRecord>;

const KILL_SECONDS = 5;
const KILL_ROUND_MS = 20;

/**
 * Writes down the processes that run under this one, for whoever comes after us. Programs end with the runner by themselves
 * (see programs/exec-helper.ts); this is for the machine that runs out of memory and kills runner and helper at once.
 */
export function recordProcesses(file: string): void {
  const processes = descendants(process.pid).flatMap(({ pid }) => {
    const startTicks = readStartTicks(pid);
    return startTicks === null ? [] : [{ pid, startTicks }];
  });
  const record: ProcessRecord = { bootId: readBootId(), processes };
  writeFileSync(`${file}.tmp`, JSON.stringify(record));
  renameSync(`${file}.tmp`, file);
}

/** Ends the processes that an earlier runner wrote down and that are still there, with all they started, and forgets them. */
export async function killLeftovers(file: string): Promise<void> {
  const record = readRecord(file);
  const left = record?.bootId === readBootId() ? record.processes.filter(isStill) : [];
  for (const { pid } of left.flatMap((one) => [...descendants(one.pid), one])) kill(pid);
  for (let waitedMs = 0; left.some(isStill) && waitedMs < KILL_SECONDS * 1000; waitedMs += KILL_ROUND_MS)
    await Bun.sleep(KILL_ROUND_MS);
  rmSync(file, { force: true });
}

function isStill({ pid, startTicks }: ProcessRecord["processes"][number]): boolean {
  return readStartTicks(pid) === startTicks;
}

/** Field 22 of /proc/<pid>/stat (proc(5)); null when the process is gone or dead. */
function readStartTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : Number(fields[22 - 3]);
  } catch {
    return null;
  }
}

function readBootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function readRecord(file: string): ProcessRecord | null {
  try {
    const record: unknown = JSON.parse(readFileSync(file, "utf8"));
    return Value.Check(processRecord, record) ? record : null;
  } catch {
    return null;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    return; // it has just ended
  }
}
