import type { Provider } from "#domain/identity.ts";
import type { Chrome } from "#web/chrome.ts";
import { Field } from "#web/components/field.tsx";
import { Notice } from "#web/components/notice.tsx";
import { ProviderButtons } from "#web/components/provider-buttons.tsx";
import { Layout } from "#web/layout.tsx";

export type Login = {
  email: string;
  /** Where to go on from here. */
  next: string;
  problem: string | null;
  /** What went well just now. */
  done: string | null;
  /** Whether one may sign in with a password at all. */
  enabled: boolean;
  /** Who else can say who somebody is. */
  providers: readonly Provider[];
  /** Whether anybody may make an account, with a password. */
  registration: boolean;
  /** Whether nobody has an account yet. */
  first: boolean;
};

/** Where people sign in. */
export function LoginPage({ chrome, login }: { chrome: Chrome; login: Login }) {
  const { enabled, providers, next, done, first } = login;
  return (
    <Layout chrome={chrome} title="Sign in">
      <div class="narrow">
        <h1>Sign in</h1>
        {done && <Notice kind="info">{done}</Notice>}
        {first && <FirstAccount />}
        <ProviderButtons providers={providers} next={next} />
        {enabled && <LoginForm login={login} />}
        {!enabled && providers.length === 0 && !first && <LoginIsOff />}
        {login.registration && (
          <p>
            No account yet? <a href="/register">Make one</a>.
          </p>
        )}
      </div>
    </Layout>
  );
}

/** The form has no `action`, so that it goes to the page's own address: what follows its `#` stays with the browser until after signing in. */
function LoginForm({ login }: { login: Login }) {
  return (
    <form class="panel fields" method="post">
      {login.problem && <Notice kind="bad">{login.problem}</Notice>}
      <input type="hidden" name="next" value={login.next} />
      <Field
        name="email"
        label="E-mail"
        input={{
          type: "email",
          required: true,
          maxlength: 300,
          autocomplete: "username",
          value: login.email || null,
          autofocus: login.email === "",
        }}
      />
      <Field
        name="password"
        label="Password"
        input={{
          type: "password",
          required: true,
          maxlength: 1000,
          autocomplete: "current-password",
          autofocus: login.email !== "",
        }}
      />
      <button class="primary">Sign in</button>
    </form>
  );
}

function FirstAccount() {
  return (
    <Notice kind="info">
      Nobody has an account here yet. The manager printed an address when it started, at which the first one, the
      admin's, is made.
    </Notice>
  );
}

function LoginIsOff() {
  return (
    <div class="panel">
      <p>Sign-in with a password is off on this manager. Whoever runs it can switch it on, and make an account:</p>
      <pre class="commands">
        jiggablend manager config enable localauth{"\n"}
        jiggablend manager config add user you@example.com - --admin
      </pre>
      <p class="hint">The second command reads the password from standard input.</p>
    </div>
  );
}
