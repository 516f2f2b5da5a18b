import { AdminLayout } from "#web/admin-layout.tsx";
import type { Chrome } from "#web/chrome.ts";
import { Copyable } from "#web/components/copyable.tsx";
import { Facts } from "#web/components/facts.tsx";
import { Field } from "#web/components/field.tsx";
import { Moment } from "#web/components/moment.tsx";
import { Notice } from "#web/components/notice.tsx";
import { KeyTable, type KeyRow } from "#web/fragments/key-table.tsx";
import { tellCount } from "#web/words/count.ts";
import { tellWays, UserBadge, type AccountRow } from "./users.tsx";
import { RemoveUser } from "./remove-user.tsx";

export type UserShown = {
  user: AccountRow;
  /** Whether this is who looks at it. */
  self: boolean;
  jobs: number;
  keys: readonly KeyRow[];
  /** Others, to whom the jobs can be given. */
  others: readonly { id: number; name: string; email: string }[];
  /** A link that was just made; it is shown this once. */
  link: { url: string; expiresAtMs: number } | null;
  /** Whether a password signs anybody in at all. */
  passwords: boolean;
  problem: string | null;
  done: string | null;
};

/** One user, and all that an admin can do about them. */
export function UserPage({ chrome, shown }: { chrome: Chrome; shown: UserShown }) {
  const { user, self, keys, link, problem, done } = shown;
  return (
    <AdminLayout
      chrome={chrome}
      page="users"
      title={user.name}
      crumb={
        <nav class="crumbs" aria-label="Where this is">
          <a href="/admin/users">Users</a>
        </nav>
      }
    >
      {done && <Notice kind="info">{done}</Notice>}
      {problem && <Notice kind="bad">{problem}</Notice>}
      {link && <NewLink link={link} email={user.email} />}
      <div class="columns">
        <div>
          <Rights user={user} />
          <Password shown={shown} />
          <section class="stack" aria-labelledby="keys">
            <h2 id="keys">API keys</h2>
            {keys.length > 0 ? <KeyTable keys={keys} base="/admin/keys" /> : <p class="hint">None.</p>}
          </section>
          {self ? (
            <p class="hint">You cannot delete your own account here.</p>
          ) : (
            <RemoveUser user={user} jobs={shown.jobs} others={shown.others} />
          )}
        </div>
        <aside>
          <section class="panel" aria-label="Who this is">
            <p class="standing">
              <UserBadge user={user} />
            </p>
            <Facts
              of={[
                ["E-mail", user.email],
                ["Address", user.emailVerified ? "confirmed" : "not confirmed"],
                ["Signs in with", tellWays(user) || "nothing yet"],
                ["Jobs", tellCount(shown.jobs, "job")],
                ["Last seen", user.lastSeenAtMs === null ? "not lately" : <Moment atMs={user.lastSeenAtMs} />],
                ["Added", <Moment atMs={user.createdAtMs} />],
              ]}
            />
          </section>
          <NameForm user={user} />
        </aside>
      </div>
    </AdminLayout>
  );
}

function NewLink({ link: { url, expiresAtMs }, email }: { link: NonNullable<UserShown["link"]>; email: string }) {
  return (
    <Notice kind="warn">
      <p>
        Send this link to {email}. It sets a new password, once, until <Moment atMs={expiresAtMs} />, and is not shown
        again.
      </p>
      <Copyable id="reset-link" label="Link to set a password" text={url} />
    </Notice>
  );
}

function Rights({ user }: { user: AccountRow }) {
  const to = (what: string) => `/admin/users/${user.id}/${what}`;
  return (
    <section class="panel" aria-labelledby="rights">
      <h2 id="rights">Rights</h2>
      <p class="hint">
        An admin sees and changes everything. A disabled user is signed out at once and their runners stop; their jobs
        stay.
      </p>
      <div class="actions">
        <Change
          to={to(user.admin ? "demote" : "promote")}
          text={user.admin ? "Remove admin rights" : "Make an admin"}
        />
        <Change to={to(user.disabled ? "enable" : "disable")} text={user.disabled ? "Enable" : "Disable"} />
        {!user.emailVerified && <Change to={to("vouch")} text="Confirm the address" />}
      </div>
    </section>
  );
}

function Password({ shown: { user, passwords } }: { shown: UserShown }) {
  return (
    <section class="panel" aria-labelledby="password">
      <h2 id="password">Password</h2>
      <p class="hint">
        {passwords
          ? "A link by which they choose a new one themselves, good for a day and once. An older link is worthless then."
          : "Sign-in with a password is off on this farm; a link would set one that nobody can use until it is on."}
      </p>
      <div class="actions">
        <Change to={`/admin/users/${user.id}/reset-link`} text="Make a link" />
      </div>
    </section>
  );
}

function Change({ to, text }: { to: string; text: string }) {
  return (
    <form method="post" action={to}>
      <button>{text}</button>
    </form>
  );
}

function NameForm({ user }: { user: AccountRow }) {
  return (
    <form class="panel fields" method="post" action={`/admin/users/${user.id}/rename`}>
      <Field
        name="name"
        label="Name"
        input={{ value: user.name, required: true, maxlength: 100, autocomplete: "off" }}
      />
      <button>Save the name</button>
    </form>
  );
}
