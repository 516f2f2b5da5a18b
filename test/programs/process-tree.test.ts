import { expect, test } from "bun:test";
import { descendants, parseStat } from "#programs/process-tree.ts";

test("a line of /proc/<pid>/stat is read, whatever the program is called", () => {
  const line =
    "42 (my) prog) S 7 42 42 0 -1 4194560 100 200 0 0 150 50 30 20 20 0 1 0 12345 1000000 25 18446744073709551615";
  expect(parseStat(line)).toEqual({ pid: 42, parent: 7, zombie: false, rssBytes: 102_400, cpuSeconds: 2.5 });
  expect(parseStat(line.replace(") S", ") Z"))?.zombie).toBe(true);
});

test("what is no such line is null", () => {
  for (const line of ["", "42", "42 (cut) S 1 2 3", ") x"]) expect(parseStat(line)).toBeNull();
});

test("grandchildren are descendants, and the process itself is not", async () => {
  const child = Bun.spawn(["sh", "-c", "sleep 1000 & echo $!; wait"], { stdout: "pipe" });
  const reader = child.stdout.getReader();
  const grandchild = Number(Buffer.from((await reader.read()).value ?? []).toString());
  expect(descendants(process.pid).map(({ pid }) => pid)).toEqual(expect.arrayContaining([child.pid, grandchild]));
  expect(descendants(child.pid).map(({ pid }) => pid)).toEqual([grandchild]);
  process.kill(grandchild, "SIGKILL");
  child.kill("SIGKILL");
  await child.exited;
});
