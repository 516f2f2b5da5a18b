import type { TaskProgress } from "#domain/progress.ts";
import type { Runner, RunnerStatus } from "#domain/runner.ts";
import { Badge } from "#web/components/badge.tsx";
import { Moment } from "#web/components/moment.tsx";
import { tellCount, tellNumber } from "#web/words/count.ts";
import { tellSize } from "#web/words/size.ts";
import { RUNNER_BUSY, RUNNER_STATUS } from "#web/words/status.ts";
import { tellProgress } from "./task-table.tsx";

/** What a runner works on. */
export type RunnerWork = {
  jobId: number;
  jobName: string;
  taskId: number;
  frames: string;
  progress: TaskProgress | null;
};

/** A runner with what it does now. */
export type RunnerRow = Runner & { work: readonly RunnerWork[] };

/** Those that report every few seconds. When exactly is not told: it would be another page each time. */
const HEARD_OF = new Set<RunnerStatus>(["online", "draining"]);

/** Runners as a table; on a narrow screen each row is a card. */
export function RunnerTable({ runners }: { runners: readonly RunnerRow[] }) {
  return (
    <table class="runners">
      <thead>
        <tr>
          <th>Runner</th>
          <th>Status</th>
          <th>Works on</th>
          <th>Blender</th>
          <th>Machine</th>
          <th>Frames</th>
          <th>Last seen</th>
        </tr>
      </thead>
      <tbody>
        {runners.map((runner) => (
          <Row runner={runner} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ runner }: { runner: RunnerRow }) {
  const { capabilities, work, status } = runner;
  const busy = work.length > 0 && status === "online";
  return (
    <tr id={`runner-${runner.id}`}>
      <th scope="row">
        {runner.name}
        <span class="sub">
          {capabilities.hostname} · {runner.address}
        </span>
      </th>
      <td>
        <Badge told={busy ? RUNNER_BUSY : RUNNER_STATUS[status]} />
      </td>
      <td>
        {work.map((one) => (
          <Work work={one} />
        ))}
      </td>
      <td data-label="Blender">
        {capabilities.blenders.map((blender) => blender.version).join(", ") || <span class="none">none</span>}
      </td>
      <td>
        {machineOf(runner)}
        <span class="sub">sandbox: {capabilities.sandbox}</span>
      </td>
      <td class="number" data-label="Frames">
        {tellNumber(runner.framesDone)}
      </td>
      <td class="number">{HEARD_OF.has(status) ? "now" : <Moment atMs={runner.lastSeenAtMs} />}</td>
    </tr>
  );
}

function Work({ work }: { work: RunnerWork }) {
  const { jobId, jobName, taskId, frames, progress } = work;
  return (
    <p class="work">
      <a href={`/jobs/${jobId}`}>{jobName}</a> <a href={`/jobs/${jobId}/tasks/${taskId}`}>{frames}</a>
      {progress && <span class="sub">{tellProgress(progress)}</span>}
    </p>
  );
}

function machineOf({ capabilities: { cores, memoryBytes, gpus } }: Runner): string {
  const parts = [tellCount(cores, "core"), tellSize(memoryBytes), ...gpus.map((gpu) => `${gpu.name} (${gpu.type})`)];
  return parts.join(" · ");
}
