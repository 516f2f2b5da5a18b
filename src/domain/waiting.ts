/** Why nothing of a job is being done now, though there is something to do. */
export type Waiting =
  | { kind: "paused" }
  /** There is no runner that may take this job, and never was one. */
  | { kind: "no_runner" }
  | { kind: "offline"; runners: number }
  | { kind: "disabled"; runners: number }
  /** Those that are there have no Blender that may open the file. */
  | { kind: "no_blender"; reason: string }
  /** Whoever could take it works on something else. */
  | { kind: "busy"; runners: number };
