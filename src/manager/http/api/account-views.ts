import type { Identity } from "#domain/identity.ts";
import type { ApiKey } from "#domain/user.ts";
import type { Account } from "#manager/services/managing-users.ts";
import type { OwnSession } from "#manager/services/sessions.ts";
import { isoTime } from "./views.ts";

/** A session as its owner sees it. */
export function sessionView({ id, current, userAgent, address, ...times }: OwnSession) {
  return {
    id,
    current,
    userAgent,
    address,
    createdAt: isoTime(times.createdAtMs),
    lastUsedAt: isoTime(times.lastUsedAtMs),
    expiresAt: isoTime(times.expiresAtMs),
  };
}

/** A provider's account that signs a user in. */
export function identityView({ provider, email, createdAtMs }: Identity) {
  return { provider, email, createdAt: isoTime(createdAtMs) };
}

/** A key without its secret. */
export function keyView({ id, name, prefix, scope, userId, userEmail, createdAtMs, lastUsedAtMs }: ApiKey) {
  const user = userId === null ? null : { id: userId, email: userEmail ?? "" };
  return { id, name, prefix, scope, user, createdAt: isoTime(createdAtMs), lastUsedAt: isoTime(lastUsedAtMs) };
}

/** An account as admins see it. */
export function accountView({ createdAtMs, lastSeenAtMs, ...account }: Account) {
  return { ...account, createdAt: isoTime(createdAtMs), lastSeenAt: isoTime(lastSeenAtMs) };
}
