/** The whole environment of a program; nothing else is inherited. */
export type Environment = Readonly<Record<string, string>>;

/** What to run. A name without a slash is looked for on PATH; `cwd` is `/` unless given. */
export type Command = {
  argv: readonly [program: string, ...rest: string[]];
  environment: Environment;
  cwd?: string;
};

/** What a program and everything it started use at this moment. */
export type Usage = { rssBytes: number; cpuSeconds: number };

export type RunOptions = {
  /** Ends the program: `stopSignal` to its group, and SIGKILL to all that is left of it after `graceSeconds`. */
  signal?: AbortSignal | undefined;
  timeoutSeconds?: number | undefined;
  /** SIGTERM unless given; Blender ends in order on SIGINT. */
  stopSignal?: "SIGTERM" | "SIGINT";
  graceSeconds?: number;
  /** Each line of output, without its end. The program is held back while a promise is pending; a throw ends it. */
  onLine?: (line: string, stream: "stdout" | "stderr") => void | Promise<void>;
  /** Longer lines are cut; 16 Ki unless given. */
  maxLineCharacters?: number;
  /** Each JSON value that the program writes as a line on its file descriptor 3; what is no JSON is dropped. */
  onEvent?: (event: unknown) => void | Promise<void>;
  /** Called every two seconds while the program runs. */
  onUsage?: (usage: Usage) => void;
};

/** How a program ended. `exitCode` and `signal` are both null when it never started. */
export type ProgramResult = {
  reason: "exited" | "aborted" | "timeout" | "spawn_failed";
  exitCode: number | null;
  /** The signal that ended it, as in `SIGKILL`. */
  signal: string | null;
  /** Why it could not be started. */
  message: string | null;
  durationSeconds: number;
  /** The most memory that the program and its children were seen to use. */
  maxRssBytes: number;
};

/** Runs a program to its end; never throws for what the program does, only for errors of the callbacks. */
export type RunProgram = (command: Command, options?: RunOptions) => Promise<ProgramResult>;
