import { AppError } from "#domain/app-error.ts";
import type { User } from "#domain/user.ts";
import { deleteOtherSessions } from "#manager/db/sessions.ts";
import { deleteUser, getUser, getUserByEmail, insertUser, listUsers, setPasswordHash } from "#manager/db/users.ts";
import { hashPassword, verifyPassword } from "#system/passwords.ts";
import type { Farm, Office } from "./farm.ts";
import { isEnabled } from "./settings.ts";

/** What the address of a person looks like; whether mail arrives there is not our business. */
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
const MIN_PASSWORD_LENGTH = 12;
const MAX_PASSWORD_LENGTH = 1000;

/** A hash that no password fits, so that an unknown user takes as long as a known one. */
const NOBODYS_HASH = hashPassword(crypto.randomUUID());

export type NewAccount = { email: string; password: string; name?: string; admin: boolean; localOnly?: boolean };

/** Makes an account. Throws `bad_request` for an address or a password that will not do, `conflict` where the address is taken. */
export async function addUser(office: Office, account: NewAccount): Promise<number> {
  const email = account.email.trim();
  if (!EMAIL.test(email)) throw new AppError("bad_request", `"${email}" is not an e-mail address.`);
  checkPassword(account.password);
  const passwordHash = await hashPassword(account.password);
  const name = account.name?.trim() || email.split("@")[0]!;
  const { admin, localOnly = false } = account;
  const id = insertUser(office.db, { email, name, passwordHash, admin, localOnly, createdAtMs: office.clock.nowMs() });
  if (id === null) throw new AppError("conflict", `There is a user ${email} already.`);
  return id;
}

/** Removes an account with its sessions and keys; throws `not_found`. Its jobs stay, with the admins. */
export function removeUser(office: Office, email: string): void {
  const user = getUserByEmail(office.db, email);
  if (!user) throw new AppError("not_found", `There is no user ${email}.`);
  deleteUser(office.db, user.id);
}

/** All accounts, by e-mail address. */
export function allUsers(office: Office): User[] {
  return listUsers(office.db);
}

/**
 * The user with this e-mail and password. Throws `wrong_credentials`, the same after the same time for an unknown user and a wrong
 * password, and `forbidden` while local sign-in is off.
 */
export async function authenticate(farm: Farm, email: string, password: string): Promise<User> {
  if (!isEnabled(farm, "localauth"))
    throw new AppError(
      "forbidden",
      "Sign-in with a password is off; an admin can switch it on with: manager config enable localauth",
    );
  const user = getUserByEmail(farm.db, email.trim());
  const fits = await verifyPassword(password.slice(0, MAX_PASSWORD_LENGTH), user?.passwordHash ?? (await NOBODYS_HASH));
  if (!user?.passwordHash || !fits || user.disabled || (user.localOnly && !farm.loopbackOnly))
    throw new AppError("wrong_credentials", "The e-mail address or the password is wrong.");
  return user;
}

/** Changes a password and ends the user's other sessions; throws `wrong_credentials` when the old one does not fit. */
export async function changePassword(
  farm: Farm,
  change: { userId: number; oldPassword: string; newPassword: string; sessionHash: string | null },
): Promise<void> {
  const user = getUser(farm.db, change.userId);
  if (!user?.passwordHash || !(await verifyPassword(change.oldPassword, user.passwordHash)))
    throw new AppError("wrong_credentials", "The old password is wrong.");
  checkPassword(change.newPassword);
  const hash = await hashPassword(change.newPassword);
  await farm.commit.write(() => {
    setPasswordHash(farm.db, user.id, hash);
    deleteOtherSessions(farm.db, user.id, change.sessionHash);
  });
}

function checkPassword(password: string): void {
  if (password.length < MIN_PASSWORD_LENGTH)
    throw new AppError("bad_request", `A password has at least ${MIN_PASSWORD_LENGTH} characters.`);
  if (password.length > MAX_PASSWORD_LENGTH)
    throw new AppError("bad_request", `A password has at most ${MAX_PASSWORD_LENGTH} characters.`);
}
