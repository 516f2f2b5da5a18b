import "#system/production.ts";
import { EXEC_SUBCOMMAND } from "#programs/exec-report.ts";
import { OWN_COMMANDS } from "#programs/own/commands.ts";

/** argv in, exit code out. The hidden commands are how the program starts itself for work apart. */
async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  if (command === EXEC_SUBCOMMAND) return (await import("#programs/exec-helper.ts")).runExecHelper(rest);
  if (command === OWN_COMMANDS.hash) return (await import("#programs/own/hash-worker.ts")).runHashWorker(rest);
  if (command === OWN_COMMANDS.sync) return (await import("#programs/own/sync-worker.ts")).runSyncWorker(rest);
  if (command === OWN_COMMANDS.readBlend)
    return (await import("#programs/own/read-blend-worker.ts")).runReadBlendWorker(rest);
  if (command === OWN_COMMANDS.unpackBlender)
    return (await import("#programs/own/unpack-blender-worker.ts")).runUnpackBlenderWorker(rest);
  return (await import("#cli/run.ts")).runCli(argv);
}

void main(process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`jiggablend: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
