import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { descendants } from "#programs/process-tree.ts";
import { programRunner } from "#programs/spawn.ts";
import { ENVIRONMENT, run, shell } from "./fixtures/door.ts";

/** Starts one process that ignores SIGTERM, one that left the session, and waits; prints their pids, then `ready`. */
const STUBBORN_TREE = `
  trap '' TERM
  sleep 1000 & echo $!
  setsid sh -c 'trap "" TERM; echo $$; sleep 1000' &
  (setsid setsid sh -c 'echo $$; echo ready; sleep 1000' &)
  wait`;

/** Dead, or only waiting to be buried by init. */
function isGone(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return true;
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

test("a program's exit code, output and events come back", async () => {
  const lines: string[] = [];
  const events: unknown[] = [];
  const result = await run(
    shell(`echo out; echo err >&2; echo '{"frame":1}' >&3; echo no json >&3; printf 'a\\rb\\r\\nc'; exit 5`),
    {
      onLine: (line, stream) => void lines.push(`${stream} ${line}`),
      onEvent: (event) => void events.push(event),
    },
  );
  expect(result).toMatchObject({ reason: "exited", exitCode: 5, signal: null, message: null });
  expect(lines.sort()).toEqual(["stderr err", "stdout a", "stdout b", "stdout c", "stdout out"]);
  expect(events).toEqual([{ frame: 1 }]);
  expect(result.durationSeconds).toBeGreaterThan(0);
  expect(result.maxRssBytes).toBeGreaterThan(0);
});

test("a program that a signal ends says which", async () => {
  expect(await run(shell("kill -SEGV $$"))).toMatchObject({ reason: "exited", exitCode: null, signal: "SIGSEGV" });
});

test("a program sees the given environment and nothing else", async () => {
  process.env["DOOR_TEST_SECRET"] = "jk_r0_secret";
  const lines: string[] = [];
  await run(
    { argv: ["cat", "/proc/self/environ"], environment: { ...ENVIRONMENT, A: "b" } },
    { onLine: (line) => void lines.push(line) },
  );
  delete process.env["DOOR_TEST_SECRET"];
  expect(lines.join("\n").split("\0").filter(Boolean).sort()).toEqual(["A=b", `PATH=${ENVIRONMENT.PATH}`]);
});

test("a program has no open files but its outputs and, if wanted, the events", async () => {
  const descriptors = async (events: boolean): Promise<string[]> => {
    const lines: string[] = [];
    const listen = events ? { onEvent: () => {} } : {};
    await run(
      { argv: ["ls", "/proc/self/fd"], environment: ENVIRONMENT },
      { onLine: (line) => void lines.push(line), ...listen },
    );
    return lines.sort();
  };
  // The last one is the folder that ls itself reads.
  expect(await descriptors(true)).toEqual(["0", "1", "2", "3", "4"]);
  expect(await descriptors(false)).toEqual(["0", "1", "2", "3", "4"]);
});

test("a program that is not there or cannot be run is told apart from one that failed", async () => {
  expect(await run({ argv: ["no-such-program"], environment: ENVIRONMENT })).toMatchObject({
    reason: "spawn_failed",
    message: "there is no program no-such-program",
  });
  expect(await run({ argv: ["/etc/passwd"], environment: ENVIRONMENT })).toMatchObject({ reason: "spawn_failed" });
  expect(await programRunner(["/no/helper"])(shell("true"))).toMatchObject({ reason: "spawn_failed" });
  expect(await run({ ...shell("true"), cwd: "/no/folder" })).toMatchObject({ reason: "spawn_failed" });
});

test("an abort ends a program that ignores it, and all that it started", async () => {
  const abort = new AbortController();
  const pids: number[] = [];
  const result = await run(shell(STUBBORN_TREE), {
    signal: abort.signal,
    graceSeconds: 0.05,
    onLine: (line) => {
      if (/^\d+$/.test(line)) pids.push(Number(line));
      if (pids.length === 3) abort.abort(); // each says so by itself, in any order
    },
  });
  expect(result).toMatchObject({ reason: "aborted", signal: "SIGKILL" });
  expect(pids).toHaveLength(3);
  expect(pids.filter((pid) => !isGone(pid))).toEqual([]);
});

test("a program may end in order when it is asked to", async () => {
  const abort = new AbortController();
  const options = { signal: abort.signal, graceSeconds: 60, stopSignal: "SIGINT" } as const;
  const result = await run(shell("trap 'exit 3' INT; echo ready; while :; do sleep 0.01; done"), {
    ...options,
    onLine: () => abort.abort(),
  });
  expect(result).toMatchObject({ reason: "aborted", exitCode: 3 });
});

test("an abort that came before starts nothing", async () => {
  expect(await run(shell("exit 3"), { signal: AbortSignal.abort() })).toMatchObject({
    reason: "aborted",
    exitCode: null,
  });
});

test("a program ends at its time limit", async () => {
  const result = await run(shell("sleep 1000"), { timeoutSeconds: 0.05 });
  expect(result).toMatchObject({ reason: "timeout", signal: "SIGTERM" });
});

test("what a program leaves behind ends with it", async () => {
  const pids: number[] = [];
  const result = await run(shell("setsid sleep 1000 & echo $!"), { onLine: (line) => void pids.push(Number(line)) });
  expect(result).toMatchObject({ reason: "exited", exitCode: 0 });
  expect(pids.map(isGone)).toEqual([true]);
});

test("nothing is left when the process that runs a program is killed", async () => {
  const parent = Bun.spawn([process.execPath, join(import.meta.dir, "fixtures/parent.ts"), STUBBORN_TREE], {
    stdout: "pipe",
  });
  let pids: number[] = [];
  let text = "";
  for await (const chunk of parent.stdout) {
    text += Buffer.from(chunk).toString();
    pids = text.split("\n").slice(0, -1).map(Number).filter(Boolean);
    if (text.includes("ready") && pids.length === 3) break; // each says so by itself, in any order
  }
  const helper = descendants(parent.pid).map(({ pid }) => pid);
  parent.kill("SIGKILL");
  await parent.exited;
  expect(pids).toHaveLength(3);
  const left = (): number[] => [...pids, ...helper].filter((pid) => !isGone(pid));
  while (left().length > 0) await Bun.sleep(1);
});

test.if(Bun.which("setpriv") !== null)("a helper that is killed takes its program with it", async () => {
  const pids: number[] = [];
  const result = await run(shell("echo $$; exec sleep 1000"), {
    onLine: (line) => {
      pids.push(Number(line));
      for (const { pid } of descendants(process.pid)) {
        if (descendants(pid).some((child) => child.pid === pids[0])) process.kill(pid, "SIGKILL");
      }
    },
  });
  expect(result).toMatchObject({ reason: "exited", exitCode: null, signal: "SIGKILL" });
  while (!isGone(pids[0]!)) await Bun.sleep(1);
});

test("no line is lost on a reader that takes its time", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let lines = 0;
  const result = await run(shell("yes 0123456789012345678901234567890123456789012345678 | head -n 400000"), {
    onLine: () => {
      lines += 1;
      if (lines !== 1) return;
      setTimeout(resolve, 30);
      return promise;
    },
  });
  expect(result.exitCode).toBe(0);
  expect(lines).toBe(400_000);
});

test("a callback that throws ends the program, and its error is thrown", async () => {
  const throwing = run(shell("echo line; sleep 1000"), {
    onLine: () => {
      throw new Error("the log is full");
    },
  });
  expect(throwing).rejects.toThrow("the log is full");
  await throwing.catch(() => {});
});

test("many programs leave no descriptor open", async () => {
  const open = (): number => readdirSync("/proc/self/fd").length;
  await run(shell("true"), { onEvent: () => {} });
  const before = open();
  await Promise.all(Array.from({ length: 5 }, () => run(shell("true"), { onEvent: () => {} })));
  // The last of them are closed a moment after the end.
  while (open() > before) await Bun.sleep(1);
});
