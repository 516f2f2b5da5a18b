import { AppError } from "#domain/app-error.ts";
import type { Provider } from "#domain/identity.ts";
import type { ApiKey } from "#domain/user.ts";
import { countJobsOf } from "#manager/db/job-lists.ts";
import { listIdentities } from "#manager/db/identities.ts";
import { deleteOtherSessions, lastUseOf } from "#manager/db/sessions.ts";
import { getUser, insertUser, listUsersAfter, updateUser, type StoredUser } from "#manager/db/users.ts";
import { hashPassword } from "#system/passwords.ts";
import { emailIsTaken, readName, readPerson } from "./accounts.ts";
import { dismissRunners } from "./catching-up.ts";
import type { Farm } from "./farm.ts";
import { keysOf } from "./keys.ts";
import { checkPassword } from "./passwords.ts";
import { mustNotBeLastAdmin } from "./removing-users.ts";

/** An account as admins see it. */
export type Account = Omit<StoredUser, "passwordHash" | "localOnly"> & {
  hasPassword: boolean;
  providers: Provider[];
  /** When one of its sessions was last used; null where there is none. */
  lastSeenAtMs: number | null;
};

/** Accounts in the order in which they were made, those with ids above `after`. */
export function accountsAfter(farm: Farm, after: number, limit: number): Account[] {
  return listUsersAfter(farm.db, after, limit).map((user) => account(farm, user));
}

/** One account; throws `not_found`. */
export function accountOf(farm: Farm, id: number): Account {
  return account(farm, mustGetUser(farm, id));
}

/** What an account has here besides itself: how many jobs, and its keys. */
export function belongingsOf(farm: Farm, id: number): { jobs: number; keys: ApiKey[] } {
  return { jobs: countJobsOf(farm.db, id), keys: keysOf(farm, id) };
}

export type AccountWishes = { email: string; name?: string | undefined; password: string | null; admin: boolean };

/**
 * Makes an account for somebody; without a password it can be entered by a provider, or after a reset link. Throws `bad_request` and
 * `conflict`.
 */
export async function addAccount(farm: Farm, wishes: AccountWishes): Promise<Account> {
  const { email, name } = readPerson(wishes);
  if (wishes.password !== null) await checkPassword(wishes.password, { email, name });
  const passwordHash = wishes.password === null ? null : await hashPassword(wishes.password);
  const { admin } = wishes;
  const createdAtMs = farm.clock.nowMs();
  const id = await farm.commit.write(() =>
    insertUser(farm.db, { email, name, passwordHash, admin, emailVerified: true, localOnly: false, createdAtMs }),
  );
  if (id === null) throw emailIsTaken(email);
  return accountOf(farm, id);
}

export type AccountChange = {
  name?: string | undefined;
  admin?: boolean | undefined;
  disabled?: boolean | undefined;
  emailVerified?: boolean | undefined;
};

/** Changes an account; who is disabled is signed out, and their runners stop. Throws `not_found`, and `conflict` for the last admin. */
export async function changeAccount(farm: Farm, id: number, change: AccountChange): Promise<Account> {
  await farm.commit.write(() => {
    const user = mustGetUser(farm, id);
    const changed = {
      id,
      name: change.name === undefined ? user.name : readName(change.name) || user.name,
      admin: change.admin ?? user.admin,
      disabled: change.disabled ?? user.disabled,
      emailVerified: change.emailVerified ?? user.emailVerified,
    };
    if (!changed.admin || changed.disabled) mustNotBeLastAdmin(farm, user);
    updateUser(farm.db, changed);
    if (changed.disabled) deleteOtherSessions(farm.db, id, null);
  });
  await dismissRunners(farm);
  return accountOf(farm, id);
}

function account(farm: Farm, user: StoredUser): Account {
  const { passwordHash, localOnly: _, ...shown } = user;
  return {
    ...shown,
    hasPassword: passwordHash !== null,
    providers: listIdentities(farm.db, user.id).map((identity) => identity.provider),
    lastSeenAtMs: lastUseOf(farm.db, user.id),
  };
}

function mustGetUser(farm: Farm, id: number): StoredUser {
  const user = getUser(farm.db, id);
  if (!user) throw new AppError("not_found", `There is no user ${id}.`);
  return user;
}
