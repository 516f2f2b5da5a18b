/** The manager was not reached, or could not do it now: worth trying again. `status` is null when there was no answer at all. */
export class ManagerUnreachable extends Error {
  readonly status: number | null;
  /** How long the manager asks to be left alone, from `Retry-After`; 0 where it does not say. */
  readonly retryAfterMs: number;
  constructor(message: string, status: number | null = null, retryAfterMs = 0, options?: ErrorOptions) {
    super(message, options);
    this.name = "ManagerUnreachable";
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The manager has answered no, with one sentence why; asking again would not help. */
export class ManagerRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ManagerRefusal";
    this.status = status;
    this.code = code;
  }
}

/** Says whether a refusal ends this whole process: its key is revoked, or a newer process has its name. */
export function endsTheRunner(error: ManagerRefusal): boolean {
  return error.status === 401 || error.code === "superseded";
}
