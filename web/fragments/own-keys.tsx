import { GraveAction } from "#web/components/action.tsx";
import { Field } from "#web/components/field.tsx";
import { Moment } from "#web/components/moment.tsx";
import { Notice } from "#web/components/notice.tsx";

/** A key without its secret. */
export type KeyRow = { id: number; name: string; prefix: string; createdAtMs: number; lastUsedAtMs: number | null };

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
        For programs that make jobs for you, and for runners of your own: a runner with one of these takes your jobs
        alone.
      </p>
      {newKey !== null && <NewKey secret={newKey} />}
      {keys.length > 0 && <KeyTable keys={keys} />}
      <form class="panel fields" method="post" action="/account/keys">
        {problem && <Notice kind="bad">{problem}</Notice>}
        <Field name="name" label="Name of a new key" input={{ required: true, maxlength: 100, autocomplete: "off" }} />
        <button>Make a key</button>
      </form>
    </section>
  );
}

function NewKey({ secret }: { secret: string }) {
  return (
    <Notice kind="warn">
      <p>Your new key. Keep it now; it is not shown again.</p>
      <pre class="commands" id="new-key">
        {secret}
      </pre>
    </Notice>
  );
}

function KeyTable({ keys }: { keys: readonly KeyRow[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>Name</th>
          <th>Begins with</th>
          <th>Made</th>
          <th>Last used</th>
          <th>
            <span class="hidden">What to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr>
            <th scope="row">{key.name}</th>
            <td data-label="Begins with">
              <code>{key.prefix}…</code>
            </td>
            <td class="number" data-label="Made">
              <Moment atMs={key.createdAtMs} />
            </td>
            <td class="number" data-label="Last used">
              {key.lastUsedAtMs === null ? <span class="none">never</span> : <Moment atMs={key.lastUsedAtMs} />}
            </td>
            <td>
              <GraveAction id={`revoke-${key.id}`} to={`/account/keys/${key.id}/revoke`} text="Revoke">
                Programs and runners that use it stop at once.
              </GraveAction>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
