import type { KeyScope } from "#domain/user.ts";
import { GraveAction } from "#web/components/action.tsx";
import { Moment } from "#web/components/moment.tsx";

/** A key without its secret. */
export type KeyRow = { id: number; name: string; prefix: string; createdAtMs: number; lastUsedAtMs: number | null };

/** A key with what it is for. */
export type OwnedKeyRow = KeyRow & { scope: KeyScope; userId: number | null; userEmail: string | null };

type Props =
  | { keys: readonly KeyRow[]; base: string; whose?: false }
  /** `whose` adds a column that says so. */
  | { keys: readonly OwnedKeyRow[]; base: string; whose: true };

/** Keys, each with a button that revokes it, by a POST to `<base>/<id>/revoke`. */
export function KeyTable(props: Props) {
  return (
    <table class="keys">
      <thead>
        <tr>
          <th>Name</th>
          {props.whose && <th>For</th>}
          <th>Begins with</th>
          <th>Made</th>
          <th>Last used</th>
          <th>
            <span class="hidden">What to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.whose
          ? props.keys.map((key) => <Row row={key} base={props.base} owner={<Owner of={key} />} />)
          : props.keys.map((key) => <Row row={key} base={props.base} owner={null} />)}
      </tbody>
    </table>
  );
}

function Row({ row, base, owner }: { row: KeyRow; base: string; owner: ReturnType<typeof Owner> | null }) {
  return (
    <tr>
      <th scope="row">{row.name}</th>
      {owner && <td data-label="For">{owner}</td>}
      <td data-label="Begins with">
        <code>{row.prefix}…</code>
      </td>
      <td class="number" data-label="Made">
        <Moment atMs={row.createdAtMs} />
      </td>
      <td class="number" data-label="Last used">
        {row.lastUsedAtMs === null ? <span class="none">never</span> : <Moment atMs={row.lastUsedAtMs} />}
      </td>
      <td class="do">
        <GraveAction id={`revoke-${row.id}`} to={`${base}/${row.id}/revoke`} text="Revoke">
          Programs and runners that use {row.name} stop at once.
        </GraveAction>
      </td>
    </tr>
  );
}

function Owner({ of: { scope, userId, userEmail } }: { of: OwnedKeyRow }) {
  if (scope === "manager") return <>the farm's runners</>;
  return <a href={`/admin/users/${userId}`}>{userEmail}</a>;
}
