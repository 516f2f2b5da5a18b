import { AdminLayout } from "#web/admin-layout.tsx";
import type { Chrome } from "#web/chrome.ts";
import { FormMenu } from "#web/components/action.tsx";
import { Empty } from "#web/components/empty.tsx";
import { Field, SelectField } from "#web/components/field.tsx";
import { KeyTable, type OwnedKeyRow } from "#web/fragments/key-table.tsx";
import { NewKey } from "#web/fragments/new-key.tsx";

export type KeysShown = {
  keys: readonly OwnedKeyRow[];
  /** Who may own one. */
  users: readonly { id: number; name: string; email: string }[];
  /** A key that was just made; it is shown this once. */
  newKey: string | null;
  /** A key that could not be made, and why. */
  adding: { name: string; owner: string; problem: string } | null;
};

/** All keys: the farm's own, and everybody's. */
export function KeysPage({ chrome, shown }: { chrome: Chrome; shown: KeysShown }) {
  const { keys, newKey } = shown;
  return (
    <AdminLayout chrome={chrome} page="keys" title="Keys" heading={<AddKey shown={shown} />}>
      <p class="hint">
        A key of the farm's is for runners that take everybody's jobs, and opens nothing else. One of a user's takes
        that user's jobs alone, and may call the API as that user.
      </p>
      {newKey !== null && <NewKey secret={newKey} />}
      {keys.length > 0 ? (
        <KeyTable keys={keys} base="/admin/keys" whose />
      ) : (
        <Empty>There is no key yet. Every runner needs one.</Empty>
      )}
    </AdminLayout>
  );
}

function AddKey({ shown: { adding, users } }: { shown: KeysShown }) {
  const owners = users.map(({ id, name, email }) => [String(id), `${name} (${email})`] as const);
  return (
    <FormMenu id="add" to="/admin/keys" text="Make a key" open={adding !== null} primary>
      <Field
        name="name"
        label="Name"
        problem={adding?.problem}
        input={{ required: true, maxlength: 100, autocomplete: "off", value: adding?.name ?? null }}
      />
      <SelectField
        name="owner"
        label="For"
        options={[["farm", "the farm (everybody's jobs)"], ...owners]}
        chosen={adding?.owner ?? "farm"}
      />
    </FormMenu>
  );
}
