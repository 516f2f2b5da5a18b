import type { Static, TSchema } from "elysia";
import { Value } from "@sinclair/typebox/value";
import { errorAnswer } from "#protocol/errors.ts";
import { ManagerRefusal, ManagerUnreachable } from "./manager-errors.ts";

/** An error page of something between us and the manager is not worth more than this in a log. */
const LONGEST_MESSAGE = 300;

const LONGEST_RETRY_AFTER_SECONDS = 300;

/** Reads a JSON answer and checks its shape; what is no such answer (a proxy's page, say) counts as not having reached the manager. */
export async function readJson<T extends TSchema>(schema: T, response: Response): Promise<Static<T>> {
  const text = await response.text();
  const answer: unknown = parseJson(text);
  if (Value.Check(schema, answer)) return answer;
  throw new ManagerUnreachable(`not an answer of a manager: ${shorten(text)}`, response.status);
}

/** Reads an answer that is no success: what may pass becomes `ManagerUnreachable`, what is final `ManagerRefusal`. */
export async function readRefusal(response: Response): Promise<ManagerRefusal | ManagerUnreachable> {
  const { status } = response;
  const text = await response.text();
  const answer: unknown = parseJson(text);
  const told = Value.Check(errorAnswer, answer) ? answer.error : { code: "", message: shorten(text) };
  const message = told.message === "" ? `HTTP ${status}` : told.message;
  if (isPassing(status, told.code)) return new ManagerUnreachable(message, status, retryAfterMs(response));
  const moved = response.headers.get("location");
  if (status < 400 && moved !== null)
    return new ManagerRefusal(
      status,
      "moved",
      `The manager is elsewhere: it redirects to ${moved}. Give that address.`,
    );
  return new ManagerRefusal(status, told.code, message);
}

/** An upload that did not arrive whole is one that was cut on the way, whatever the status says. */
function isPassing(status: number, code: string): boolean {
  return status >= 500 || status === 429 || status === 408 || code === "upload_incomplete";
}

/** Seconds alone; the date form is not worth trusting two clocks. */
function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get("retry-after") ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), LONGEST_RETRY_AFTER_SECONDS) * 1000 : 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function shorten(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, LONGEST_MESSAGE);
}
