import { PROVIDER_NAMES, type Provider } from "#domain/identity.ts";
import type { User } from "#domain/user.ts";
import { AdminLayout } from "#web/admin-layout.tsx";
import type { Chrome } from "#web/chrome.ts";
import { FormMenu } from "#web/components/action.tsx";
import { Badge } from "#web/components/badge.tsx";
import { CheckField, Field } from "#web/components/field.tsx";
import { Moment } from "#web/components/moment.tsx";
import { Notice } from "#web/components/notice.tsx";
import { Pager } from "#web/components/pager.tsx";

export type AccountRow = User & {
  hasPassword: boolean;
  emailVerified: boolean;
  providers: readonly Provider[];
  lastSeenAtMs: number | null;
};

export type UsersShown = {
  users: readonly AccountRow[];
  firstUrl: string | null;
  nextUrl: string | null;
  /** A user who could not be added, and why. */
  adding: { name: string; email: string; admin: boolean; problem: string } | null;
  done: string | null;
};

/** Everybody who may use the farm. */
export function UsersPage({ chrome, shown }: { chrome: Chrome; shown: UsersShown }) {
  const { users, firstUrl, nextUrl, done } = shown;
  return (
    <AdminLayout chrome={chrome} page="users" title="Users" heading={<AddUser adding={shown.adding} />}>
      {done && <Notice kind="info">{done}</Notice>}
      <table class="users">
        <thead>
          <tr>
            <th>User</th>
            <th>Rights</th>
            <th>Signs in with</th>
            <th>Last seen</th>
            <th>Added</th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <Row user={user} />
          ))}
        </tbody>
      </table>
      <Pager
        label="Pages of users"
        back={firstUrl === null ? null : { href: firstUrl, text: "First users" }}
        on={nextUrl === null ? null : { href: nextUrl, text: "More users" }}
      />
    </AdminLayout>
  );
}

function AddUser({ adding }: { adding: UsersShown["adding"] }) {
  return (
    <FormMenu id="add" to="/admin/users" text="Add a user" open={adding !== null} primary>
      {adding && <Notice kind="bad">{adding.problem}</Notice>}
      <Field
        name="email"
        label="E-mail"
        input={{ type: "email", required: true, maxlength: 300, autocomplete: "off", value: adding?.email || null }}
      />
      <Field
        name="name"
        label="Name"
        hint="Without one it is what stands before the @."
        input={{ maxlength: 100, autocomplete: "off", value: adding?.name || null }}
      />
      <CheckField name="admin" label="Admin" checked={adding?.admin ?? false} />
      <p class="hint">You get a link to send, by which they choose a password.</p>
    </FormMenu>
  );
}

function Row({ user }: { user: AccountRow }) {
  return (
    <tr>
      <th scope="row">
        <a href={`/admin/users/${user.id}`}>{user.name}</a>
        <span class="sub">{user.email}</span>
      </th>
      <td>
        <UserBadge user={user} />
      </td>
      <td data-label="Signs in with">{tellWays(user) || <span class="none">nothing yet</span>}</td>
      <td class="number" data-label="Last seen">
        {user.lastSeenAtMs === null ? <span class="none">not lately</span> : <Moment atMs={user.lastSeenAtMs} />}
      </td>
      <td class="number" data-label="Added">
        <Moment atMs={user.createdAtMs} />
      </td>
    </tr>
  );
}

/** What a user may do here. */
export function UserBadge({ user }: { user: Pick<User, "admin" | "disabled"> }) {
  if (user.disabled) return <Badge told={{ text: "Disabled", tone: "failed" }} />;
  return <Badge told={user.admin ? { text: "Admin", tone: "draft" } : { text: "User", tone: "done" }} />;
}

/** How a user comes in: a password, Google. */
export function tellWays({ hasPassword, providers }: Pick<AccountRow, "hasPassword" | "providers">): string {
  return [hasPassword && "password", ...providers.map((one) => PROVIDER_NAMES[one])].filter(Boolean).join(", ");
}
