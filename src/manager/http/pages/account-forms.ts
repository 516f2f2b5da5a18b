import { t } from "elysia";
import { oneOf } from "#protocol/one-of.ts";
import { email, idParams, password, personName, provider, token } from "../api/account-schemas.ts";

const next = t.Optional(t.String());

/** What was done just before, for the page to say so. */
export const loginQuery = t.Object({ next, done: t.Optional(oneOf(["reset"])) });
export const loginForm = t.Object({ email, password, next });

export const registerQuery = t.Object({ setup: t.Optional(t.String({ maxLength: 200 })) });
export const registerForm = t.Object({
  name: personName,
  email,
  newPassword: password,
  setupToken: t.Optional(t.String({ maxLength: 200 })),
});

export const resetQuery = t.Object({ token: t.Optional(t.String({ maxLength: 200 })) });
export const resetForm = t.Object({ token, newPassword: password });

export const accountQuery = t.Object({ done: t.Optional(oneOf(["password"])) });
export const passwordForm = t.Object({ oldPassword: password, newPassword: password });
export const keyForm = t.Object({ name: t.String({ maxLength: 300 }) });
export const providerParams = t.Object({ provider });
export { idParams };
