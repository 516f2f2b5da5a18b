/** Where a Blender comes from: the release site, by its number; a file, which is taken away if it is `ours`; or a folder. */
export type BlenderSource =
  | { kind: "release"; version: string }
  | { kind: "archive"; path: string; ours: boolean }
  | { kind: "folder"; path: string };

export const ADDING_STEPS = ["finding", "downloading", "packing", "unpacking", "trying"] as const;
export type AddingStep = (typeof ADDING_STEPS)[number];

/** How far an addition is: bytes of the archive; `total` is null where it is not known. */
export type AddingProgress = { step: AddingStep; done: number; total: number | null };

export type AddingWatch = { signal: AbortSignal; onProgress: (progress: AddingProgress) => void };

/** An addition of a Blender, under way or ended lately. */
export type Addition = {
  id: number;
  /** What is added, as who asked for it calls it: a version, or a file's name. */
  name: string;
  status: "running" | "done" | "failed";
  progress: AddingProgress;
  /** Why it failed, in a sentence. */
  message: string | null;
  /** The version, once it is there. */
  version: string | null;
  startedAtMs: number;
};

/** The additions of a manager (`Farm` is what they work with) since it was started; the newest first. */
export type Additions<Farm> = {
  list: () => Addition[];
  /** Begins one in the background: one works at a time, the others wait their turn. */
  begin: (farm: Farm, name: string, source: BlenderSource) => Addition;
  /** Ends one that is under way; a download goes on where it was when it is added again. Throws `not_found`. */
  cancel: (id: number) => void;
};
