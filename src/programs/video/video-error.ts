import type { FailureReason } from "#domain/failure.ts";

/** Why a video could not be made, as the task will tell it. */
export class VideoError extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason, message: string) {
    super(message);
    this.name = "VideoError";
    this.reason = reason;
  }
}
