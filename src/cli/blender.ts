import type { CAC } from "cac";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseVersion } from "#domain/blender-version.ts";
import {
  addBlender,
  removeBlender,
  storedBlendersOf,
  unfinishedDownloads,
  withBlenderOffice,
  type AddingProgress,
  type BlenderOffice,
  type BlenderSource,
} from "#manager/open.ts";
import { readFlags, type Flag } from "./flags.ts";
import { DATA_FLAGS } from "./manager.ts";
import { sandboxOf, SANDBOX_FLAG } from "./program-flags.ts";
import { table } from "./table.ts";
import { unmark } from "./text-arguments.ts";

export const BLENDER_FLAGS: readonly Flag[] = [
  ...DATA_FLAGS,
  SANDBOX_FLAG,
  { name: "force", description: "remove a Blender also while jobs are rendered with it" },
];

type Io = { write: (line: string) => void; env: Record<string, string | undefined> };
type Action = (office: BlenderOffice, what: string, force: boolean) => Promise<void> | void;

/** Adds the commands of `jiggablend manager blender` to their own cac. They work beside a running manager, which sees what they did at once. */
export function addBlenderCommands(cli: CAC, io: Io): void {
  const add = (usage: string, description: string, action: Action): void => {
    cli.command(usage, description).action(async (...args: unknown[]) => {
      const flags = readFlags(BLENDER_FLAGS, args.pop() as Record<string, unknown>, io.env);
      const db = flags.required("db", "says where the database is");
      const storage = flags.required("storage", "says where files are kept");
      await withBlenderOffice({ db, storage, sandbox: sandboxOf(flags) }, (office) =>
        action(office, String(unmark(args[0]) ?? ""), flags.isOn("force")),
      );
    });
  };
  add("list", "the Blenders that the farm keeps", async (office) => {
    const rows = storedBlendersOf(office).map(({ version, size, unpackedBytes }) => [
      version,
      `${megabytes(size)} packed`,
      `${megabytes(unpackedBytes)} unpacked`,
    ]);
    const cut = (await unfinishedDownloads(office)).map(({ version, bytes }) => [
      version,
      `${megabytes(bytes)} of a download that was cut off;`,
      `goes on with: blender add ${version}`,
    ]);
    if (rows.length === 0) io.write("The farm keeps no Blender; add one with: blender add <version>");
    if (rows.length + cut.length > 0) io.write(table([...rows, ...cut]));
  });
  add(
    "add <what>",
    "add a Blender: a version, fetched from its release site; an archive; or a folder",
    async (office, what) => {
      const source = await sourceOf(what);
      const stop = new AbortController();
      const interrupt = (): void => stop.abort(new Error("It was stopped; a download goes on where it was."));
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
      const { version } = await addBlender(office, source, {
        signal: stop.signal,
        onProgress: progressTeller(),
      });
      io.write(`Blender ${version} is there.`);
    },
  );
  add("remove <version>", "take a Blender away", async (office, version, force) => {
    await removeBlender(office, version, force);
    io.write(`Blender ${version} is removed.`);
  });
}

/** What is there as a file or a folder is one, also when it is called like a version. */
async function sourceOf(what: string): Promise<BlenderSource> {
  const path = resolve(what);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return { kind: "folder", path };
  if (found || !parseVersion(what)) return { kind: "archive", path, ours: false };
  return { kind: "release", version: what };
}

/** Tells on standard error how far it is: in one line on a terminal, else a line for each step. */
function progressTeller(): (progress: AddingProgress) => void {
  const terminal = process.stderr.isTTY;
  let told = "";
  return ({ step, done, total }) => {
    const far = total === null ? "" : ` ${Math.floor((100 * done) / total)} % of ${megabytes(total)}`;
    const line = terminal ? `${step}${far}` : step;
    if (line === told) return;
    told = line;
    process.stderr.write(terminal ? `\r\x1b[K${line}` : `${line} …\n`);
    if (terminal && step === "trying") process.stderr.write("\n");
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
