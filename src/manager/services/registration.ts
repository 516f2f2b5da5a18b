import { AppError } from "#domain/app-error.ts";
import { getUser, hasUsers, insertUser, type StoredUser } from "#manager/db/users.ts";
import { hashPassword } from "#system/passwords.ts";
import { emailIsTaken, mustHaveLocalSignIn, readPerson } from "./accounts.ts";
import type { Farm } from "./farm.ts";
import { networkOf } from "./network.ts";
import { checkPassword } from "./passwords.ts";
import { changeSetting } from "./changing-settings.ts";
import { isEnabled } from "./settings.ts";
import { letIn, type SignedIn, type Visitor } from "./signing-in.ts";

/** Accounts an hour that one place may ask for. */
const MAX_REGISTRATIONS = 20;

export type Registration = { name: string; email: string; password: string; setupToken: string | null };

/**
 * Makes an account for the person who asks, and signs them in. The first one is the admin's and needs the setup token, whatever is
 * enabled; it enables sign-in with a password, for there is no other way back in. Throws `forbidden` while registration is off or
 * without the token, `bad_request` for what will not do, `conflict` where the address is taken, `rate_limited`.
 */
export async function register(farm: Farm, registration: Registration, visitor: Visitor): Promise<SignedIn> {
  const place = networkOf(visitor.address);
  const first = !hasUsers(farm.db);
  const mayAsk = (): void => {
    if (farm.access.registrations.count(place) >= MAX_REGISTRATIONS)
      throw new AppError("rate_limited", "Too many accounts were asked for; try again in an hour.");
  };
  mayAsk();
  if (first) checkSetupToken(farm, registration.setupToken);
  else mustBeOpen(farm);
  const { email, name } = readPerson(registration);
  await checkPassword(registration.password, { email, name });
  mayAsk(); // others may have asked meanwhile
  farm.access.registrations.add(place);
  const passwordHash = await hashPassword(registration.password);
  const createdAtMs = farm.clock.nowMs();
  const account = { email, name, passwordHash, localOnly: false, createdAtMs };
  const user = await farm.commit.write(() => {
    if (first && hasUsers(farm.db)) throw new AppError("conflict", "Somebody else has just made the first account.");
    // Only the holder of the token is known to run the farm, and so vouches for the address.
    const id = insertUser(farm.db, { ...account, admin: first, emailVerified: first });
    if (id === null) throw emailIsTaken(email);
    if (first) changeSetting(farm, "localauth", "on");
    return getUser(farm.db, id);
  });
  farm.log.info("an account was made", { user: user?.id, admin: first });
  return letIn(farm, mustBeThere(user), visitor);
}

/** Whether anybody may make an account, with a password. */
export function isRegistrationOpen(farm: Farm): boolean {
  return isEnabled(farm, "registration") && isEnabled(farm, "localauth") && hasUsers(farm.db);
}

/** Whether the first account is still to be made. */
export function isFirstAccountMissing(farm: Farm): boolean {
  return !hasUsers(farm.db);
}

function checkSetupToken(farm: Farm, token: string | null): void {
  if (token !== null && farm.access.setupToken.fits(token)) return;
  throw new AppError(
    "forbidden",
    "The first account is the admin's, and needs the setup token that the manager printed when it started.",
  );
}

function mustBeOpen(farm: Farm): void {
  if (!isEnabled(farm, "registration"))
    throw new AppError("forbidden", "Registration is off; ask an admin for an account.");
  mustHaveLocalSignIn(farm);
}

function mustBeThere(user: StoredUser | null): StoredUser {
  if (!user) throw new Error("a user who was stored is not there");
  return user;
}
