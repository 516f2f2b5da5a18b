import type { Job } from "#domain/job.ts";
import { renderedScene, type SceneMetadata } from "#domain/scene.ts";
import { Notice } from "#web/components/notice.tsx";
import {
  MainJobFields,
  SceneFields,
  type JobFormProblems,
  type JobFormValues,
  type SceneChoices,
} from "./job-fields.tsx";

/** What was just typed into the settings and would not do; null when they are shown as they are. */
export type SettingsForm = { values: JobFormValues; problems: JobFormProblems } | null;

type Props = { job: Job; metadata: SceneMetadata | null; form: SettingsForm; admin: boolean };

/** What a draft is to render, as a form. */
export function JobSettings({ job, metadata, form, admin }: Props) {
  const { values, problems } = form ?? { values: valuesOf(job), problems: {} };
  return (
    <form class="panel settings" method="post" action={`/jobs/${job.id}/settings`}>
      <h2>Settings</h2>
      {problems["form"] && <Notice kind="bad">{problems["form"]}</Notice>}
      <div class="fields">
        <MainJobFields values={values} problems={problems} admin={admin} />
        <SceneFields values={values} problems={problems} choices={metadata && choicesOf(metadata, job)} />
      </div>
      <div class="actions">
        <button>Save</button>
      </div>
    </form>
  );
}

function choicesOf(metadata: SceneMetadata, job: Job): SceneChoices {
  return {
    scenes: metadata.scenes.map((scene) => scene.name),
    cameras: renderedScene(metadata, job.scene)?.cameras ?? [],
    mainFiles: metadata.blendFiles.length > 1 ? metadata.blendFiles : [],
  };
}

function valuesOf(job: Job): JobFormValues {
  const {
    name,
    frames,
    priority,
    scene,
    camera,
    engine,
    device,
    samples,
    resolutionPercentage,
    blenderVersion,
    mainFile,
  } = job;
  const wishes = {
    name,
    frames,
    priority,
    scene,
    camera,
    engine,
    device,
    samples,
    resolutionPercentage,
    blenderVersion,
    mainFile,
  };
  return Object.fromEntries(
    Object.entries(wishes).map(([field, value]) => [field, value === null ? "" : String(value)]),
  );
}
