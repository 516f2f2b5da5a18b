import { FAILURES, type FailureReason } from "#domain/failure.ts";

/** A typed reason as people read it: Out of memory. */
export function tellReason(reason: string): string {
  return reason.charAt(0).toUpperCase() + reason.slice(1).replaceAll("_", " ");
}

/** The sentence of advice for a typed reason; null for one that has none. */
export function adviceFor(reason: string): string | null {
  return Object.hasOwn(FAILURES, reason) ? FAILURES[reason as FailureReason].advice : null;
}
