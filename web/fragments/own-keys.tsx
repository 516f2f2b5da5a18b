import { Field } from "#web/components/field.tsx";
import { KeyTable, type KeyRow } from "./key-table.tsx";
import { NewKey } from "./new-key.tsx";

/** A user's own keys: to make one, and to revoke one. */
export function OwnKeys({
  keys,
  newKey,
  problem,
}: {
  keys: readonly KeyRow[];
  newKey: string | null;
  problem: string | null;
}) {
  return (
    <section class="stack" aria-labelledby="keys">
      <h2 id="keys">API keys</h2>
      <p class="hint">
        For programs that make jobs for you by the <a href="/api/docs">API</a>, and for runners of your own: a runner
        with one of these takes your jobs alone.
      </p>
      {newKey !== null && <NewKey secret={newKey} />}
      {keys.length > 0 && <KeyTable keys={keys} base="/account/keys" />}
      <form class="panel fields" method="post" action="/account/keys">
        <Field
          name="name"
          label="Name of a new key"
          problem={problem ?? undefined}
          input={{ required: true, maxlength: 100, autocomplete: "off" }}
        />
        <button>Make a key</button>
      </form>
    </section>
  );
}
