import { PROVIDERS } from "#domain/identity.ts";
import type { Farm } from "#manager/services/farm.ts";
import { callbackPath, oauthClient } from "#manager/services/oauth-settings.ts";
import { onlyWayIn } from "#manager/services/ways-in.ts";
import type { SignInForm } from "#web/fragments/sign-in-form.tsx";

/** How each provider is set up, as a form; one that is not is asked to send people back to the address that the admin has come by. */
export function signInForms(farm: Farm, origin: string): SignInForm[] {
  return PROVIDERS.map((provider) => {
    const client = oauthClient(farm, provider);
    return {
      provider,
      isSetUp: client !== null,
      isOnlyWayIn: onlyWayIn(farm) === provider,
      clientId: client?.clientId ?? "",
      redirectUrl: client?.redirectUrl ?? origin + callbackPath(provider),
      problems: {},
    };
  });
}
