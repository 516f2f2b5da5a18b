import { Elysia, t } from "elysia";
import { oauthSettingName, PROVIDERS } from "#domain/identity.ts";
import type { Farm } from "#manager/services/farm.ts";
import { oauthClient, oauthProblems, setOauthClient, unsetOauthClient } from "#manager/services/oauth-settings.ts";
import { oneOf } from "#protocol/one-of.ts";
import { originOf } from "../../request-facts.ts";
import { pageBase, seeOther } from "../page-base.ts";
import { settingsPage } from "./settings.tsx";
import { signInForms } from "./sign-in-forms.ts";

const params = t.Object({ provider: oneOf(PROVIDERS) });
const typed = t.String({ maxLength: 2000 });
const body = t.Object({ clientId: typed, clientSecret: typed, redirectUrl: typed });

/** Sign-in with Google and Discord: what they know this farm as. */
export function signInSettingPages(farm: Farm) {
  const who = "admin" as const;
  return new Elysia()
    .use(pageBase(farm))
    .post(
      "/admin/settings/sign-in/:provider",
      async ({ caller, request, params: { provider }, body: sent, set, html }) => {
        // The secret is never shown; a field that is left empty keeps the one there is.
        const secret = sent.clientSecret.trim() || oauthClient(farm, provider)?.clientSecret;
        const client = {
          clientId: sent.clientId.trim(),
          clientSecret: secret ?? "",
          redirectUrl: sent.redirectUrl.trim(),
        };
        const problems = oauthProblems(provider, client);
        if (Object.keys(problems).length === 0) {
          await farm.commit.write(() => setOauthClient(farm, provider, client));
          farm.log.info("settings changed", { names: oauthSettingName(provider) });
          return seeOther("/admin/settings?done=saved");
        }
        set.status = 422;
        const { clientId, redirectUrl } = client;
        const signIns = signInForms(farm, originOf(request)).map((one) =>
          one.provider === provider ? { ...one, clientId, redirectUrl, problems } : one,
        );
        return html(settingsPage(farm, { caller, request }, { signIns }));
      },
      { who, params, body },
    )
    .post(
      "/admin/settings/sign-in/:provider/remove",
      async ({ params: { provider } }) => {
        await farm.commit.write(() => unsetOauthClient(farm, provider));
        farm.log.info("settings changed", { names: oauthSettingName(provider) });
        return seeOther("/admin/settings?done=saved");
      },
      { who, params },
    );
}
