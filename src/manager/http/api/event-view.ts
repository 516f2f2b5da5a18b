import type { FarmEvent } from "#manager/services/events.ts";
import type { Farm } from "#manager/services/farm.ts";
import { eventSubject, type EventSubject } from "#manager/services/event-subjects.ts";
import { jobViewNow } from "./job-view.ts";
import { outputView, taskView } from "./views.ts";

/** What the socket says of an event: what the thing has become, as the API shows it; null where it is gone. */
export function eventView(farm: Farm, event: FarmEvent) {
  const { type, seq, jobId } = event;
  if (event.type === "log") {
    const { taskId, attempt, size } = event;
    return { type, seq, jobId, taskId, attempt, size };
  }
  return { type, seq, jobId, ...view(farm, eventSubject(farm, event)) };
}

function view(farm: Farm, subject: EventSubject) {
  switch (subject.type) {
    case "job":
      return { job: subject.job && jobViewNow(farm, subject.job) };
    case "task":
      return { task: subject.task && taskView(subject.task) };
    case "output":
      return { output: subject.output && outputView(subject.output) };
    default:
      return subject satisfies never;
  }
}
