/**
 * What to do after a task failed for a reason:
 * - `elsewhere`: another try, on another runner where there is one (three in all);
 * - `twice`: one more try on another runner or build, then the job fails at once;
 * - `final`: no machine can do better, so the job fails at once instead of burning the farm.
 */
type RetryPolicy = "elsewhere" | "twice" | "final";

/** Why a task failed, with one sentence of advice for the user. */
export const FAILURES = {
  blender_crashed: {
    retry: "elsewhere",
    advice:
      "Blender crashed on this frame. Read the end of the log; if it crashes everywhere, try another Blender version.",
  },
  out_of_memory: {
    retry: "elsewhere",
    advice:
      "The machine ran out of memory. Use smaller textures or simplify the scene, or render on a machine with more memory.",
  },
  hung: {
    retry: "elsewhere",
    advice:
      "Blender, or FFmpeg for a video, stopped working without ending. Try again; if it hangs on the same frame, look at what is special about it.",
  },
  load_failed: {
    retry: "twice",
    advice: "Blender could not open the file. Open and save it again with the Blender version the job names.",
  },
  no_camera: {
    retry: "final",
    advice: "The scene has no active camera. Choose one in Blender or in the job, then upload again.",
  },
  missing_files: {
    retry: "final",
    advice: "Files that the scene cannot do without were not uploaded. Add them to the project and upload again.",
  },
  bad_output: {
    retry: "elsewhere",
    advice: "What came out was damaged or not what the job asks for. Read the log of the attempt.",
  },
  timeout: {
    retry: "elsewhere",
    advice:
      "The frame took longer than the farm allows. Raise the task time limit, or make the frame cheaper to render.",
  },
  blender_unavailable: {
    retry: "elsewhere",
    advice:
      "No Blender here may open this file. An admin adds one on the Blender page or with jiggablend manager blender add.",
  },
  encoder_unavailable: {
    retry: "elsewhere",
    advice: "The runner's FFmpeg lacks the encoder for this format. Install an FFmpeg that has it.",
  },
  gpu_unavailable: {
    retry: "elsewhere",
    advice: "The job asks for a GPU and the runner has none that Cycles can use. Set the device to auto or cpu.",
  },
  disk_full: {
    retry: "elsewhere",
    advice: "The runner's disk is full. Free some space, or set a smaller cache.",
  },
  runner_lost: {
    retry: "elsewhere",
    advice: "The runner vanished while it worked on this, again and again. Look at the machines that took it.",
  },
  internal: {
    retry: "elsewhere",
    advice: "Something went wrong that should not have. The log of the attempt and of the runner say more.",
  },
} as const satisfies Record<string, { retry: RetryPolicy; advice: string }>;

export type FailureReason = keyof typeof FAILURES;

export const FAILURE_REASONS = Object.keys(FAILURES) as FailureReason[];

/** Typed failures that a task may have before it is failed for good. */
export const MAX_FAILURES_PER_TASK = 3;

/** Leases that may be lost with their runners before the task is failed with `runner_lost`. */
export const MAX_LOSSES_PER_TASK = 10;

/** Failures of one runner in one job after which it gets no more of that job while others can. */
export const MAX_FAILURES_PER_RUNNER_AND_JOB = 3;

/** Tasks that must all have failed first, for one same reason, before the whole job is failed. */
export const FIRST_TASKS_THAT_JUDGE_A_JOB = 3;

export type AfterFailure = "requeue" | "fail_task" | "fail_job";

/** Says what follows when a task has now failed `failures` times, the last time for `reason`. */
export function afterFailure(reason: FailureReason, failures: number): AfterFailure {
  const policy: RetryPolicy = FAILURES[reason].retry;
  if (policy === "final") return "fail_job";
  if (policy === "twice") return failures >= 2 ? "fail_job" : "requeue";
  return failures >= MAX_FAILURES_PER_TASK ? "fail_task" : "requeue";
}
