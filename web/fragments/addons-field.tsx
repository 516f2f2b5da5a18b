import { Field } from "#web/components/field.tsx";

type Props = {
  value: string;
  problem: string | undefined;
  /** The Blender that would render, and the add-ons that come with it; null where that is not known. */
  blender: { version: string; addons: readonly string[] } | null;
};

/** The add-ons that a job switches on; few need any, so they are folded away until some are named. */
export function AddonsField({ value, problem, blender }: Props) {
  return (
    <details id="more" class="more" open={value !== "" || problem !== undefined}>
      <summary>More: add-ons</summary>
      <Field
        name="addons"
        label="Add-ons to switch on"
        hint={
          <>
            {blender ? `Of those that come with Blender ${blender.version}` : "Of those that come with Blender"}, by
            their modules, with commas between: <code>node_wrangler, rigify</code>
          </>
        }
        problem={problem}
        input={{
          value,
          maxlength: 2000,
          autocomplete: "off",
          spellcheck: "false",
          placeholder: "none",
          list: blender && "addons-known",
        }}
      />
      {blender && (
        <datalist id="addons-known">
          {blender.addons.map((name) => (
            <option value={name} />
          ))}
        </datalist>
      )}
    </details>
  );
}
