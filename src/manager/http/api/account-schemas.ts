import { t } from "elysia";
import { PROVIDERS } from "#domain/identity.ts";
import { KEY_SCOPES } from "#domain/user.ts";
import { oneOf } from "#protocol/one-of.ts";
import { id } from "./schemas.ts";

/** What people type to come in; how long a password must be is judged with the rest of what is wrong with it. */
export const email = t.String({ maxLength: 300 });
export const password = t.String({ maxLength: 1000 });
export const personName = t.String({ maxLength: 300 });

/** A secret of ours that somebody brings back: from a link, or from what the manager printed. */
export const token = t.String({ minLength: 1, maxLength: 200 });

export const provider = oneOf(PROVIDERS);

const time = t.String({ format: "date-time" });
const timeOrNull = t.Union([time, t.Null()]);
const whole = t.Integer({ minimum: 1 });

export const idParams = t.Object({ id });

export const userAnswer = t.Object({
  user: t.Object({ id: whole, email: t.String(), name: t.String(), admin: t.Boolean() }),
});

export const sessionsAnswer = t.Object({
  items: t.Array(
    t.Object({
      id: whole,
      current: t.Boolean(),
      userAgent: t.String(),
      address: t.String(),
      createdAt: time,
      lastUsedAt: time,
      expiresAt: time,
    }),
  ),
});

export const identitiesAnswer = t.Object({
  items: t.Array(t.Object({ provider, email: t.String(), createdAt: time })),
});

const key = t.Object({
  id: whole,
  name: t.String(),
  prefix: t.String(),
  scope: oneOf(KEY_SCOPES),
  user: t.Union([t.Object({ id: whole, email: t.String() }), t.Null()]),
  createdAt: time,
  lastUsedAt: timeOrNull,
});

export const keysAnswer = t.Object({ items: t.Array(key) });

/** The key itself is told this once. */
export const newKeyAnswer = t.Object({ ...key.properties, key: t.String() });

export const keyName = t.String({ minLength: 1, maxLength: 100 });

export const account = t.Object({
  id: whole,
  email: t.String(),
  name: t.String(),
  admin: t.Boolean(),
  disabled: t.Boolean(),
  emailVerified: t.Boolean(),
  hasPassword: t.Boolean(),
  providers: t.Array(provider),
  createdAt: time,
  lastSeenAt: timeOrNull,
});

export const accountsAnswer = t.Object({ items: t.Array(account), nextCursor: t.Union([t.String(), t.Null()]) });

export const resetLinkAnswer = t.Object({ url: t.String({ format: "uri" }), expiresAt: time });
