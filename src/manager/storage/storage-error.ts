import { AppError } from "#domain/app-error.ts";

/** No space on the device, and no space left in the user's quota. */
const DISK_FULL_CODES: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT"]);

/** Turns "no space left" of the system into `disk_full`; any other error comes back as it is. */
export function storageError(error: unknown): unknown {
  if (!DISK_FULL_CODES.has(errorCode(error))) return error;
  return new AppError("disk_full", "The manager's disk is full; it takes files again when there is space.", {
    cause: error,
  });
}

/** The code of a system error, such as `ENOENT`; undefined when it has none. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
