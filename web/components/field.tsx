import type { Child } from "#jsx/jsx-runtime";

type Input = string | number | boolean | null | undefined;

export type FieldProps = {
  name: string;
  label: string;
  hint?: Child;
  /** What is wrong with what was typed. */
  problem?: string | undefined;
  /** Attributes of the input itself; without a type it is a text field. */
  input: Record<string, Input>;
};

/** An input with its label, a hint below it, and what is wrong with it where something is. */
export function Field({ name, label, hint, problem, input }: FieldProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} {...describedBy(name, hint, problem)} {...input} />
      <FieldNotes name={name} hint={hint} problem={problem} />
    </div>
  );
}

export type SelectProps = Omit<FieldProps, "input"> & {
  options: readonly (readonly [value: string, text: string])[];
  chosen: string;
};

/** A choice with its label. */
export function SelectField({ name, label, hint, problem, options, chosen }: SelectProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name} {...describedBy(name, hint, problem)}>
        {options.map(([value, text]) => (
          <option value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
      <FieldNotes name={name} hint={hint} problem={problem} />
    </div>
  );
}

export type CheckProps = Omit<FieldProps, "input"> & { checked: boolean };

/** Something that is on or off; the form says `on` for it, or nothing. */
export function CheckField({ name, label, hint, problem, checked }: CheckProps) {
  return (
    <div class="field">
      <label class="check" for={name}>
        <input
          id={name}
          name={name}
          type="checkbox"
          value="on"
          checked={checked}
          {...describedBy(name, hint, problem)}
        />
        {label}
      </label>
      <FieldNotes name={name} hint={hint} problem={problem} />
    </div>
  );
}

function FieldNotes({ name, hint, problem }: Pick<FieldProps, "name" | "hint" | "problem">) {
  return (
    <>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p class="problem" id={`${name}-problem`}>
          {problem}
        </p>
      )}
    </>
  );
}

function describedBy(name: string, hint: Child, problem: string | undefined): Record<string, Input> {
  const notes = [hint && `${name}-hint`, problem && `${name}-problem`].filter(Boolean).join(" ");
  return { "aria-describedby": notes || null, "aria-invalid": problem ? "true" : null };
}
