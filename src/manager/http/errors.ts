import { SQLiteError } from "bun:sqlite";
import { Elysia, ParseError, ValidationError } from "elysia";
import { AppError, type ErrorCode } from "#domain/app-error.ts";
import type { Log } from "#system/log.ts";
import { addressOf, requestIdOf } from "./request-facts.ts";
import { noteStatus } from "./request-metrics.ts";

/** The HTTP status of each thing that can go wrong. */
const STATUS: Record<ErrorCode, number> = {
  bad_request: 400,
  invalid_body: 422,
  invalid_frames: 422,
  unknown_format: 422,
  unauthorized: 401,
  wrong_credentials: 401,
  sign_in_denied: 403,
  sign_in_expired: 400,
  provider_unreachable: 503,
  provider_refused: 502,
  link_expired: 410,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  already_started: 409,
  not_ready: 409,
  lease_lost: 409,
  superseded: 409,
  incompatible: 426,
  upgrade_required: 426,
  too_large: 413,
  length_required: 411,
  upload_incomplete: 400,
  unsupported_version: 412,
  unsupported_media_type: 415,
  wrong_offset: 409,
  wrong_checksum: 460, // the number that tus has chosen
  not_a_scene: 422,
  not_a_blender: 422,
  bad_archive: 422,
  damaged_scene: 422,
  unrenderable: 422,
  wrong_digest: 422,
  bad_frame: 422,
  frames_missing: 422,
  disk_full: 507,
  rate_limited: 429,
  unavailable: 503,
  not_supported: 501,
};

export type Told = { status: number; code: string; message: string };

/** What a caller is told of an error: all of an `AppError`, and nothing of a bug. */
export function tell(error: unknown): Told {
  if (error instanceof AppError) return { status: STATUS[error.code], code: error.code, message: error.message };
  if (error instanceof ValidationError && error.type !== "response")
    return { status: 422, code: "invalid_body", message: sentence(error) };
  if (error instanceof ParseError && error.cause instanceof AppError) return tell(error.cause); // a guard refused before parsing
  if (error instanceof ParseError) return { status: 400, code: "bad_request", message: "The body is not valid JSON." };
  if (isNotFound(error)) return { status: 404, code: "not_found", message: "There is nothing here." };
  if (error instanceof SQLiteError && error.code === "SQLITE_FULL")
    return { status: 507, code: "disk_full", message: "The manager's disk is full; free some space and try again." };
  return { status: 500, code: "internal", message: "Internal error" };
}

/** Turns whatever is thrown into an answer; what nobody foresaw is logged with its request id. */
export function errorHandling(log: Log, asPage: (told: Told, request: Request) => Response | null) {
  return new Elysia({ name: "errors" }).onError({ as: "global" }, ({ error, request }) => {
    const told = tell(error);
    const requestId = requestIdOf(request);
    if (told.status === 500) {
      const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.error("unforeseen error", {
        requestId,
        path: new URL(request.url).pathname,
        address: addressOf(request),
        error: trace,
      });
    }
    const answer = asPage(told, request) ?? errorAnswer(told, requestId);
    noteStatus(request, answer.status);
    return answer;
  });
}

function errorAnswer(told: Told, requestId: string): Response {
  const { status, code, message } = told;
  const headers: Record<string, string> = { "x-request-id": requestId };
  if (status === 401) headers["www-authenticate"] = "Bearer";
  if (status === 429 || status === 503 || status === 507) headers["retry-after"] = "10";
  return Response.json({ error: { code, message, requestId } }, { status, headers });
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "NOT_FOUND";
}

/** One sentence for a person out of the first thing that a schema found wrong. */
function sentence(error: ValidationError): string {
  const first = error.all[0];
  const path = first && "path" in first ? String(first.path).replace(/^\//, "").replaceAll("/", ".") : "";
  const what =
    first && "message" in first
      ? String(first.message).replace(/^Property '(.+)' is missing$/, "is missing")
      : "is not as it should be";
  const where = path === "" ? `The ${error.type}` : `"${path}" in the ${error.type}`;
  return `${where}: ${what.charAt(0).toLowerCase()}${what.slice(1)}.`;
}
