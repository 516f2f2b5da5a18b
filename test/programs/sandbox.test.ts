import { expect, test } from "bun:test";
import { mkdtempSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "#programs/command.ts";
import { gpuDevices } from "#programs/gpu-devices.ts";
import { bubblewrapArguments, sandboxed } from "#programs/sandbox.ts";
import { readSystemPaths } from "#programs/system-paths.ts";

const command: Command = { argv: ["/usr/bin/blender", "-b"], environment: { HOME: "/w/home" }, cwd: "/w" };
const access = { readable: ["/project"], writable: ["/w/home"], gpuDevices: [] };
const merged = [
  { path: "/usr", link: null },
  { path: "/lib", link: "usr/lib" },
];

/** Cuts the arguments at the options, so that a test can look for one with its values. */
function options(args: readonly string[]): string[] {
  return args.join(" ").split(/ (?=--)/);
}

test("without a sandbox the command stays as it is", () => {
  expect(sandboxed({ kind: "none", detail: "" }, command, access)).toBe(command);
});

test("bubblewrap itself starts with an empty environment, for the program can read that", () => {
  const sandbox = { kind: "bubblewrap", program: "/usr/bin/bwrap", system: merged, detail: "" } as const;
  const wrapped = sandboxed(sandbox, command, access);
  expect(wrapped.environment).toEqual({});
  expect(wrapped.argv.slice(-3)).toEqual(["--", "/usr/bin/blender", "-b"]);
  expect(options(wrapped.argv)).toContain("--setenv HOME /w/home");
});

test("there is no network, no other process, no capability, and it all ends with us", () => {
  const given = options(bubblewrapArguments(merged, command, access));
  for (const option of [
    "--unshare-net",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--cap-drop ALL",
    "--die-with-parent",
    "--new-session",
  ]) {
    expect(given).toContain(option);
  }
});

test("the system and the project are read-only, and only what is named is writable", () => {
  const given = options(bubblewrapArguments(merged, command, access));
  expect(given).toContain("--ro-bind /usr /usr");
  expect(given).toContain("--symlink usr/lib /lib");
  expect(given).toContain("--ro-bind /project /project");
  expect(given.filter((option) => option.startsWith("--bind"))).toEqual(["--bind /w/home /w/home"]);
  expect(given.indexOf("--tmpfs /tmp")).toBeLessThan(given.indexOf("--bind /w/home /w/home"));
  expect(given.indexOf("--bind /w/home /w/home")).toBeLessThan(given.indexOf("--ro-bind /project /project"));
});

test("devices of GPUs, and what their drivers read, are there only when wanted", () => {
  expect(bubblewrapArguments(merged, command, access).join(" ")).not.toContain("/sys");
  const given = options(bubblewrapArguments(merged, command, { ...access, gpuDevices: ["/dev/dri"] }));
  expect(given).toContain("--dev-bind-try /dev/dri /dev/dri");
  expect(given).toContain("--ro-bind-try /sys/devices /sys/devices");
});

test("a system with and one without a merged /usr are read as they are", () => {
  const root = mkdtempSync(join(tmpdir(), "system-"));
  mkdirSync(join(root, "usr"));
  mkdirSync(join(root, "bin"));
  symlinkSync("usr/lib64", join(root, "lib64"));
  expect(readSystemPaths(root)).toEqual([
    { path: "/usr", link: null },
    { path: "/bin", link: null },
    { path: "/lib64", link: "usr/lib64" },
  ]);
  rmSync(root, { recursive: true });
});

test("GPUs are known by the names of their device files", () => {
  const folder = mkdtempSync(join(tmpdir(), "dev-"));
  for (const name of ["dri", "nvidia0", "nvidiactl", "nvidia-caps", "kfd", "sda", "mem", "kmsg"])
    mkdirSync(join(folder, name));
  expect(gpuDevices(folder)).toEqual(
    ["dri", "kfd", "nvidia-caps", "nvidia0", "nvidiactl"].map((name) => join(folder, name)),
  );
  rmSync(folder, { recursive: true });
});
