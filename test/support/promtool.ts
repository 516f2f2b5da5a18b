import { debianProgram } from "./debian-program.ts";

/** What Prometheus' own checker says of metrics in its text format: nothing where all is well. */
export async function checkMetrics(text: string): Promise<string> {
  const { program, env } = debianProgram("bin/promtool");
  const child = Bun.spawn([program, "check", "metrics", "--extended"], {
    env,
    stdin: new TextEncoder().encode(text),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [exitCode, said] = [await child.exited, await child.stderr.text()];
  return exitCode === 0 ? "" : `${exitCode}: ${said}`;
}
