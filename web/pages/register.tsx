import type { Provider } from "#domain/identity.ts";
import type { Chrome } from "#web/chrome.ts";
import { Field } from "#web/components/field.tsx";
import { NewPasswordField } from "#web/components/new-password-field.tsx";
import { Notice } from "#web/components/notice.tsx";
import { ProviderButtons } from "#web/components/provider-buttons.tsx";
import { Layout } from "#web/layout.tsx";

export type Register = {
  name: string;
  email: string;
  problem: string | null;
  /** Who may: anybody (`open`), only who runs the manager (`first`), or nobody (`closed`). */
  state: "open" | "first" | "closed";
  /** What the manager printed for the first account. */
  setupToken: string;
  providers: readonly Provider[];
};

/** Where people make an account. */
export function RegisterPage({ chrome, form }: { chrome: Chrome; form: Register }) {
  const title = form.state === "first" ? "Make the first account" : "Make an account";
  return (
    <Layout chrome={chrome} title={title}>
      <div class="narrow">
        <h1>{title}</h1>
        {form.state === "closed" ? (
          <Notice kind="info">Registration is off on this farm. Ask an admin for an account.</Notice>
        ) : (
          <>
            {form.state === "open" && <ProviderButtons providers={form.providers} next="/jobs" />}
            <RegisterForm form={form} />
          </>
        )}
        <p>
          Have one already? <a href="/login">Sign in</a>.
        </p>
      </div>
    </Layout>
  );
}

function RegisterForm({ form }: { form: Register }) {
  const { name, email, problem, state, setupToken } = form;
  return (
    <form class="panel fields" method="post" action="/register">
      {problem && <Notice kind="bad">{problem}</Notice>}
      {state === "first" && (
        <Field
          name="setupToken"
          label="Setup token"
          hint="The manager printed it when it started. This account will be an admin's."
          input={{ required: true, maxlength: 200, autocomplete: "off", value: setupToken || null }}
        />
      )}
      <Field
        name="name"
        label="Name"
        input={{
          required: true,
          maxlength: 100,
          autocomplete: "name",
          value: name || null,
          autofocus: problem === null,
        }}
      />
      <Field
        name="email"
        label="E-mail"
        input={{ type: "email", required: true, maxlength: 300, autocomplete: "username", value: email || null }}
      />
      <NewPasswordField label="Password" autofocus={problem !== null} />
      <button class="primary">Make the account</button>
    </form>
  );
}
