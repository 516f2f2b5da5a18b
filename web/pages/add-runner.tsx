import type { Chrome } from "#web/chrome.ts";
import { Copyable } from "#web/components/copyable.tsx";
import { Field, SelectField } from "#web/components/field.tsx";
import { Notice } from "#web/components/notice.tsx";
import { NewKey } from "#web/fragments/new-key.tsx";
import { Layout } from "#web/layout.tsx";

export type AddRunner = {
  /** The address of the farm as the browser knows it. */
  url: string;
  /** Whether it may be made for everybody's jobs. */
  admin: boolean;
  /** A key that was just made; it is shown this once. */
  key: string | null;
  name: string;
  whose: "farm" | "mine";
  problem: string | null;
};

/** How to make another machine a runner: a key on the spot, and the command with it. */
export function AddRunnerPage({ chrome, shown }: { chrome: Chrome; shown: AddRunner }) {
  const { url, key } = shown;
  return (
    <Layout chrome={chrome} title="Add a runner">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/runners">Runners</a>
      </nav>
      <h1>Add a runner</h1>
      <ol class="steps">
        <li>
          <h2>A machine</h2>
          <p>
            Linux on x86-64 with <strong>Blender</strong> on its PATH, and FFmpeg where it is to make videos. It only
            calls out, to <code>{url}</code>. Copy the file <code>jiggablend</code> there, the same one that the manager
            runs.
          </p>
          {isLoopback(url) && (
            <Notice kind="warn">
              You look at this farm from the machine that it runs on. On another machine, write that one's name or
              address in place of <code>{new URL(url).hostname}</code>.
            </Notice>
          )}
        </li>
        <li>
          <h2>A key</h2>
          {key === null ? <KeyForm shown={shown} /> : <NewKey secret={key} />}
        </li>
        <li>
          <h2>Start it</h2>
          {key === null && <p class="hint">With a key made above, it stands in the commands.</p>}
          <Copyable id="command" label="Start the runner" text={commandFor(url, key ?? "KEY")} />
          <p>It shows up among the runners within a second, and takes work at once.</p>
        </li>
        <li>
          <h2>Keep it running</h2>
          <p>
            With the systemd unit that comes with JiggaBlend, <code>jiggablend-runner@.service</code>, as root:
          </p>
          <Copyable id="systemd" label="Start the runner with the machine" text={systemdFor(url, key ?? "KEY")} />
        </li>
      </ol>
    </Layout>
  );
}

function KeyForm({ shown: { admin, name, whose, problem } }: { shown: AddRunner }) {
  return (
    <form class="panel fields" method="post" action="/runners/add">
      <Field
        name="name"
        label="Name of the key"
        hint="One key does for many machines; a key of its own for each can be revoked alone."
        problem={problem ?? undefined}
        input={{ value: name, required: true, maxlength: 100, autocomplete: "off" }}
      />
      {admin && (
        <SelectField
          name="whose"
          label="Its runner takes"
          options={[
            ["farm", "everybody's jobs"],
            ["mine", "your jobs alone"],
          ]}
          chosen={whose}
        />
      )}
      <button class="primary">Make a key</button>
    </form>
  );
}

/** The key goes by a variable and not by a flag, which everybody on the machine could read in the list of processes. */
function commandFor(url: string, key: string): string {
  return `JIGGABLEND_API_KEY=${key} ./jiggablend runner --manager ${url}`;
}

function systemdFor(url: string, key: string): string {
  return [
    "install -D -m 600 /dev/stdin /etc/jiggablend/runner.env <<'END'",
    `JIGGABLEND_MANAGER=${url}`,
    `JIGGABLEND_API_KEY=${key}`,
    "END",
    "systemctl enable --now jiggablend-runner@1",
  ].join("\n");
}

function isLoopback(url: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname);
}
