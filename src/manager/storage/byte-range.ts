/** The part of a file that a request wants: all of it, one range of it, or one that it does not have. */
export type ByteRange = { kind: "whole" } | { kind: "part"; first: number; last: number } | { kind: "unsatisfiable" };

const WHOLE: ByteRange = { kind: "whole" };

/**
 * Reads a `Range` header (RFC 9110, section 14). One range of bytes is honoured; several, other units and what makes no
 * sense are ignored, as the RFC allows, and the whole file is sent.
 */
export function parseRange(header: string | null, size: number): ByteRange {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return WHOLE;
  if (match[1] === "") return part(Math.max(0, size - Number(match[2])), size - 1, size);
  const first = Number(match[1]);
  const last = match[2] === "" ? size - 1 : Number(match[2]);
  if (match[2] !== "" && last < first) return WHOLE;
  return part(first, Math.min(last, size - 1), size);
}

function part(first: number, last: number, size: number): ByteRange {
  return first >= size ? { kind: "unsatisfiable" } : { kind: "part", first, last };
}
