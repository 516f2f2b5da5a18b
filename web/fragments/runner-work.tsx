import type { TaskProgress } from "#domain/progress.ts";
import { ProgressBar } from "#web/components/progress-bar.tsx";
import { tellProgress } from "./task-table.tsx";

type Work = { jobId: number; jobName: string; taskId: number; frames: string; progress: TaskProgress | null };

/** What a runner does now, with how far it is. */
export function RunnerWorks({ work }: { work: readonly Work[] }) {
  return (
    <>
      {work.map((one) => (
        <Doing work={one} />
      ))}
    </>
  );
}

function Doing({ work: { jobId, jobName, taskId, frames, progress } }: { work: Work }) {
  const told = progress && tellProgress(progress);
  return (
    <div class="doing">
      <a href={`/jobs/${jobId}`}>{jobName}</a>
      <span class="sub">
        <a href={`/jobs/${jobId}/tasks/${taskId}`}>{nameOf(frames)}</a>
        {told && ` · ${told}`}
      </span>
      {progress && <ProgressBar {...partOf(progress)} label={`${nameOf(frames)} of ${jobName}`} />}
    </div>
  );
}

function nameOf(frames: string): string {
  return /^-?\d+$/.test(frames) ? `Frame ${frames}` : `Frames ${frames}`;
}

/** Frames that are done, and of the one at hand its samples, in a hundredth of a frame. */
function partOf({ done, total, sample, samples }: TaskProgress): { done: number; total: number } {
  const ofFrame = sample !== null && samples ? Math.min(1, sample / samples) : 0;
  return { done: Math.round((done + ofFrame) * 100), total: total * 100 };
}
