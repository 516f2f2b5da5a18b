/** Prints a figure beside its reference. */
export function figure(what: string, ours: string, reference = ""): void {
  console.log(`  ${what.padEnd(58)} ${ours.padStart(14)}   ${reference}`);
}

/** Begins a group of figures. */
export function heading(text: string): void {
  console.log(`\n${text}`);
}

/** Seconds with the digits that mean something. */
export function seconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`;
}

/** Bytes as people say them. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Runs `work` and returns how long it took, in seconds. */
export async function timed(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}
