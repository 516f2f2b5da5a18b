import { DEFAULT_PRIORITY, MAX_PRIORITY, type Job } from "#domain/job.ts";
import { frameSize, type SceneInfo, type SceneMetadata } from "#domain/scene.ts";
import type { Child } from "#jsx/jsx-runtime";
import { Field, SelectField } from "#web/components/field.tsx";
import { tellEngine } from "#web/words/engine.ts";
import { AddonsField } from "./addons-field.tsx";

/** What was typed into a job's form, by the names of its fields. */
export type FormValues = Readonly<Record<string, string>>;

/** What is wrong with it, as a sentence for each field; under `form` what concerns no single one. */
export type FormProblems = Readonly<Record<string, string>>;

/** What is known of the scene that the job renders; null before it is read. */
export type KnownScene = { metadata: SceneMetadata; scene: SceneInfo; frames: string };

/** The Blenders that could render it, and which of them would, with a sentence on why. */
export type BlenderChoices = {
  versions: readonly string[];
  chosen: string | null;
  reason: string | null;
  warning: string | null;
  /** The chosen one with the add-ons that come with it; null where the farm does not know them. */
  withAddons: { version: string; addons: readonly string[] } | null;
};

export type FieldsProps = { values: FormValues; problems: FormProblems; known: KnownScene | null };

const WHOLE = { type: "number", step: 1, inputmode: "numeric", autocomplete: "off" } as const;

type SceneFieldsProps = FieldsProps & { mainFiles: readonly string[]; counted: Child };

/** Which frames of what, and how large. `counted` says how many frames that makes, or what is wrong with them. */
export function SceneFields({ values, problems, known, mainFiles, counted }: SceneFieldsProps) {
  const { metadata, scene, frames } = known ?? { metadata: null, scene: null, frames: null };
  const scenes = metadata?.scenes.map(({ name }) => name) ?? [];
  const percent = Number(values["resolutionPercentage"]) || scene?.resolutionPercentage || 100;
  const size = scene && frameSize(scene, percent);
  return (
    <>
      {mainFiles.length > 1 && (
        <ChoiceField
          {...{ values, problems }}
          name="mainFile"
          label="Main .blend"
          unset={metadata ? `Found by itself (${metadata.mainFile.split("/").at(-1)})` : "Choose one"}
          offered={mainFiles}
        />
      )}
      <Field
        name="frames"
        label="Frames"
        hint={counted}
        problem={problems["frames"]}
        input={{
          value: values["frames"] ?? "",
          maxlength: 2000,
          autocomplete: "off",
          placeholder: frames ?? "as in the scene",
          "hx-get": "/jobs/new/frames",
          "hx-trigger": "input changed delay:300ms",
          "hx-target": "#frames-told",
          "hx-swap": "outerHTML",
        }}
      />
      {scenes.length > 1 && (
        <ChoiceField
          {...{ values, problems }}
          name="scene"
          label="Scene"
          unset={`As saved (${metadata!.activeScene})`}
          offered={scenes}
        />
      )}
      {scene && (
        <ChoiceField
          {...{ values, problems }}
          name="camera"
          label="Camera"
          unset={`As in the scene (${cameraOf(scene)})`}
          offered={scene.cameras}
        />
      )}
      <Field
        name="resolutionPercentage"
        label="Size in %"
        hint={size && `${size.width} × ${size.height} pixels`}
        problem={problems["resolutionPercentage"]}
        input={{
          ...WHOLE,
          min: 1,
          max: 400,
          value: values["resolutionPercentage"] ?? "",
          placeholder: scene ? String(scene.resolutionPercentage) : "as in the scene",
        }}
      />
    </>
  );
}

const DEVICES = [
  ["auto", "GPU where there is one"],
  ["gpu", "GPU only"],
  ["cpu", "CPU only"],
] as const;

/** The engines that come with Blender; what EEVEE is called differs between versions, and the runner knows. */
const ENGINES = ["CYCLES", "BLENDER_EEVEE", "BLENDER_WORKBENCH"] as const;

