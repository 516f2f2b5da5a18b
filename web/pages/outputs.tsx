import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import type { Chrome } from "#web/chrome.ts";
import { Empty } from "#web/components/empty.tsx";
import { Moment } from "#web/components/moment.tsx";
import { Pages } from "#web/components/pages.tsx";
import { downloadUrl } from "#web/fragments/job-files.tsx";
import { Layout } from "#web/layout.tsx";
import { tellCount } from "#web/words/count.ts";
import { tellSize } from "#web/words/size.ts";

export type OutputsShown = {
  job: Job;
  files: readonly StoredFile[];
  total: number;
  page: number;
  pages: number;
  pageUrl: (page: number) => string;
};

/** What came out of a job, file by file. */
export function OutputsPage({ chrome, shown }: { chrome: Chrome; shown: OutputsShown }) {
  const { job, files, total, page, pages, pageUrl } = shown;
  return (
    <Layout chrome={chrome} title={`Files of ${job.name}`}>
      <p class="crumbs">
        <a href="/jobs">Jobs</a>
        <a href={`/jobs/${job.id}`}>{job.name}</a>
      </p>
      <div class="heading">
        <h1>Files</h1>
        {total > 0 && (
          <a class="button primary" href={`/api/jobs/${job.id}/outputs/archive`} download>
            Everything as .zip
          </a>
        )}
      </div>
      {total > 0 && (
        <p class="none number">
          {tellCount(total, "file")} · {tellSize(job.outputBytes)}
        </p>
      )}
      {files.length === 0 ? <Empty>Nothing is filed yet.</Empty> : <Files files={files} />}
      <Pages label="Pages of files" {...{ page, pages, url: pageUrl, back: "Earlier files", on: "Later files" }} />
    </Layout>
  );
}

function Files({ files }: { files: readonly StoredFile[] }) {
  return (
    <table class="outputs">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Size</th>
          <th scope="col">Filed</th>
          <th scope="col">SHA-256</th>
        </tr>
      </thead>
      <tbody>
        {files.map((file) => (
          <tr>
            <th scope="row">
              <a href={downloadUrl(file)} download={file.name}>
                {file.name}
              </a>
            </th>
            <td class="number">{tellSize(file.size)}</td>
            <td class="number">
              <Moment atMs={file.createdAtMs} />
            </td>
            <td>
              <code class="sub">{file.sha256}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
