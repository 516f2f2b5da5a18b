import type { Child } from "#jsx/jsx-runtime";
import type { Chrome } from "#web/chrome.ts";
import { FormMenu } from "#web/components/action.tsx";
import { Facts } from "#web/components/facts.tsx";
import { Field } from "#web/components/field.tsx";
import { Live } from "#web/components/live.tsx";
import { Moment } from "#web/components/moment.tsx";
import { Notice } from "#web/components/notice.tsx";
import { AttemptList, type AttemptOfRunner } from "#web/fragments/attempt-list.tsx";
import { RunnerActions } from "#web/fragments/runner-actions.tsx";
import { LastSeen, RunnerBadge, type RunnerRow } from "#web/fragments/runner-table.tsx";
import { RunnerWorks } from "#web/fragments/runner-work.tsx";
import { Layout } from "#web/layout.tsx";
import { tellCount, tellNumber } from "#web/words/count.ts";
import { tellDuration } from "#web/words/duration.ts";
import { tellVideoFormats } from "#web/words/format.ts";
import { tellSize } from "#web/words/size.ts";

export type RunnerShown = { runner: RunnerRow; attempts: readonly AttemptOfRunner[]; renaming?: Renaming | null };

/** What became of another name; `typed` is what was asked for. */
export type Renaming = { typed: string; problem: string };

type PageProps = { chrome: Chrome; runner: RunnerRow; live: Child };

/** One runner; `live` is its `RunnerContent`. */
export function RunnerPage({ chrome, runner, live }: PageProps) {
  return (
    <Layout chrome={chrome} title={runner.name}>
      <nav class="crumbs" aria-label="Where this is">
        <a href="/runners">Runners</a>
      </nav>
      <h1>{runner.name}</h1>
      <Live content={live} />
    </Layout>
  );
}

const NOTES: Partial<Record<RunnerRow["status"], string>> = {
  draining: "It finishes what it holds, takes nothing new, and then ends.",
  disabled: "It gets no work until it is enabled, also when its process is started anew.",
};

/** The part of the page that changes. */
export function RunnerContent({ runner, attempts, renaming = null }: RunnerShown) {
  const { status, work } = runner;
  const note = NOTES[status];
  return (
    <>
      <div class="heading">
        <p class="standing">
          <RunnerBadge runner={runner} />
          {note && <span class="hint">{note}</span>}
        </p>
        <RunnerActions runner={runner}>
          <Rename runner={runner} renaming={renaming} />
        </RunnerActions>
      </div>
      <Lacks runner={runner} />
      <div class="columns">
        <div>
          {work.length > 0 && (
            <section class="panel" aria-labelledby="now">
              <h2 id="now">Now</h2>
              <RunnerWorks work={work} />
            </section>
          )}
          <section class="stack" aria-labelledby="attempts">
            <h2 id="attempts">What it was at last</h2>
            {attempts.length === 0 ? <p class="hint">Nothing yet.</p> : <AttemptList attempts={attempts} />}
          </section>
        </div>
        <aside>
          <Machine runner={runner} />
          <Programs runner={runner} />
        </aside>
      </div>
    </>
  );
}

/** What is typed stays as it is while the page around it changes. */
function Rename({ runner, renaming }: { runner: RunnerRow; renaming: Renaming | null }) {
  return (
    <div data-own>
      <FormMenu id="rename" to={`/runners/${runner.id}/rename`} text="Rename" open={renaming !== null}>
        <Field
          name="name"
          label="New name"
          hint="Its process must be started with this name from then on (--name); else it comes back under the old one."
          problem={renaming?.problem}
          input={{ value: renaming?.typed ?? runner.name, required: true, maxlength: 100, autocomplete: "off" }}
        />
      </FormMenu>
    </div>
  );
}

/** What somebody should do something about. */
function Lacks({ runner: { capabilities } }: { runner: RunnerRow }) {
  return (
    <>
      {capabilities.blenders.length === 0 && (
        <Notice kind="warn">
          No Blender was found on this machine, so it gets nothing to render. Put one on its PATH, or start the runner
          with <code>--blender</code>.
        </Notice>
      )}
      {capabilities.sandbox.startsWith("none") && (
        <Notice kind="warn">
          Blender runs without a sandbox here, so a hostile scene can do harm to this machine. It says{" "}
          {capabilities.sandbox}.
        </Notice>
      )}
    </>
  );
}

function Machine({ runner }: { runner: RunnerRow }) {
  const { capabilities, meanFrameSeconds } = runner;
  return (
    <section class="panel" aria-labelledby="machine">
      <h2 id="machine">Machine</h2>
      <Facts
        of={[
          ["Host", capabilities.hostname],
          ["Address", runner.address],
          ["Works for", runner.ownerName ?? "everybody"],
          ["Processor", tellCount(capabilities.cores, "core")],
          ["Memory", tellSize(capabilities.memoryBytes)],
          ["GPU", capabilities.gpus.map((gpu) => `${gpu.name} (${gpu.type})`).join(", ") || "none"],
          ["Frames", tellNumber(runner.framesDone)],
          ["Mean frame", meanFrameSeconds !== null && `${tellDuration(meanFrameSeconds)}, of the last day`],
          ["Last seen", <LastSeen runner={runner} />],
          ["Added", <Moment atMs={runner.createdAtMs} />],
        ]}
      />
    </section>
  );
}

function Programs({ runner: { capabilities } }: { runner: RunnerRow }) {
  const { blenders, brokenBlenders = [], videoFormats, encoders, sandbox, version } = capabilities;
  return (
    <section class="panel" aria-labelledby="programs">
      <h2 id="programs">Programs</h2>
      <Facts
        of={[
          ...blenders.map((blender) => ["Blender", <BlenderFacts blender={blender} />] as const),
          ["Broken", brokenBlenders.join(", ")],
          ["Videos", tellVideoFormats(videoFormats) || "none"],
          ["FFmpeg", encoders.join(", ") || "no encoder"],
          ["Sandbox", sandbox],
          ["JiggaBlend", version],
        ]}
      />
    </section>
  );
}

function BlenderFacts({ blender }: { blender: RunnerRow["capabilities"]["blenders"][number] }) {
  const gpus = [...new Set(blender.gpus.map(({ type }) => type))];
  const more = [blender.denoiser ? "denoiser" : "no denoiser", ...gpus];
  return (
    <>
      {blender.version} <span class="sub">{more.join(", ")}</span>
    </>
  );
}
