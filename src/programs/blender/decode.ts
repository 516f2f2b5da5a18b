/** A JSON object from a process that opens files of strangers: nothing is known of it but what is looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Longer texts are cut: no name or message of Blender's is as long. */
const MAX_TEXT_CHARACTERS = 2000;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns a text, or `otherwise` where there is none. */
export function text<T>(value: unknown, otherwise: T): string | T {
  return typeof value === "string" ? value.slice(0, MAX_TEXT_CHARACTERS) : otherwise;
}

/** Returns a finite number, or `otherwise` where there is none. */
export function number<T>(value: unknown, otherwise: T): number | T {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

/** Returns what `decode` makes of each element, without those of which it makes null; an empty list where there is none. */
export function list<T>(value: unknown, decode: (element: unknown) => T | null): T[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((element: unknown) => {
    const decoded = decode(element);
    return decoded === null ? [] : [decoded];
  });
}
