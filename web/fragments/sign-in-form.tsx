import { PROVIDER_NAMES, type Provider } from "#domain/identity.ts";
import { GraveAction } from "#web/components/action.tsx";

/** How a provider is set up, or what was typed to do so. */
export type SignInForm = {
  provider: Provider;
  isSetUp: boolean;
  /** Whether nobody could sign in without it; then it cannot be turned off. */
  isOnlyWayIn: boolean;
  clientId: string;
  redirectUrl: string;
  problems: { clientId?: string; clientSecret?: string; redirectUrl?: string };
};

const CONSOLES: Record<Provider, string> = {
  google: "the Google Cloud console, under Clients, as a web application",
  discord: "the Discord developer portal, under OAuth2",
};

/** What a provider knows this farm as; the secret goes in and is never shown. */
export function SignInSettings({ form }: { form: SignInForm }) {
  const { provider, isSetUp, isOnlyWayIn, clientId, redirectUrl, problems } = form;
  const name = PROVIDER_NAMES[provider];
  const to = `/admin/settings/sign-in/${provider}`;
  const wrong = Object.keys(problems).length > 0;
  return (
    <details class="panel" id={`sign-in-${provider}`} open={wrong}>
      <summary>
        Sign-in with {name}: <b>{isSetUp ? "on" : "off"}</b>
      </summary>
      <form class="fields" method="post" action={to}>
        <p class="hint">
          Register this farm in {CONSOLES[provider]}, with the redirect URL below; copy the client id and secret here.
        </p>
        <Part {...{ form }} part="clientId" label="Client id" value={clientId} />
        <Part
          {...{ form }}
          part="clientSecret"
          label="Client secret"
          value=""
          hint={isSetUp ? "Empty keeps the one there is; it is not shown." : "It is not shown again."}
        />
        <Part
          {...{ form }}
          part="redirectUrl"
          label="Redirect URL"
          value={redirectUrl}
          hint="The address of this farm as browsers know it, with this path."
        />
        <button class="primary">Save {name}</button>
      </form>
      {isOnlyWayIn && (
        <p class="hint">{name} is the only way in. It can be turned off once people can sign in with a password.</p>
      )}
      {isSetUp && !isOnlyWayIn && (
        <GraveAction id={`end-${provider}`} to={`${to}/remove`} text={`Turn ${name} off`}>
          Nobody can sign in with {name} until it is set up again; accounts stay connected.
        </GraveAction>
      )}
    </details>
  );
}

type PartProps = { form: SignInForm; part: keyof SignInForm["problems"]; label: string; value: string; hint?: string };

/** A field whose id names the provider too, for there are several such forms on the page. */
function Part({ form: { provider, isSetUp, problems }, part, label, value, hint }: PartProps) {
  const id = `${provider}-${part}`;
  const problem = problems[part];
  const notes = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  const isSecret = part === "clientSecret";
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={part}
        value={value}
        type={isSecret ? "password" : "text"}
        autocomplete={isSecret ? "new-password" : "off"}
        required={!(isSecret && isSetUp)}
        spellcheck="false"
        aria-describedby={notes || null}
        aria-invalid={problem ? "true" : null}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}
