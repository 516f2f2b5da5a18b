import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import { Badge } from "#web/components/badge.tsx";
import { GraveAction } from "#web/components/action.tsx";
import { DraftChecks, type Checks } from "#web/fragments/draft-checks.tsx";
import { DraftForm, type DraftFormProps } from "#web/fragments/draft-form.tsx";
import { AddFiles, DropZone } from "#web/fragments/drop-zone.tsx";
import { previewUrl } from "#web/fragments/job-files.tsx";
import { ProjectFiles } from "#web/fragments/project-files.tsx";
import { SceneFacts, type Reading } from "#web/fragments/scene-facts.tsx";
import { Sending, type UnfinishedUpload } from "#web/fragments/sending.tsx";
import { JOB_STATUS } from "#web/words/status.ts";

export type DraftShown = {
  job: Job;
  reading: Reading;
  checks: Checks;
  uploads: readonly StoredFile[];
  unfinished: readonly UnfinishedUpload[];
  form: DraftFormProps;
  maxBytes: number;
};

/** A job before it starts: its scene arrives, says what it is, and can be told otherwise. */
export function DraftContent({ job, reading, checks, uploads, unfinished, form, maxBytes }: DraftShown) {
  const isEmpty = reading.state === "none";
  const newest = uploads.find(({ name }) => name === job.fileName) ?? uploads.at(-1);
  const home = job.sceneFile?.split("/").slice(0, -1).join("/") ?? "";
  return (
    <>
      <div class="heading">
        <div class="draft-title">
          <h1>{job.name}</h1>
          <Badge told={JOB_STATUS[job.status]} />
        </div>
        <div class="actions">
          <GraveAction id="discard" to={`/jobs/${job.id}/discard`} text="Discard">
            The draft and what was uploaded for it are deleted.
          </GraveAction>
        </div>
      </div>
      <Sending jobId={job.id} maxBytes={maxBytes} uploads={unfinished} />
      <DraftChecks checks={checks} />
      {isEmpty && (
        <DropZone action={`/jobs/${job.id}/draft/files`} problem={form.problems["file"]} maxBytes={maxBytes} />
      )}
      <div class="columns draft">
        <DraftForm {...form} />
        <aside data-home={home}>
          <SceneFacts job={job} reading={reading} missing={false} thumbnail={newest ? previewUrl(newest) : null} />
          <ProjectFiles files={uploads}>
            {!isEmpty && <AddFiles jobId={job.id} problem={form.problems["file"]} />}
          </ProjectFiles>
        </aside>
      </div>
    </>
  );
}
