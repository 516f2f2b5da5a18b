import { AppError } from "#domain/app-error.ts";
import type { User } from "#domain/user.ts";
import { deleteResetLink } from "#manager/db/reset-links.ts";
import { deleteOtherSessions } from "#manager/db/sessions.ts";
import { getUser, getUserByEmail, insertUser, listUsers, setPasswordHash, type StoredUser } from "#manager/db/users.ts";
import { hashPassword } from "#system/passwords.ts";
import type { Farm, Office } from "./farm.ts";
import { checkLength, checkPassword, fitsPassword } from "./passwords.ts";
import { isEnabled } from "./settings.ts";

/** What the address of a person looks like; whether mail arrives there is not our business. */
const EMAIL = /^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,190}$/u;

const MAX_NAME_LENGTH = 100;

export type NewAccount = { email: string; password: string; name?: string; admin: boolean; localOnly?: boolean };

/**
 * Makes an account for somebody, by whoever runs the farm, who so vouches for the address. Throws `bad_request` for an address or a
 * password that will not do, `conflict` where the address is taken.
 */
export async function addUser(office: Office, account: NewAccount): Promise<number> {
  const { email, name } = readPerson(account);
  checkLength(account.password);
  const passwordHash = await hashPassword(account.password);
  const { admin, localOnly = false } = account;
  const createdAtMs = office.clock.nowMs();
  const id = insertUser(office.db, { email, name, passwordHash, admin, emailVerified: true, localOnly, createdAtMs });
  if (id === null) throw emailIsTaken(email);
  return id;
}

/** An address and a name as they are stored; without a name it is what stands before the @. Throws `bad_request`. */
export function readPerson(person: { email: string; name?: string | undefined }): { email: string; name: string } {
  const email = person.email.trim();
  if (!EMAIL.test(email)) throw new AppError("bad_request", `"${email}" is not an e-mail address.`);
  return { email, name: readName(person.name ?? "") || email.split("@")[0]! };
}

/** A person's name as it is stored: one line, and not too long for a page. Throws `bad_request`. */
export function readName(text: string): string {
  const name = text.replace(/[\s\p{C}]+/gu, " ").trim();
  if (name.length > MAX_NAME_LENGTH)
    throw new AppError("bad_request", `A name has at most ${MAX_NAME_LENGTH} characters.`);
  return name;
}

/** What is said where an account of that address is there already. */
export function emailIsTaken(email: string): AppError {
  return new AppError("conflict", `There is a user ${email} already.`);
}

/** All accounts, by e-mail address. */
export function allUsers(office: Office): User[] {
  return listUsers(office.db);
}

/** Gives a user another password, by whoever runs the farm, and ends all sessions. Throws `not_found`, `bad_request`. */
export async function setPassword(office: Office, email: string, password: string): Promise<void> {
  const user = getUserByEmail(office.db, email.trim());
  if (!user) throw new AppError("not_found", `There is no user ${email}.`);
  checkLength(password);
  const hash = await hashPassword(password);
  office.db.transaction(() => replacePassword(office, user.id, hash, null))();
}

/** Stores a new password; the sessions that the old one has opened end, but for one, and a reset link is worthless. */
export function replacePassword(
  office: Office,
  userId: number,
  passwordHash: string,
  exceptSession: string | null,
): void {
  setPasswordHash(office.db, userId, passwordHash);
  deleteOtherSessions(office.db, userId, exceptSession);
  deleteResetLink(office.db, userId);
}

/**
 * The user with this e-mail and password. Throws `wrong_credentials`, the same after the same time for an unknown user and a wrong
 * password, and `forbidden` while local sign-in is off.
 */
export async function authenticate(farm: Farm, email: string, password: string): Promise<StoredUser> {
  mustHaveLocalSignIn(farm);
  const user = getUserByEmail(farm.db, email.trim());
  const fits = await fitsPassword(password, user?.passwordHash);
  if (!user || !fits || !mayComeIn(farm, user))
    throw new AppError("wrong_credentials", "The e-mail address or the password is wrong.");
  return user;
}

/** Throws `forbidden` while sign-in with a password is off. */
export function mustHaveLocalSignIn(office: Office): void {
  if (isEnabled(office, "localauth")) return;
  throw new AppError(
    "forbidden",
    "Sign-in with a password is off; an admin can switch it on with: manager config enable localauth",
  );
}

/** Whether a user may use the farm at all: not one who was disabled, nor the test account from other machines. */
export function mayComeIn(farm: Farm, user: Pick<StoredUser, "disabled" | "localOnly">): boolean {
  return !user.disabled && (!user.localOnly || farm.loopbackOnly);
}

/** Whether a user can sign in with a password. */
export function hasPassword(office: Office, userId: number): boolean {
  return getUser(office.db, userId)?.passwordHash != null;
}

/** Failures a minute of somebody who has a session and guesses at its owner's password. */
const MAX_OLD_PASSWORDS = 10;

/** Changes a password and ends the user's other sessions; throws `wrong_credentials` when the old one does not fit. */
export async function changePassword(
  farm: Farm,
  change: { userId: number; oldPassword: string; newPassword: string; sessionHash: string | null },
): Promise<void> {
  const wrong = new AppError("wrong_credentials", "The old password is wrong.");
  const name = `password of user ${change.userId}`;
  const user = await farm.access.logins.guard([{ name, max: MAX_OLD_PASSWORDS }], async () => {
    const found = getUser(farm.db, change.userId);
    if (!found || !(await fitsPassword(change.oldPassword, found.passwordHash))) throw wrong;
    return found;
  });
  await checkPassword(change.newPassword, user);
  const hash = await hashPassword(change.newPassword);
  await farm.commit.write(() => {
    if (getUser(farm.db, user.id)?.passwordHash !== user.passwordHash) throw wrong; // another change came first
    replacePassword(farm, user.id, hash, change.sessionHash);
  });
}
