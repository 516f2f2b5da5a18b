import { Elysia, t } from "elysia";
import { changeSettings, reviewSettings } from "#manager/services/changing-settings.ts";
import type { Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { listSettings } from "#manager/services/settings.ts";
import { oneOf } from "#protocol/one-of.ts";
import { SettingsPage, type SettingsShown } from "#web/pages/admin/settings.tsx";
import { originOf } from "../../request-facts.ts";
import { chromeFor, pageBase, seeOther } from "../page-base.ts";
import { signInForms } from "./sign-in-forms.ts";

const query = t.Object({ done: t.Optional(oneOf(["saved"])) });
const body = t.Record(t.String({ maxLength: 100 }), t.String({ maxLength: 10_000 }));

/** A page of the settings as they are, but for what is news. */
export function settingsPage(
  farm: Farm,
  { caller, request }: { caller: Caller; request: Request },
  news: Partial<SettingsShown>,
): string {
  const shown: SettingsShown = {
    settings: listSettings(farm).map((setting) => ({ ...setting, problem: null })),
    signIns: signInForms(farm, originOf(request)),
    done: null,
    ...news,
  };
  return String(<SettingsPage chrome={chromeFor(caller, "admin")} shown={shown} />);
}

/** The farm's settings. */
export function settingsPages(farm: Farm) {
  const who = "admin" as const;
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/admin/settings",
      async ({ caller, request, query: { done }, html }) =>
        html(settingsPage(farm, { caller, request }, { done: done ? "Saved." : null })),
      { who, query },
    )
    .post(
      "/admin/settings",
      async ({ caller, request, body: typed, set, html }) => {
        // A box that is not ticked is not sent.
        const known = listSettings(farm).map((one) => ({
          ...one,
          value: typed[one.name] ?? (one.kind === "switch" ? "off" : one.value),
        }));
        const { changed, problems } = reviewSettings(
          farm,
          Object.fromEntries(known.map(({ name, value }) => [name, value])),
        );
        if (Object.keys(problems).length === 0) {
          await changeSettings(farm, changed);
          return seeOther("/admin/settings?done=saved");
        }
        set.status = 422;
        const settings = known.map((one) => ({ ...one, problem: problems[one.name] ?? null }));
        return html(settingsPage(farm, { caller, request }, { settings }));
      },
      { who, body },
    );
}
