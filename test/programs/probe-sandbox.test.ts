import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProgramResult, RunProgram } from "#programs/command.ts";
import { findProgram } from "#programs/find-program.ts";
import { probeSandbox } from "#programs/probe-sandbox.ts";
import { sandboxed } from "#programs/sandbox.ts";
import { ENVIRONMENT, run } from "./fixtures/door.ts";

const ended: ProgramResult = {
  reason: "exited",
  exitCode: 1,
  signal: null,
  message: null,
  durationSeconds: 0,
  maxRssBytes: 0,
};

/** A machine that forbids user namespaces, such as a container. */
const forbidding: RunProgram = async (_, options) => {
  await options?.onLine?.("bwrap: No permissions to create new namespace", "stderr");
  return ended;
};

test("off never looks", async () => {
  expect(await probeSandbox("off", () => Promise.reject(new Error("looked")))).toEqual({
    kind: "none",
    detail: "switched off",
  });
});

test.if(findProgram("bwrap") !== null)("where bubblewrap does not work, auto says why and on is an error", async () => {
  expect(await probeSandbox("auto", forbidding)).toEqual({
    kind: "none",
    detail: "bubblewrap does not work here: bwrap: No permissions to create new namespace",
  });
  expect(probeSandbox("on", forbidding)).rejects.toThrow("There is no sandbox: bubblewrap does not work here");
});

const sandbox = await probeSandbox("auto", run);

test.if(sandbox.kind === "bubblewrap")("a program in the sandbox reaches what it was given, and no more", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
  const [readable, writable, secret] = ["readable", "writable", "secret"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [readable, writable, secret]) {
    mkdirSync(each);
    writeFileSync(join(each, "file"), "there\n");
  }
  const script = `
    cat ${readable}/file && echo more > ${writable}/new
    for forbidden in ${readable}/new ${secret}/new /usr/new /etc/new /new; do echo x > $forbidden && echo "wrote $forbidden"; done
    ls ${secret} ${process.env["HOME"] ?? "/root"} && echo "saw what is not its own"
    cat /proc/1/environ | tr '\\0' '\\n'; grep -c . /proc/net/dev; kill -0 ${process.pid} && echo "reached another process"; exit 0`;
  process.env["SANDBOX_TEST_SECRET"] = "jk_r0_secret";
  const lines: string[] = [];
  const command = { argv: ["/bin/sh", "-c", script] as const, environment: ENVIRONMENT };
  const result = await run(
    sandboxed(sandbox, command, { readable: [readable], writable: [writable], gpuDevices: [] }),
    {
      onLine: (line, stream) => void (stream === "stdout" && lines.push(line)),
    },
  );
  delete process.env["SANDBOX_TEST_SECRET"];
  expect(result.exitCode).toBe(0);
  // Two lines of head and the loopback: the network is its own.
  expect(lines).toEqual(["there", "3"]);
  expect(readFileSync(join(writable, "new"), "utf8")).toBe("more\n");
  rmSync(folder, { recursive: true });
});
