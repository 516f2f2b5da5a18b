import { tellCount, tellNumber } from "./count.ts";

/** What can be done to several jobs at once, with what has then been done to them. */
export const DONE_TO_MANY = {
  pause: "paused",
  resume: "resumed",
  cancel: "canceled",
  retry: "queued again",
  delete: "deleted",
  prioritize: "given the priority",
} as const;

export type DoneToMany = {
  action: keyof typeof DONE_TO_MANY;
  done: number;
  /** Why the others would not, each reason once for every job it kept. */
  refused: readonly string[];
};

/** What became of it, in one sentence: "3 jobs paused; 2 jobs stay as they are: A job that is completed cannot be paused (2 jobs)." */
export function tellDoneToMany({ action, done, refused }: DoneToMany): string {
  const did = done === 0 ? `Nothing was ${DONE_TO_MANY[action]}` : `${tellCount(done, "job")} ${DONE_TO_MANY[action]}`;
  if (refused.length === 0) return `${did}.`;
  const why = [...new Set(refused)].map((reason) => {
    const times = refused.filter((one) => one === reason).length;
    const plain = reason.replace(/\.$/, "");
    return times > 1 ? `${plain} (${tellNumber(times)} jobs)` : plain;
  });
  return `${did}; ${tellCount(refused.length, "job stays as it is", "jobs stay as they are")}: ${why.join("; ")}.`;
}
