import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROGRAM, run, temporaryFolder, type TemporaryFolder } from "../../support/program.ts";

/** The systemd units of deploy/, judged by systemd itself. */
const SYSTEMD = join(import.meta.dir, "../../../deploy/systemd");
const UNITS = { manager: "jiggablend-manager.service", runner: "jiggablend-runner@.service" } as const;

/** Of 100; a service without any protection has 96. What is left is what bubblewrap and GPUs need. */
const MOST_EXPOSURE = 40;

let folder: TemporaryFolder;
beforeAll(() => {
  folder = temporaryFolder();
  for (const unit of Object.values(UNITS))
    writeFileSync(join(folder.path, unit), unitText(unit).replace("/usr/local/bin/jiggablend", PROGRAM));
});
afterAll(() => folder.remove());

const unitText = (unit: string): string => readFileSync(join(SYSTEMD, unit), "utf8");

/** What a unit says of something, the last time that it says it. */
const says = (unit: string, what: string): string | undefined =>
  unitText(unit)
    .split("\n")
    .findLast((line) => line.startsWith(`${what}=`))
    ?.slice(what.length + 1);

async function systemd(...command: string[]): Promise<{ exitCode: number; said: string }> {
  const child = Bun.spawn(command, {
    cwd: folder.path,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8" },
  });
  const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { exitCode, said: stdout + stderr };
}

test("systemd finds nothing wrong with the units", async () => {
  const units = [UNITS.manager, "jiggablend-runner@1.service"].map((unit) => `./${unit}`);
  expect(await systemd("systemd-analyze", "verify", "--man=no", ...units)).toEqual({ exitCode: 0, said: "" });
});

test("systemd makes the users that they run as", async () => {
  const root = join(folder.path, "root");
  mkdirSync(join(root, "etc"), { recursive: true });
  const made = await systemd("systemd-sysusers", `--root=${root}`, join(SYSTEMD, "jiggablend-sysusers.conf"));
  expect([made.exitCode, made.said]).toEqual([0, expect.any(String)]);
  const users = readFileSync(join(root, "etc/passwd"), "utf8");
  for (const unit of Object.values(UNITS)) expect(users).toMatch(new RegExp(`^${says(unit, "User")}:`, "m"));
  expect(readFileSync(join(root, "etc/group"), "utf8")).toMatch(/^render:.*:jiggablend-runner$/m);
});

describe.each(Object.entries(UNITS))("the unit of the %s", (command, unit) => {
  test("leaves a program little that it could harm", async () => {
    const { exitCode, said } = await systemd(
      "systemd-analyze",
      "security",
      "--offline=true",
      `--threshold=${MOST_EXPOSURE}`,
      `./${unit}`,
    );
    expect(exitCode, said).toBe(0);
  });

  test("ends the program alone by SIGTERM, and not for its children's memory", () => {
    expect(says(unit, "KillMode")).toBe("mixed");
    expect(says(unit, "OOMPolicy")).toBe("continue");
  });

  test("lets bubblewrap make its namespaces", () => {
    for (const closed of [
      "RestrictNamespaces",
      "ProcSubset",
      "ProtectKernelTunables",
      "ProtectKernelLogs",
      "PrivateUsers",
    ])
      expect(says(unit, closed)).toBeUndefined();
    expect(says(unit, "SystemCallFilter")).not.toContain("@mount");
  });

  test("sets only variables that the program has, and no secret", async () => {
    const { stdout: help } = await run([command, "--help"]);
    const variables = [...unitText(unit).matchAll(/^Environment=(\w+)/gm)].map(([, name]) => name!);
    expect(variables.length).toBeGreaterThan(2);
    for (const variable of variables) expect(help).toMatch(new RegExp(`\\[${variable}[\\],]`));
    expect(says(unit, "ExecStart")).toBe(`/usr/local/bin/jiggablend ${command}`);
  });
});

test("a runner that drains is not killed before it gives its task back", () => {
  const drain = Number(/JIGGABLEND_DRAIN_TIMEOUT=(\d+)/.exec(unitText(UNITS.runner))![1]);
  expect(Number(says(UNITS.runner, "TimeoutStopSec"))).toBeGreaterThanOrEqual(drain + 30);
});
