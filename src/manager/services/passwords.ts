import { AppError } from "#domain/app-error.ts";
import { isGuessable } from "#system/guessable-password.ts";
import { verifyPassword, hashPassword } from "#system/passwords.ts";

const MIN_LENGTH = 12;

/** Longer ones only keep the processor busy. */
export const MAX_PASSWORD_LENGTH = 1000;

/** A hash that no password fits, so that an unknown user takes as long as a known one. */
const NOBODYS_HASH = hashPassword(crypto.randomUUID());

/** Throws `bad_request` for a password that is too short or too long. */
export function checkLength(password: string): void {
  if (password.length < MIN_LENGTH)
    throw new AppError("bad_request", `A password has at least ${MIN_LENGTH} characters.`);
  if (password.length > MAX_PASSWORD_LENGTH)
    throw new AppError("bad_request", `A password has at most ${MAX_PASSWORD_LENGTH} characters.`);
}

/** Throws `bad_request` for a password that is too short, too long, or on everybody's list. */
export async function checkPassword(password: string, person: { email: string; name: string }): Promise<void> {
  checkLength(password);
  if (await isGuessable(password, [person.email, person.email.split("@")[0]!, person.name]))
    throw new AppError(
      "bad_request",
      "This password is a common one, or close to one, and would be guessed; take another, such as a few words that do not belong together.",
    );
}

/** Whether a password fits a user's hash; it takes as long for a user who is not there or has none. */
export async function fitsPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const fits = await verifyPassword(password.slice(0, MAX_PASSWORD_LENGTH), hash ?? (await NOBODYS_HASH));
  return fits && hash != null;
}
