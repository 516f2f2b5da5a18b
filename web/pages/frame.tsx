import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import type { Task } from "#domain/task.ts";
import type { Chrome } from "#web/chrome.ts";
import { Badge } from "#web/components/badge.tsx";
import { Facts } from "#web/components/facts.tsx";
import { Moment } from "#web/components/moment.tsx";
import { Notice } from "#web/components/notice.tsx";
import { Pager } from "#web/components/pager.tsx";
import { downloadUrl, previewUrl } from "#web/fragments/job-files.tsx";
import { Layout } from "#web/layout.tsx";
import { tellSize } from "#web/words/size.ts";
import { TASK_STATUS } from "#web/words/status.ts";

export type FrameShown = {
  job: Job;
  frame: number;
  /** The frame's own picture first, then what else belongs to it. */
  files: readonly StoredFile[];
  task: Task | null;
  /** The neighbours in the job; null at its ends. */
  before: number | null;
  after: number | null;
};

/** One frame of a job, large. */
export function FramePage({ chrome, shown }: { chrome: Chrome; shown: FrameShown }) {
  const { job, frame, files, before, after } = shown;
  const link = (to: number | null) =>
    to === null ? null : { href: `/jobs/${job.id}/frames/${to}`, text: `Frame ${to}` };
  const picture = files[0];
  return (
    <Layout chrome={chrome} title={`Frame ${frame} of ${job.name}`}>
      <p class="crumbs">
        <a href="/jobs">Jobs</a>
        <a href={`/jobs/${job.id}`}>{job.name}</a>
      </p>
      <h1>Frame {frame}</h1>
      <Pager label="Frames" back={link(before)} on={link(after)} />
      {picture ? (
        <Picture file={picture} frame={frame} job={job} />
      ) : (
        <Notice kind="info">This frame is not filed yet.</Notice>
      )}
      <FrameFacts shown={shown} />
    </Layout>
  );
}

/** The size is told beforehand, so that nothing moves when the picture arrives. */
function Picture({ file, frame, job: { width, height } }: { file: StoredFile; frame: number; job: Job }) {
  return (
    <a class="picture" href={previewUrl(file)}>
      <img src={previewUrl(file)} alt={`Frame ${frame}`} width={width} height={height} />
    </a>
  );
}

function FrameFacts({ shown: { files, task, job } }: { shown: FrameShown }) {
  return (
    <div class="panel">
      <ul class="files">
        {files.map((file) => (
          <li>
            <a href={downloadUrl(file)} download={file.name}>
              {file.name}
            </a>
            <span class="sub number">
              {tellSize(file.size)} · <Moment atMs={file.createdAtMs} />
            </span>
          </li>
        ))}
      </ul>
      {task && (
        <Facts
          of={[
            ["Task", <a href={`/jobs/${job.id}/tasks/${task.id}`}>{task.frames}</a>],
            ["Status", <Badge told={TASK_STATUS[task.status]} />],
            ["Attempt", task.attempt > 0 && task.attempt],
          ]}
        />
      )}
    </div>
  );
}
