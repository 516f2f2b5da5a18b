import type { User } from "#domain/user.ts";
import { getUserByEmail, type StoredUser } from "#manager/db/users.ts";
import { authenticate } from "./accounts.ts";
import type { Farm } from "./farm.ts";
import { deviceOf, newDeviceToken } from "./known-devices.ts";
import type { Allowance } from "./login-limit.ts";
import { networkOf } from "./network.ts";
import { openSession } from "./sessions.ts";

/** Failures a minute of one known browser; of one place at one account; of one place at all; of all strangers at one account. */
const MAX_FAILURES = { device: 10, placeAndAccount: 10, place: 20, account: 100 } as const;

/** Where a request comes from, and what its browser has kept of earlier visits. */
export type Visitor = { address: string; userAgent: string; device: string | null };

export type SignedIn = {
  user: User;
  sessionToken: string;
  /** For the browser to keep, by which it is known the next time; null where it is known already. */
  deviceToken: string | null;
};

/** Signs somebody in with a password. Throws as `authenticate`, and `rate_limited` after too many failures. */
export async function signIn(
  farm: Farm,
  credentials: { email: string; password: string },
  visitor: Visitor,
): Promise<SignedIn> {
  const email = credentials.email.trim().toLowerCase();
  const known = getUserByEmail(farm.db, email);
  const device = known && visitor.device !== null ? deviceOf(known, visitor.device) : null;
  const user = await farm.access.logins.guard(allowancesOf(email, visitor, device), () =>
    authenticate(farm, email, credentials.password),
  );
  return letIn(farm, user, visitor, device);
}

/** Opens a session for a user who has shown who they are. */
export async function letIn(
  farm: Farm,
  user: StoredUser,
  visitor: Visitor,
  device: string | null = null,
): Promise<SignedIn> {
  const sessionToken = await openSession(farm, user, visitor);
  return { user, sessionToken, deviceToken: device === null ? newDeviceToken(user) : null };
}

/** A known browser is counted by itself, so that others' guesses, also from the same place, do not lock its owner out. */
function allowancesOf(email: string, visitor: Visitor, device: string | null): Allowance[] {
  if (device !== null) return [{ name: `device ${device}`, max: MAX_FAILURES.device }];
  const place = networkOf(visitor.address);
  return [
    { name: `place ${place} and account ${email}`, max: MAX_FAILURES.placeAndAccount },
    { name: `place ${place}`, max: MAX_FAILURES.place },
    { name: `account ${email}`, max: MAX_FAILURES.account },
  ];
}
