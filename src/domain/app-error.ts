/** What a person may be told about something that went wrong; `manager/http/errors.ts` gives each code its HTTP status. */
export type ErrorCode =
  | "bad_request"
  | "invalid_body"
  | "invalid_frames"
  | "unknown_format"
  | "unauthorized"
  | "wrong_credentials"
  | "sign_in_denied"
  | "sign_in_expired"
  | "provider_unreachable"
  | "provider_refused"
  | "link_expired"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "already_started"
  | "not_ready"
  | "lease_lost"
  | "superseded"
  | "incompatible"
  | "upgrade_required"
  | "too_large"
  | "length_required"
  | "upload_incomplete"
  | "unsupported_version"
  | "unsupported_media_type"
  | "wrong_offset"
  | "wrong_checksum"
  | "not_a_scene"
  | "not_a_blender"
  | "bad_archive"
  | "damaged_scene"
  | "unrenderable"
  | "wrong_digest"
  | "bad_frame"
  | "frames_missing"
  | "disk_full"
  | "rate_limited"
  | "unavailable"
  | "not_supported";

/** The one error whose message is meant for people. Anything else that is thrown is a bug: logged, and shown as "Internal error". */
export class AppError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AppError";
    this.code = code;
  }
}
