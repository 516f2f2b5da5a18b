import type { TaskProgress } from "#domain/progress.ts";
import type { Runner, RunnerStatus } from "#domain/runner.ts";
import { Badge } from "#web/components/badge.tsx";
import { Moment } from "#web/components/moment.tsx";
import { tellCount, tellNumber } from "#web/words/count.ts";
import { tellDuration } from "#web/words/duration.ts";
import { tellVideoFormats } from "#web/words/format.ts";
import { tellSize } from "#web/words/size.ts";
import { RUNNER_BUSY, RUNNER_STATUS } from "#web/words/status.ts";
import { RunnerMenu } from "./runner-actions.tsx";
import { RunnerWorks } from "./runner-work.tsx";

/** What a runner works on. */
export type RunnerWork = {
  jobId: number;
  jobName: string;
  taskId: number;
  frames: string;
  progress: TaskProgress | null;
};

/** A runner with what it does now; without an owner it is the farm's. */
export type RunnerRow = Runner & {
  ownerName: string | null;
  work: readonly RunnerWork[];
  /** Of the last day. */
  meanFrameSeconds: number | null;
};

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
          <th>Machine</th>
          <th>Programs</th>
          <th>Frames</th>
          <th>Last seen</th>
          <th>
            <span class="hidden">What to do</span>
          </th>
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
  const { id, name, ownerName, capabilities, address } = runner;
  return (
    <tr id={`runner-${id}`}>
      <th scope="row">
        <a href={`/runners/${id}`}>{name}</a>
        <span class="sub">
          {capabilities.hostname} · {address}
          {ownerName !== null && ` · for ${ownerName}`}
        </span>
      </th>
      <td>
        <RunnerBadge runner={runner} />
      </td>
      <td class="works">
        <RunnerWorks work={runner.work} />
      </td>
      <td>
        {tellCount(capabilities.cores, "core")} · {tellSize(capabilities.memoryBytes)}
        {capabilities.gpus.map((gpu) => (
          <span class="sub">
            {gpu.name} ({gpu.type})
          </span>
        ))}
      </td>
      <td>
        <Programs runner={runner} />
      </td>
      <td class="number" data-label="Frames">
        {tellNumber(runner.framesDone)}
        {runner.meanFrameSeconds !== null && <span class="sub">{tellDuration(runner.meanFrameSeconds)} each</span>}
      </td>
      <td class="number" data-label="Last seen">
        <LastSeen runner={runner} />
      </td>
      <td class="do">
        <RunnerMenu runner={runner} />
      </td>
    </tr>
  );
}

function Programs({ runner: { capabilities } }: { runner: RunnerRow }) {
  const { blenders, videoFormats, sandbox } = capabilities;
  const videos = tellVideoFormats(videoFormats);
  return (
    <>
      {blenders.length > 0 ? (
        `Blender ${blenders.map(({ version }) => version).join(", ")}`
      ) : (
        <span class="reason">no Blender</span>
      )}
      <span class="sub">
        {videos && `${videos} · `}
        {sandbox.startsWith("none") ? <span class="reason">no sandbox</span> : sandbox}
      </span>
    </>
  );
}

/** The state of a runner in one word. */
export function RunnerBadge({ runner: { status, work } }: { runner: Pick<RunnerRow, "status" | "work"> }) {
  return <Badge told={work.length > 0 && status === "online" ? RUNNER_BUSY : RUNNER_STATUS[status]} />;
}

/** When a runner was last heard of. */
export function LastSeen({ runner: { status, lastSeenAtMs } }: { runner: Pick<Runner, "status" | "lastSeenAtMs"> }) {
  return HEARD_OF.has(status) ? <>now</> : <Moment atMs={lastSeenAtMs} />;
}
