import type { Database } from "bun:sqlite";
import { hasUsers } from "#manager/db/users.ts";
import { newToken, sameSecret } from "#system/tokens.ts";

/** What whoever runs the manager shows to make the first account, an admin, on the web. It is made anew at every start. */
export type SetupToken = {
  /** Null once there is a user. */
  value: () => string | null;
  fits: (token: string) => boolean;
};

/** Makes the token of a manager that starts. */
export function createSetupToken(db: Database): SetupToken {
  const token = newToken();
  const value = (): string | null => (hasUsers(db) ? null : token);
  return { value, fits: (given) => value() !== null && sameSecret(given, token) };
}
