import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import { tellCount } from "#web/words/count.ts";
import { tellSize } from "#web/words/size.ts";
import { downloadUrl } from "./job-files.tsx";
import type { VideoShown } from "./job-videos.tsx";

/** What came out of a job: everything as one download, the frames one by one, and its videos. */
export function JobOutputs({ job, videos }: { job: Job; videos: readonly VideoShown[] }) {
  if (job.framesDone === 0) return null;
  const files = videos.flatMap((video) => video.files);
  return (
    <section class="panel" id="outputs" aria-labelledby="outputs-heading">
      <h2 id="outputs-heading">Downloads</h2>
      <div class="actions">
        <a class="button primary" href={`/api/jobs/${job.id}/outputs/archive`} download>
          Everything as .zip
        </a>
        <a class="button" href={`/jobs/${job.id}/outputs`}>
          Single files
        </a>
      </div>
      <p class="sub number">
        {tellCount(job.framesDone, "frame")} · {tellSize(job.outputBytes)}
      </p>
      {files.length > 0 && <FileList files={files} />}
    </section>
  );
}

/** Files with their sizes, each a download. */
export function FileList({ files }: { files: readonly StoredFile[] }) {
  return (
    <ul class="files">
      {files.map((file) => (
        <li>
          <a href={downloadUrl(file)} download={file.name}>
            {file.name}
          </a>
          <span class="sub number">{tellSize(file.size)}</span>
        </li>
      ))}
    </ul>
  );
}
