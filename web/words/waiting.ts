import type { Waiting } from "#domain/waiting.ts";
import { tellCount } from "./count.ts";

/** Why nothing of a job is being done, in a sentence, and one on the way out. */
export function tellWaiting(waiting: Waiting): { why: string; out: string } {
  switch (waiting.kind) {
    case "paused":
      return { why: "The job is paused.", out: "Nothing new starts until you resume it." };
    case "no_runner":
      return {
        why: "No runner has ever been connected that may take this job.",
        out: "Start jiggablend runner on a machine with Blender, with a key of this farm or one of your own.",
      };
    case "offline":
      return {
        why: waiting.runners === 1 ? "The one runner is offline." : `${tellAll(waiting.runners)} are offline.`,
        out: "The job goes on by itself as soon as one is back.",
      };
    case "disabled":
      return {
        why: waiting.runners === 1 ? "The one runner is disabled." : `${tellAll(waiting.runners)} are disabled.`,
        out: "An admin can enable them on the page of runners.",
      };
    case "no_blender":
      return { why: waiting.reason, out: "Install one on a runner, or add it to the manager for all of them." };
    case "busy":
      return {
        why:
          waiting.runners === 1
            ? "The runner that can take it works on another job."
            : `${tellAll(waiting.runners)} that can take it work on other jobs.`,
        out: "It is next as soon as its turn comes: higher priority first, then whoever has the fewest tasks running.",
      };
    default:
      return waiting satisfies never;
  }
}

function tellAll(runners: number): string {
  return runners === 2 ? "Both runners" : `All ${tellCount(runners, "runner")}`;
}
