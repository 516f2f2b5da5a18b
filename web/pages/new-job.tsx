import type { Chrome } from "#web/chrome.ts";
import { Notice } from "#web/components/notice.tsx";
import { UploadProgress } from "#web/components/upload-progress.tsx";
import { MainJobFields, SceneFields, type JobFormProblems, type JobFormValues } from "#web/fragments/job-fields.tsx";
import { Layout } from "#web/layout.tsx";
import { tellSize } from "#web/words/size.ts";

export type NewJob = { values: JobFormValues; problems: JobFormProblems; admin: boolean; maxBytes: number };

/** The form that makes a job. The file comes last, so that the manager knows all else before the first byte of it arrives. */
export function NewJobPage({ chrome, form }: { chrome: Chrome; form: NewJob }) {
  const { values, problems } = form;
  const opened = SCENE_FIELDS.some((name) => values[name] || problems[name]);
  return (
    <Layout chrome={chrome} title="New job">
      <h1>New job</h1>
      {problems["form"] && <Notice kind="bad">{problems["form"]}</Notice>}
      <form class="new-job" method="post" action="/jobs/new" enctype="multipart/form-data" data-upload>
        <fieldset class="fields">
          <legend class="hidden">Job</legend>
          <MainJobFields {...form} />
        </fieldset>
        <details id="scene-fields" open={opened}>
          <summary>Otherwise than the scene says</summary>
          <fieldset class="fields">
            <legend class="hidden">Overrides</legend>
            <SceneFields {...form} choices={null} />
          </fieldset>
        </details>
        <label class="check">
          <input type="checkbox" name="autostart" value="on" checked={values["autostart"] !== "off"} />
          Start as soon as the scene is read
        </label>
        <SceneFile problem={problems["file"]} maxBytes={form.maxBytes} />
        <UploadProgress />
        <div class="actions">
          <button class="primary">Upload and make the job</button>
          <a class="button" href="/jobs">
            Back
          </a>
        </div>
      </form>
    </Layout>
  );
}

const SCENE_FIELDS = [
  "scene",
  "camera",
  "engine",
  "samples",
  "resolutionPercentage",
  "blenderVersion",
  "mainFile",
] as const;

/** What a scene may come as. */
const SCENE_FILES = ".blend,.zip,.tar,.tar.gz,.tgz";

function SceneFile({ problem, maxBytes }: { problem: string | undefined; maxBytes: number }) {
  return (
    <div class="field file">
      <label for="file">Scene</label>
      <input
        type="file"
        id="file"
        name="file"
        required
        accept={SCENE_FILES}
        aria-describedby={problem ? "file-hint file-problem" : "file-hint"}
        aria-invalid={problem ? "true" : null}
      />
      <p class="hint" id="file-hint">
        A .blend, or a .zip, .tar or .tar.gz of its project folder with the textures and libraries that it links; at
        most {tellSize(maxBytes)}.
      </p>
      {problem && (
        <p class="problem" id="file-problem">
          {problem}
        </p>
      )}
    </div>
  );
}
