import type { Child } from "#jsx/jsx-runtime";
import type { Chrome } from "#web/chrome.ts";
import { Empty } from "#web/components/empty.tsx";
import { Live } from "#web/components/live.tsx";
import { FarmLine, type FarmCounts } from "#web/fragments/farm-line.tsx";
import { RunnerTable, type RunnerRow } from "#web/fragments/runner-table.tsx";
import { Layout } from "#web/layout.tsx";

export type Runners = { farm: FarmCounts; runners: readonly RunnerRow[] };

/** The runners that a user may see; `live` is their `RunnersContent`. */
export function RunnersPage({ chrome, live }: { chrome: Chrome; live: Child }) {
  return (
    <Layout chrome={chrome} title="Runners">
      <div class="heading">
        <h1>Runners</h1>
        <a class="button primary" href="/runners/add">
          Add a runner
        </a>
      </div>
      <Live content={live} />
    </Layout>
  );
}

/** The part of the page that changes. */
export function RunnersContent({ farm, runners }: Runners) {
  return (
    <>
      <FarmLine counts={farm} />
      {runners.length === 0 ? <NoRunners /> : <RunnerTable runners={runners} />}
    </>
  );
}

function NoRunners() {
  return (
    <Empty>
      No runner of yours is here. <a href="/runners/add">Add one</a>: any Linux machine with Blender can render for you,
      over any network.
    </Empty>
  );
}
