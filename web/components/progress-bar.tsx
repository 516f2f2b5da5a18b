/** How much of something is done, as a bar. `label` is for those who do not see it. */
export function ProgressBar({ done, total, label }: { done: number; total: number; label: string }) {
  return <progress value={done} max={Math.max(1, total)} aria-label={label} />;
}
