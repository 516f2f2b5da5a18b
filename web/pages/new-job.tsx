import type { Child } from "#jsx/jsx-runtime";
import type { Chrome } from "#web/chrome.ts";
import { Live } from "#web/components/live.tsx";
import { Notice } from "#web/components/notice.tsx";
import { DropZone } from "#web/fragments/drop-zone.tsx";
import { Sending } from "#web/fragments/sending.tsx";
import { Layout } from "#web/layout.tsx";

/** Where a job begins: a place to drop its scene. As soon as there is one, the page becomes the draft's; `live` is its content. */
export function SubmitPage({ chrome, title, live }: { chrome: Chrome; title: string; live: Child }) {
  return (
    <Layout chrome={chrome} title={title} scripts={["new-job.js"]}>
      <p class="crumbs">
        <a href="/jobs">Jobs</a>
      </p>
      <Live content={live} />
      <p id="drop-cover" hidden aria-hidden="true">
        Drop it here
      </p>
    </Layout>
  );
}

export type NewJob = { problems: Readonly<Record<string, string>>; maxBytes: number };

/** A job of which nothing is there yet. */
export function NewJobContent({ problems, maxBytes }: NewJob) {
  return (
    <>
      <div class="heading">
        <h1>New job</h1>
      </div>
      <Sending jobId={null} maxBytes={maxBytes} uploads={[]} />
      {problems["form"] && <Notice kind="bad">{problems["form"]}</Notice>}
      <DropZone action="/jobs/new" problem={problems["file"]} maxBytes={maxBytes} />
    </>
  );
}
