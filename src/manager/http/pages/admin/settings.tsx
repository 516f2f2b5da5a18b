import { Elysia, t } from "elysia";
import { changeSettings, reviewSettings } from "#manager/services/changing-settings.ts";
import type { Farm } from "#manager/services/farm.ts";
import { listSettings } from "#manager/services/settings.ts";
import { oneOf } from "#protocol/one-of.ts";
import { SettingsPage, type SettingsShown } from "#web/pages/admin/settings.tsx";
import { chromeFor, pageBase, seeOther } from "../page-base.ts";

const query = t.Object({ done: t.Optional(oneOf(["saved"])) });
const body = t.Record(t.String({ maxLength: 100 }), t.String({ maxLength: 10_000 }));

/** The farm's settings. */
export function settingsPages(farm: Farm) {
  const who = "admin" as const;
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/admin/settings",
      async ({ caller, query: { done }, html }) => {
        const shown: SettingsShown = {
          settings: listSettings(farm).map((setting) => ({ ...setting, problem: null })),
          done: done ? "Saved." : null,
        };
        return html(String(<SettingsPage chrome={chromeFor(caller, "admin")} shown={shown} />));
      },
      { who, query },
    )
    .post(
      "/admin/settings",
      async ({ caller, body: typed, set, html }) => {
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
        return html(String(<SettingsPage chrome={chromeFor(caller, "admin")} shown={{ settings, done: null }} />));
      },
      { who, body },
    );
}
