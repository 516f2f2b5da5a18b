import type { Child } from "#jsx/jsx-runtime";
import { Notice } from "#web/components/notice.tsx";
import {
  JobFields,
  RenderFields,
  SceneFields,
  type BlenderChoices,
  type FormProblems,
  type FormValues,
  type KnownScene,
} from "./draft-fields.tsx";
import { FormatChoice } from "./format-choice.tsx";

export type DraftFormProps = {
  jobId: number;
  values: FormValues;
  problems: FormProblems;
  known: KnownScene | null;
  /** The .blend files of the project, of which one is the main one. */
  mainFiles: readonly string[];
  counted: Child;
  blender: BlenderChoices;
  admin: boolean;
  /** While the scene is still to come, the job may start by itself. */
  canStartItself: boolean;
  /** What starting it would do, or why that cannot be. */
  start: { can: boolean; text: string };
};

/**
 * What a draft is to render. Every change is saved at once, and what it changes elsewhere on the page comes back; the button saves and
 * starts. Without a script there is a button that only saves.
 */
export function DraftForm(props: DraftFormProps) {
  const { jobId, values, problems, known, blender, start } = props;
  const action = `/jobs/${jobId}/draft`;
  return (
    <form
      id="draft"
      class="draft-form"
      method="post"
      action={action}
      novalidate
      hx-post={action}
      hx-trigger="change"
      hx-target="#live"
      hx-swap="innerMorph"
    >
      {problems["form"] && <Notice kind="bad">{problems["form"]}</Notice>}
      <FormatChoice chosen={values["format"] ?? "EXR"} problem={problems["format"]} />
      <Group name="What is rendered">
        <SceneFields {...{ values, problems, known }} mainFiles={props.mainFiles} counted={props.counted} />
      </Group>
      <Group name="How it is rendered">
        <RenderFields {...{ values, problems, known, blender }} />
      </Group>
      <Group name="The job">
        <JobFields {...{ values, problems }} admin={props.admin} />
      </Group>
      <div class="start-bar">
        <p id="start-told">{start.text}</p>
        {props.canStartItself && (
          <label class="check" for="autostart">
            <input type="checkbox" id="autostart" name="autostart" value="on" checked={values["autostart"] === "on"} />
            Start by itself once the scene is here
          </label>
        )}
        <div class="actions">
          <button class="without-script">Save</button>
          <button class="primary" name="then" value="start" disabled={!start.can} aria-describedby="start-told">
            Start rendering
          </button>
        </div>
      </div>
    </form>
  );
}

function Group({ name, children }: { name: string; children?: Child }) {
  return (
    <fieldset class="panel group">
      <legend>{name}</legend>
      <div class="fields">{children}</div>
    </fieldset>
  );
}
