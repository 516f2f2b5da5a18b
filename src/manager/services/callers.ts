import { AppError } from "#domain/app-error.ts";
import type { Job } from "#domain/job.ts";
import type { RunnerKey, User } from "#domain/user.ts";
import { getUser } from "#manager/db/users.ts";
import type { Farm } from "./farm.ts";
import { mayComeIn } from "./accounts.ts";
import { findKey } from "./keys.ts";
import { userOfSession } from "./sessions.ts";

/** Who is calling. A key of scope `user` speaks for its user and may run a runner; one of scope `manager` may only run a runner. */
export type Caller =
  | { kind: "nobody" }
  | { kind: "badKey" }
  | { kind: "session"; user: User; sessionHash: string; prolonged: boolean }
  | { kind: "key"; user: User | null; runner: RunnerKey };

/** Finds out who a request comes from, by its bearer key or its session cookie; a key, where one is given, decides. */
export function identify(farm: Farm, credentials: { bearer: string | null; session: string | null }): Caller {
  if (credentials.bearer !== null) return callerOfKey(farm, credentials.bearer);
  const found = credentials.session === null ? null : userOfSession(farm, credentials.session);
  return found ? { kind: "session", ...found } : { kind: "nobody" };
}

function callerOfKey(farm: Farm, secret: string): Caller {
  const key = findKey(farm, secret);
  if (!key) return { kind: "badKey" };
  const user = key.scope === "user" && key.userId !== null ? getUser(farm.db, key.userId) : null;
  if (key.scope === "user" && (!user || !mayComeIn(farm, user))) return { kind: "badKey" };
  return { kind: "key", user, runner: { keyId: key.id, ownerId: key.scope === "user" ? key.userId : null } };
}

/** Whether a user may see and change a job: the own ones, and an admin all. A job of others does not exist for anyone else. */
export function mayUse(user: User, job: Pick<Job, "userId">): boolean {
  return user.admin || job.userId === user.id;
}

/** The user that a caller speaks for; throws `unauthorized` for nobody and `forbidden` for a farm-wide key. */
export function userOf(caller: Caller): User {
  if (caller.kind === "session") return caller.user;
  if (caller.kind === "key" && caller.user) return caller.user;
  if (caller.kind === "key")
    throw new AppError("forbidden", "A runner's key may not be used here; sign in, or use a key of scope user.");
  throw notSignedIn(caller);
}

/** The session that a caller has; throws `unauthorized` for nobody, and `forbidden` for a key: it may not change how one comes in. */
export function sessionOf(caller: Caller): { user: User; sessionHash: string } {
  if (caller.kind === "session") return caller;
  if (caller.kind === "key") throw new AppError("forbidden", "A key may not do this; sign in, in a browser.");
  throw notSignedIn(caller);
}

/** The runner key that a caller holds; throws `unauthorized` for nobody and `forbidden` for a signed-in user. */
export function runnerKeyOf(caller: Caller): RunnerKey {
  if (caller.kind === "key") return caller.runner;
  if (caller.kind === "session") throw new AppError("forbidden", "Only runners may call this, with an API key.");
  throw notSignedIn(caller);
}

function notSignedIn(caller: Caller): AppError {
  if (caller.kind === "badKey")
    return new AppError("unauthorized", "This API key is not known here; it may have been revoked.");
  return new AppError("unauthorized", "Sign in first, or send an API key as Authorization: Bearer jk_…");
}
