import type { Chrome } from "#web/chrome.ts";
import { Facts } from "#web/components/facts.tsx";
import { Field } from "#web/components/field.tsx";
import { NewPasswordField } from "#web/components/new-password-field.tsx";
import { Notice } from "#web/components/notice.tsx";
import type { KeyRow } from "#web/fragments/key-table.tsx";
import { OwnKeys } from "#web/fragments/own-keys.tsx";
import { SessionTable, type SessionRow } from "#web/fragments/session-table.tsx";
import { SignInWays, type SignInWay } from "#web/fragments/sign-in-ways.tsx";
import { Layout } from "#web/layout.tsx";

export type AccountShown = {
  name: string;
  email: string;
  admin: boolean;
  hasPassword: boolean;
  ways: readonly SignInWay[];
  sessions: readonly SessionRow[];
  keys: readonly KeyRow[];
  /** A key that was just made; it is shown this once. */
  newKey: string | null;
  /** What went wrong, and with which form. */
  problem: { form: "password" | "key"; message: string } | null;
  /** What went well just now. */
  done: string | null;
};

/** What a user has here: how one signs in, where one is signed in, and keys. */
export function AccountPage({ chrome, account }: { chrome: Chrome; account: AccountShown }) {
  const { name, email, admin, problem, done } = account;
  const problemOf = (form: "password" | "key") => (problem?.form === form ? problem.message : null);
  return (
    <Layout chrome={chrome} title="Account">
      <div class="heading">
        <h1>Account</h1>
        <form class="sign-out" method="post" action="/logout">
          <button>Sign out</button>
        </form>
      </div>
      {done && <Notice kind="info">{done}</Notice>}
      <div class="columns">
        <div>
          <OwnKeys keys={account.keys} newKey={account.newKey} problem={problemOf("key")} />
          <SessionTable sessions={account.sessions} />
        </div>
        <aside>
          <section class="panel" aria-label="Who you are">
            <Facts
              of={[
                ["Name", name],
                ["E-mail", email],
                ["Rights", admin && "admin"],
              ]}
            />
          </section>
          <SignInWays ways={account.ways} />
          {account.hasPassword && <PasswordForm problem={problemOf("password")} />}
        </aside>
      </div>
    </Layout>
  );
}

function PasswordForm({ problem }: { problem: string | null }) {
  return (
    <form class="panel fields" method="post" action="/account/password">
      <h2>Password</h2>
      {problem && <Notice kind="bad">{problem}</Notice>}
      <Field
        name="oldPassword"
        label="Current password"
        input={{ type: "password", required: true, maxlength: 1000, autocomplete: "current-password" }}
      />
      <NewPasswordField label="New password" />
      <button>Change the password</button>
      <p class="hint">All other sessions are ended.</p>
    </form>
  );
}
