import type { Chrome } from "#web/chrome.ts";
import { NewPasswordField } from "#web/components/new-password-field.tsx";
import { Notice } from "#web/components/notice.tsx";
import { Layout } from "#web/layout.tsx";

/** Where somebody who was given a reset link sets a new password; `token` is null for a link that is not good any more. */
export function ResetPage({
  chrome,
  token,
  problem,
}: {
  chrome: Chrome;
  token: string | null;
  problem: string | null;
}) {
  return (
    <Layout chrome={chrome} title="New password">
      <div class="narrow">
        <h1>New password</h1>
        {token === null ? <LinkIsSpent /> : <ResetForm token={token} problem={problem} />}
      </div>
    </Layout>
  );
}

function ResetForm({ token, problem }: { token: string; problem: string | null }) {
  return (
    <form class="panel fields" method="post" action="/reset">
      {problem && <Notice kind="bad">{problem}</Notice>}
      <input type="hidden" name="token" value={token} />
      <NewPasswordField label="New password" />
      <button class="primary">Set the password</button>
      <p class="hint">You will be signed out everywhere, and sign in with the new one.</p>
    </form>
  );
}

function LinkIsSpent() {
  return (
    <>
      <Notice kind="bad">This link has expired, or was used already. Ask an admin for a new one.</Notice>
      <a class="button" href="/login">
        To sign in
      </a>
    </>
  );
}
