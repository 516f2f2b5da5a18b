import type { Job } from "#domain/job.ts";
import { Facts } from "#web/components/facts.tsx";
import { Moment } from "#web/components/moment.tsx";
import { tellNumber } from "#web/words/count.ts";
import { TOLD_FORMATS } from "#web/words/format.ts";

/** What was asked for, by whom and when. */
export function JobFacts({ job }: { job: Job }) {
  return (
    <section class="panel" aria-labelledby="job-heading">
      <h2 id="job-heading">Job {job.id}</h2>
      <Facts of={factsOf(job)} />
    </section>
  );
}

function factsOf(job: Job) {
  const { startedAtMs, endedAtMs } = job;
  return [
    ["Frames", job.frames],
    ["Size", job.width !== null && job.height !== null && `${job.width} × ${job.height}`],
    ["Format", TOLD_FORMATS[job.format].title],
    ["Priority", tellNumber(job.priority)],
    ["Scene", job.scene],
    ["Camera", job.camera],
    ["Engine", job.engine],
    ["Device", job.device === "auto" ? null : job.device.toUpperCase()],
    ["Samples", job.samples === null ? null : tellNumber(job.samples)],
    ["Blender", job.blenderVersion],
    ["Add-ons", job.addons.join(", ")],
    ["By", job.userName],
    ["Made", <Moment atMs={job.createdAtMs} />],
    ["Started", startedAtMs !== null && <Moment atMs={startedAtMs} />],
    ["Ended", endedAtMs !== null && <Moment atMs={endedAtMs} />],
  ] as const;
}
