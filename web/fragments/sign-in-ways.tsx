import { PROVIDER_NAMES, type Provider } from "#domain/identity.ts";
import { GraveAction } from "#web/components/action.tsx";

/** A provider that is set up here, or signs the user in. */
export type SignInWay = {
  provider: Provider;
  /** The address of the account there that signs the user in; null where none does. */
  email: string | null;
  /** Whether it can be ended: not where it is the only way in. */
  endable: boolean;
};

/** The providers by which a user may sign in, to connect and to disconnect. */
export function SignInWays({ ways }: { ways: readonly SignInWay[] }) {
  if (ways.length === 0) return <></>;
  return (
    <section class="panel">
      <h2>Other ways to sign in</h2>
      {ways.map((way) => (
        <Way way={way} />
      ))}
    </section>
  );
}

function Way({ way: { provider, email, endable } }: { way: SignInWay }) {
  const name = PROVIDER_NAMES[provider];
  return (
    <div class="way">
      <span>
        {name}
        {email !== null && <span class="sub">{email}</span>}
      </span>
      {email === null && (
        <a class="button" href={`/api/auth/${provider}/login?connect=true&next=/account`}>
          Connect {name}
        </a>
      )}
      {email !== null && endable && (
        <GraveAction id={`disconnect-${provider}`} to={`/account/identities/${provider}/end`} text="Disconnect">
          {name} will not sign you in any more.
        </GraveAction>
      )}
    </div>
  );
}
