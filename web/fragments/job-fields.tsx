import { DEFAULT_PRIORITY, MAX_PRIORITY } from "#domain/job.ts";
import { Field, SelectField, type FieldProps } from "#web/components/field.tsx";

/** What was typed into a job's form, by the names of its fields; what is missing is empty. */
export type JobFormValues = Readonly<Record<string, string>>;

/** What is wrong with it, as a sentence for each field; under `form` what concerns no single one. */
export type JobFormProblems = Readonly<Record<string, string>>;

type Props = { values: JobFormValues; problems: JobFormProblems; admin: boolean };

/** What the scene offers, once it is read. */
export type SceneChoices = {
  scenes: readonly string[];
  cameras: readonly string[];
  /** The .blend files of the project, where there are several. */
  mainFiles: readonly string[];
};

const DEVICE_CHOICES = [
  ["auto", "GPU where there is one"],
  ["gpu", "GPU only"],
  ["cpu", "CPU only"],
] as const;

/** The engines that come with Blender; what EEVEE is called differs between versions, and the runner knows. */
const ENGINE_CHOICES = [
  ["", "As in the scene"],
  ["CYCLES", "Cycles"],
  ["BLENDER_EEVEE", "EEVEE"],
  ["BLENDER_WORKBENCH", "Workbench"],
] as const;

/** The fields that every job has. */
export function MainJobFields({ values, problems, admin }: Props) {
  const most = admin ? MAX_PRIORITY : DEFAULT_PRIORITY;
  return (
    <>
      <JobField
        {...{ values, problems }}
        name="name"
        label="Name"
        hint="Left empty, it is called like the file."
        input={{ maxlength: 200, autocomplete: "off" }}
      />
      <JobField
        {...{ values, problems }}
        name="frames"
        label="Frames"
        hint={<FramesHint text="Like 1-100, 1-100x5 for every fifth, or 1,7,20-30. Left empty: as in the scene." />}
        input={{
          maxlength: 2000,
          autocomplete: "off",
          placeholder: "as in the scene",
          pattern: "[0-9xX,\\s\\-]*",
          title: "Frames and ranges, like 1-100, 1-100x5 or 1,7,20-30",
          "hx-get": "/jobs/new/frames",
          "hx-trigger": "input changed delay:300ms",
          "hx-target": "#frames-told",
          "hx-swap": "outerHTML",
        }}
      />
      <JobField
        {...{ values, problems }}
        name="priority"
        label="Priority"
        hint={`0 to ${most}; higher is served first.${admin ? "" : " Above it is for admins."}`}
        input={{ type: "number", min: 0, max: most, step: 1, inputmode: "numeric", placeholder: DEFAULT_PRIORITY }}
      />
    </>
  );
}

/** What is said below the frames while they are typed. */
export function FramesHint({ text, bad = false }: { text: string; bad?: boolean }) {
  return (
    <span id="frames-told" class={bad ? "problem" : null}>
      {text}
    </span>
  );
}

/** What a job may say otherwise than its scene does; what the scene offers is to choose from. */
export function SceneFields({ values, problems, choices }: Omit<Props, "admin"> & { choices: SceneChoices | null }) {
  const shared = { values, problems };
  const asInScene = { autocomplete: "off", placeholder: "as in the scene" };
  return (
    <>
      <ChoiceField {...shared} name="scene" label="Scene" offered={choices?.scenes ?? []} unset="as in the file" />
      <ChoiceField {...shared} name="camera" label="Camera" offered={choices?.cameras ?? []} unset="as in the scene" />
      <SelectField
        name="engine"
        label="Engine"
        problem={problems["engine"]}
        options={ENGINE_CHOICES}
        chosen={values["engine"] ?? ""}
      />
      <SelectField
        name="device"
        label="Device"
        problem={problems["device"]}
        options={DEVICE_CHOICES}
        chosen={values["device"] ?? "auto"}
      />
      <JobField
        {...shared}
        name="samples"
        label="Samples"
        input={{ type: "number", min: 1, max: 1_000_000, step: 1, inputmode: "numeric", ...asInScene }}
      />
      <JobField
        {...shared}
        name="resolutionPercentage"
        label="Resolution in %"
        input={{ type: "number", min: 1, max: 400, step: 1, inputmode: "numeric", ...asInScene }}
      />
      <JobField
        {...shared}
        name="blenderVersion"
        label="Blender version"
        hint="Like 4.3 or 4.3.2."
        input={{
          pattern: "\\d{1,2}\\.\\d{1,2}(\\.\\d{1,3})?",
          title: "A version like 4.3 or 4.3.2",
          autocomplete: "off",
          placeholder: "that of the file, or newer",
        }}
      />
      <ChoiceField
        {...shared}
        name="mainFile"
        label="Main .blend"
        hint="Its path in the archive, where there are several."
        offered={choices?.mainFiles ?? []}
        unset="found by itself"
      />
    </>
  );
}

type ChoiceProps = Omit<Props, "admin"> &
  Pick<FieldProps, "name" | "label" | "hint"> & { offered: readonly string[]; unset: string };

/** One of what is offered, or what is set already; free text while nothing is offered. */
function ChoiceField({ values, problems, offered, unset, ...field }: ChoiceProps) {
  const chosen = values[field.name] ?? "";
  if (offered.length === 0)
    return (
      <JobField
        {...{ values, problems, ...field }}
        input={{ maxlength: field.name === "mainFile" ? 4096 : 300, autocomplete: "off", placeholder: unset }}
      />
    );
  const all = chosen === "" || offered.includes(chosen) ? offered : [chosen, ...offered];
  const options = [["", unset] as const, ...all.map((one) => [one, one] as const)];
  return <SelectField {...field} problem={problems[field.name]} options={options} chosen={chosen} />;
}

function JobField({
  values,
  problems,
  ...field
}: Omit<FieldProps, "problem"> & { values: JobFormValues; problems: JobFormProblems }) {
  const { name, input } = field;
  return <Field {...field} problem={problems[name]} input={{ ...input, value: values[name] || null }} />;
}
