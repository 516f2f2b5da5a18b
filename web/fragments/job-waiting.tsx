import type { Waiting } from "#domain/waiting.ts";
import { Notice } from "#web/components/notice.tsx";
import { tellWaiting } from "#web/words/waiting.ts";

/** Why nothing of a job is being done, and the way out. */
export function JobWaiting({ waiting }: { waiting: Waiting | null }) {
  if (waiting === null) return null;
  const { why, out } = tellWaiting(waiting);
  return (
    <Notice kind={waiting.kind === "busy" || waiting.kind === "paused" ? "info" : "warn"}>
      <p>
        <b>{why}</b> {out} <More waiting={waiting} />
      </p>
    </Notice>
  );
}

function More({ waiting: { kind } }: { waiting: Waiting }) {
  if (kind === "paused") return null;
  return <a href="/runners">See the runners</a>;
}
