import type { Chrome } from "#web/chrome.ts";
import { AdminLayout } from "#web/admin-layout.tsx";
import { CheckField, Field } from "#web/components/field.tsx";
import { Notice } from "#web/components/notice.tsx";
import { SignInSettings, type SignInForm } from "#web/fragments/sign-in-form.tsx";
import { tellSetting, tellSettingValue } from "#web/words/setting.ts";

export type SettingShown = {
  name: string;
  /** As it is stored, or as it was typed where it will not do. */
  value: string;
  fallback: string;
  kind: "switch" | "number" | "size" | "text";
  description: string;
  problem: string | null;
};

export type SettingsShown = {
  settings: readonly SettingShown[];
  /** The providers that people can sign in with. */
  signIns: readonly SignInForm[];
  /** What went well just now. */
  done: string | null;
};

/** All that `manager config set` can change. */
export function SettingsPage({ chrome, shown }: { chrome: Chrome; shown: SettingsShown }) {
  const { settings, signIns, done } = shown;
  const wrong =
    settings.some(({ problem }) => problem !== null) ||
    signIns.some(({ problems }) => Object.keys(problems).length > 0);
  return (
    <AdminLayout chrome={chrome} page="settings" title="Settings">
      {done && <Notice kind="info">{done}</Notice>}
      {wrong && <Notice kind="bad">Nothing was changed: something below will not do.</Notice>}
      <form class="panel fields setting-list" method="post" action="/admin/settings">
        {settings.map((setting) => (
          <Setting setting={setting} />
        ))}
        <button class="primary">Save</button>
      </form>
      <section class="stack sign-ins" aria-labelledby="sign-ins">
        <h2 id="sign-ins">Other ways to sign in</h2>
        {signIns.map((form) => (
          <SignInSettings form={form} />
        ))}
      </section>
      <p class="hint">
        What is saved holds at once. On the command line it is <code>jiggablend manager config set NAME VALUE</code>.
      </p>
    </AdminLayout>
  );
}

function Setting({ setting }: { setting: SettingShown }) {
  const { name, value, fallback, kind, description, problem } = setting;
  const label = tellSetting(name);
  const hint = (
    <>
      {sentence(description)} <code>{name}</code>, {tellSettingValue(fallback, kind)} unless changed.
    </>
  );
  const notes = { name, label, hint, problem: problem ?? undefined };
  if (kind === "switch") return <CheckField {...notes} checked={value === "on"} />;
  const shown = problem === null ? tellSettingValue(value, kind) : value;
  const numeric = kind === "number" ? "numeric" : null;
  return <Field {...notes} input={{ value: shown, required: true, autocomplete: "off", inputmode: numeric }} />;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;
}
