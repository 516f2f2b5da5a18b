import { Field } from "./field.tsx";

/** Where a new password is typed, with what it takes. */
export function NewPasswordField({ label, autofocus = false }: { label: string; autofocus?: boolean }) {
  return (
    <Field
      name="newPassword"
      label={label}
      hint="12 characters or more, and none of the common ones."
      input={{
        ...{ type: "password", required: true, minlength: 12, maxlength: 1000 },
        ...{ autocomplete: "new-password", autofocus },
      }}
    />
  );
}
