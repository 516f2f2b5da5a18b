import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import { UploadProgress } from "#web/components/upload-progress.tsx";
import { tellSize } from "#web/words/size.ts";

/** What was uploaded to a job; `more` says that there is more than is shown. */
export type Uploads = { files: readonly StoredFile[]; more: boolean };

/** What went into a job, and a form to add to it while it has not started. */
export function JobFiles({ job, uploads }: { job: Job; uploads: Uploads }) {
  const open = job.status === "draft" || (job.status === "failed" && job.tasksTotal === 0);
  return (
    <section class="panel" aria-labelledby="files-heading">
      <h2 id="files-heading">Uploaded</h2>
      {uploads.files.length === 0 && <p class="hint">No files yet.</p>}
      <ul class="files">
        {uploads.files.map((file) => (
          <li>
            <a href={downloadUrl(file)} download={file.name}>
              {file.name}
            </a>
            <span class="sub number">{tellSize(file.size)}</span>
          </li>
        ))}
      </ul>
      {uploads.more && <p class="hint">These are the first {uploads.files.length}.</p>}
      {open && <AddFile jobId={job.id} />}
    </section>
  );
}

function AddFile({ jobId }: { jobId: number }) {
  return (
    <form id="add-file" method="post" action={`/jobs/${jobId}/files`} enctype="multipart/form-data" data-upload>
      <div class="field file">
        <label for="file">Add a file</label>
        <input type="file" id="file" name="file" required aria-describedby="file-hint" />
        <p class="hint" id="file-hint">
          A texture, a library, or an archive of several; one of the same path takes the place of what is there.
        </p>
      </div>
      <UploadProgress />
      <button>Add to the project</button>
    </form>
  );
}

/** Where a file of a job is to be had. */
export function downloadUrl(file: Pick<StoredFile, "jobId" | "id">): string {
  return `/api/jobs/${file.jobId}/files/${file.id}/download`;
}

/** Where a picture of a file is to be had; without a size, one for a page. */
export function previewUrl(file: Pick<StoredFile, "jobId" | "id">, size?: PictureSize): string {
  return `/api/jobs/${file.jobId}/files/${file.id}/preview${size ? `?size=${size}` : ""}`;
}

/** Where the picture of a frame is to be had, once it is filed. */
export function framePictureUrl(jobId: number, frame: number, size?: PictureSize): string {
  return `/api/jobs/${jobId}/frames/${frame}/preview${size ? `?size=${size}` : ""}`;
}

type PictureSize = "small" | "large";