/** What renders it, and with how much care. */
export function RenderFields({ values, problems, known, blender }: FieldsProps & { blender: BlenderChoices }) {
  const scene = known?.scene;
  const asked = values["blenderVersion"] ?? "";
  const isThere = asked === "" || blender.versions.some((one) => one === asked || one.startsWith(`${asked}.`));
  const versions = blender.versions.includes(asked) || asked === "" ? blender.versions : [asked, ...blender.versions];
  return (
    <>
      <SelectField
        name="engine"
        label="Engine"
        problem={problems["engine"]}
        chosen={values["engine"] ?? ""}
        options={[
          ["", scene ? `As in the scene (${tellEngine(scene.engine)})` : "As in the scene"],
          ...ENGINES.map((engine) => [engine, tellEngine(engine)] as const),
        ]}
      />
      <Field
        name="samples"
        label="Samples"
        problem={problems["samples"]}
        input={{
          ...WHOLE,
          min: 1,
          max: 1_000_000,
          value: values["samples"] ?? "",
          placeholder: scene?.samples ? String(scene.samples) : "as in the scene",
        }}
      />
      <SelectField
        name="device"
        label="Device"
        problem={problems["device"]}
        chosen={values["device"] ?? "auto"}
        options={DEVICES}
      />
      <SelectField
        name="blenderVersion"
        label="Blender"
        hint={blender.reason ?? "By the file: its own version, or the nearest newer one."}
        problem={problems["blenderVersion"]}
        chosen={asked}
        options={[
          ["", blender.chosen && asked === "" ? `Chosen for you (${blender.chosen})` : "Chosen for you"],
          ...versions.map((one) => [one, one === asked && !isThere ? `${one} (nobody has it)` : one] as const),
        ]}
      />
      <AddonsField value={values["addons"] ?? ""} problem={problems["addons"]} blender={blender.withAddons} />
    </>
  );
}

/** What the farm calls it, and whether it goes before others. */
export function JobFields({ values, problems, admin }: Omit<FieldsProps, "known"> & { admin: boolean }) {
  const most = admin ? MAX_PRIORITY : DEFAULT_PRIORITY;
  return (
    <>
      <Field
        name="name"
        label="Name"
        problem={problems["name"]}
        input={{ value: values["name"] ?? "", maxlength: 200, autocomplete: "off" }}
      />
      <Field
        name="priority"
        label="Priority"
        hint={`0 to ${most}; higher goes first.${admin ? "" : " Above is for admins."}`}
        problem={problems["priority"]}
        input={{ ...WHOLE, min: 0, max: most, value: values["priority"] ?? "", placeholder: DEFAULT_PRIORITY }}
      />
    </>
  );
}

/** What is said below the frames, also while they are typed. */
export function FramesHint({ text, bad = false }: { text: string; bad?: boolean }) {
  return (
    <span id="frames-told" class={bad ? "problem" : null}>
      {text}
    </span>
  );
}

/** What a draft's form shows of it. */
export function valuesOf(job: Job): FormValues {
  const { name, frames, format, priority, scene, camera, engine, device, samples, resolutionPercentage } = job;
  const { blenderVersion, mainFile, addons, autostart } = job;
  const wishes = {
    ...{ name, frames, format, priority, scene, camera, engine, device, samples, resolutionPercentage },
    ...{ blenderVersion, mainFile, addons: addons.join(", "), autostart: autostart ? "on" : "" },
  };
  return Object.fromEntries(Object.entries(wishes).map(([name, value]) => [name, value === null ? "" : String(value)]));
}

function cameraOf(scene: SceneInfo): string {
  if (scene.cameraMarkers.length > 0) return "markers";
  return scene.camera ?? "none";
}

type ChoiceProps = {
  name: string;
  label: string;
  values: FormValues;
  problems: FormProblems;
  unset: string;
  offered: readonly string[];
};

/** One of what the scene offers; what is set already stays, also where the scene has it no more. */
function ChoiceField({ name, label, values, problems, unset, offered }: ChoiceProps) {
  const chosen = values[name] ?? "";
  const all = chosen === "" || offered.includes(chosen) ? offered : [chosen, ...offered];
  return (
    <SelectField
      name={name}
      label={label}
      problem={problems[name]}
      chosen={chosen}
      options={[["", unset] as const, ...all.map((one) => [one, one] as const)]}
    />
  );
}
