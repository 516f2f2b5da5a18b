import { FAILURES, type FailureReason } from "#domain/failure.ts";

/** A typed reason as people read it: Out of memory, GPU unavailable. */
export function tellReason(reason: string): string {
  const words = reason.replaceAll("_", " ").replace(/^gpu\b/, "GPU");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The sentence of advice for a typed reason; null for one that has none. */
export function adviceFor(reason: string): string | null {
  return Object.hasOwn(FAILURES, reason) ? FAILURES[reason as FailureReason].advice : null;
}
