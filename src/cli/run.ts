import cac, { type CAC } from "cac";
import { AppError } from "#domain/app-error.ts";
import { addBlenderCommands, BLENDER_FLAGS } from "./blender.ts";
import { addConfigCommands, CONFIG_FLAGS, isUsage } from "./config.ts";
import { addFlags, readFlags, type Flag, type FlagValues } from "./flags.ts";
import { inspect } from "./inspect.ts";
import { MANAGER_FLAGS, runManager } from "./manager.ts";
import { RUNNER_FLAGS, runRunner } from "./runner.ts";
import { markNumbers, unmark } from "./text-arguments.ts";
import { UsageError } from "./usage-error.ts";
import { versionLine } from "./version.ts";

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Runs the command line; returns the exit code: 0 done, 1 failed, 2 wrong usage. Errors are one line on standard error. */
export async function runCli(argv: readonly string[]): Promise<number> {
  try {
    const isConfig = argv[0] === "manager" && argv[1] === "config";
    if (argv[0] === "manager" && argv[1] === "blender") return await runBlender(argv.slice(2));
    return isConfig ? await runConfig(argv.slice(2)) : await runTop(argv);
  } catch (error) {
    process.stderr.write(`jiggablend: ${lineOf(error)}\n`);
    return isUsage(error) || isCacError(error) ? EXIT.usage : EXIT.failed;
  }
}

async function runTop(argv: readonly string[]): Promise<number> {
  const cli = cac("jiggablend");
  let exitCode: number = EXIT.done;
  const add = (
    usage: string,
    description: string,
    flags: readonly Flag[],
    run: (values: FlagValues, args: string[]) => Promise<number>,
  ): void => {
    addFlags(cli.command(usage, description), flags).action(async (...args: unknown[]) => {
      const options = args.pop() as Record<string, unknown>;
      exitCode = await run(
        readFlags(flags, options, process.env),
        args.map((arg) => String(unmark(arg))),
      );
    });
  };
  add("manager", "run the farm's server (and: manager config …, manager blender …)", MANAGER_FLAGS, runManager);
  add("runner", "run a render box of a farm", RUNNER_FLAGS, runRunner);
  add(
    "inspect <file>",
    "say what a .blend says of itself",
    [{ name: "json", description: "as JSON" }],
    (flags, [file]) => inspect(file!, { json: flags.isOn("json"), write: writeLine }),
  );
  add("version", "version and commit", [], () => {
    writeLine(versionLine());
    return Promise.resolve(EXIT.done);
  });
  await runMatched(cli, argv, "manager, runner, inspect or version");
  return exitCode;
}

async function runConfig(argv: readonly string[]): Promise<number> {
  const cli = cac("jiggablend manager config");
  addConfigCommands(cli, { write: writeLine, readInput: () => Bun.stdin.text(), env: process.env });
  for (const command of cli.commands) addFlags(command, CONFIG_FLAGS);
  await runMatched(cli, argv, "enable, disable, set, unset, show, list, add or remove");
  return EXIT.done;
}

async function runBlender(argv: readonly string[]): Promise<number> {
  const cli = cac("jiggablend manager blender");
  addBlenderCommands(cli, { write: writeLine, env: process.env });
  for (const command of cli.commands) addFlags(command, BLENDER_FLAGS);
  await runMatched(cli, argv, "list, add or remove");
  return EXIT.done;
}

async function runMatched(cli: CAC, argv: readonly string[], commands: string): Promise<void> {
  cli.help();
  cli.parse(["", cli.name, ...markNumbers(argv)], { run: false });
  if (cli.options["help"]) return;
  if (argv.length === 0) return void cli.outputHelp();
  if (!cli.matchedCommand)
    throw new UsageError(`There is no command "${argv[0]}"; use ${commands}. See ${cli.name} --help.`);
  await cli.runMatchedCommand();
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function lineOf(error: unknown): string {
  if (error instanceof AppError || error instanceof UsageError) return error.message;
  return (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, " ");
}

function isCacError(error: unknown): boolean {
  return error instanceof Error && error.name === "CACError";
}
