import { expect, test } from "bun:test";
import { join } from "node:path";
import { killLeftovers, recordProcesses } from "#runner/leftovers.ts";
import { tempFolder } from "./support/temp-folder.ts";

type Written = { bootId: string; processes: { pid: number; startTicks: number }[] };

/** A Blender of sorts, and the list that a runner which was killed has left of it. */
async function leftBehind(folder: string, change: (written: Written) => void = () => {}) {
  const child = Bun.spawn(["sleep", "60"], { detached: true });
  const file = join(folder, "processes.json");
  recordProcesses(file);
  const written = (await Bun.file(file).json()) as Written;
  written.processes = written.processes.filter(({ pid }) => pid === child.pid);
  change(written);
  await Bun.write(file, JSON.stringify(written));
  return { child, file, written };
}

test("a process that a killed runner left running is ended", async () => {
  await using folder = await tempFolder();
  const { child, file, written } = await leftBehind(folder.path);
  expect(written.processes).toHaveLength(1);
  await killLeftovers(file);
  await child.exited;
  expect(child.signalCode).toBe("SIGKILL");
  expect(await Bun.file(file).exists()).toBe(false);
});

const OTHERS: [string, (written: Written) => void][] = [
  ["has the same pid and began later", ({ processes }) => (processes[0]!.startTicks -= 1)],
  ["has the same pid after a reboot", (written) => (written.bootId = "another boot")],
];
test.each(OTHERS)("a process that %s is left alone", async (_, change) => {
  await using folder = await tempFolder();
  const { child, file } = await leftBehind(folder.path, change);
  await killLeftovers(file);
  expect(child.signalCode).toBe(null);
  child.kill("SIGKILL");
  await child.exited;
});

test.each(["no JSON", "{}", '{"bootId":1,"processes":[]}'])("a list that says %s is forgotten", async (text) => {
  await using folder = await tempFolder();
  const file = join(folder.path, "processes.json");
  await Bun.write(file, text);
  await killLeftovers(file);
  expect(await Bun.file(file).exists()).toBe(false);
});

test("without a list there is nothing to do", async () => {
  await killLeftovers("/nowhere/processes.json");
});
