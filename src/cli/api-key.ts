import { readFileSync } from "node:fs";
import { AppError } from "#domain/app-error.ts";
import type { Flag, FlagValues } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

export const API_KEY_FLAGS: readonly Flag[] = [
  { name: "api-key", value: "key", description: "the key that the farm gave for its runners" },
  { name: "api-key-file", value: "path", description: "a file that holds the key and nothing else" },
];

/** The key that the flags give: itself or in a file. Throws `UsageError` for none and for both, `AppError` for a file that will not do. */
export function apiKeyOf(flags: FlagValues): string {
  const path = flags.text("api-key-file");
  if (path === null)
    return flags.required("api-key", "is the key that the farm gave for its runners; --api-key-file reads it");
  if (flags.text("api-key") !== null) throw new UsageError("Give --api-key or --api-key-file, not both.");
  const key = read(path).trim();
  if (key === "") throw new AppError("not_found", `${path} is empty; it holds the API key.`);
  return key;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new AppError("not_found", `The file of the API key, ${path}, cannot be read (${why}).`, { cause: error });
  }
}
