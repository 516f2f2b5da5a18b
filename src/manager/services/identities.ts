import { AppError } from "#domain/app-error.ts";
import { PROVIDER_NAMES, type Identity, type Provider, type ProviderPerson } from "#domain/identity.ts";
import { deleteIdentity, getIdentity, insertIdentity, listIdentities } from "#manager/db/identities.ts";
import { getUser, getUserByEmail, hasUsers, insertUser, updateUser, type StoredUser } from "#manager/db/users.ts";
import { mayComeIn, readPerson } from "./accounts.ts";
import type { Farm } from "./farm.ts";
import { expired } from "./oauth-exchange.ts";
import { oauthClient } from "./oauth-settings.ts";
import { isEnabled } from "./settings.ts";

/** The providers' accounts that sign a user in. */
export function identitiesOf(farm: Farm, userId: number): Identity[] {
  return listIdentities(farm.db, userId);
}

/** Ends that a provider signs a user in; throws `not_found`, and `conflict` where it is the user's only way in. */
export async function disconnect(farm: Farm, userId: number, provider: Provider): Promise<void> {
  await farm.commit.write(() => {
    const user = getUser(farm.db, userId);
    const connected = listIdentities(farm.db, userId);
    if (!connected.some((identity) => identity.provider === provider))
      throw new AppError("not_found", `You are not connected with ${PROVIDER_NAMES[provider]}.`);
    const others = connected.filter((identity) => identity.provider !== provider);
    const byPassword = user?.passwordHash != null && isEnabled(farm, "localauth");
    if (!byPassword && !others.some((other) => oauthClient(farm, other.provider) !== null))
      throw new AppError("conflict", "This is your only way to sign in; ask an admin for another one first.");
    deleteIdentity(farm.db, userId, provider);
  });
}

/**
 * The user whom a provider's account signs in: the one it is connected with, else the one of the same address, if somebody vouches that
 * the address is that user's (or the account could be a trap, made by a stranger who knows its password), else a new one.
 */
export function userOfPerson(farm: Farm, provider: Provider, person: ProviderPerson, email: string): StoredUser {
  const known = getIdentity(farm.db, provider, person.subject);
  if (known) return mustGetUser(farm, known.userId);
  const user = getUserByEmail(farm.db, email);
  if (!user) return newUser(farm, provider, person, email);
  const name = PROVIDER_NAMES[provider];
  if (!user.emailVerified)
    throw new AppError(
      "conflict",
      `There is an account for ${email} here, but nobody has verified that the address is its owner's. If it is yours, sign in with its password and connect ${name} on your account page; else ask an admin.`,
    );
  if (!mayComeIn(farm, user)) return user;
  if (!addIdentity(farm, user.id, provider, person, email))
    throw new AppError(
      "conflict",
      `The account of ${email} is connected with another account at ${name}; ask an admin.`,
    );
  return user;
}

function newUser(farm: Farm, provider: Provider, person: ProviderPerson, email: string): StoredUser {
  if (!isEnabled(farm, "registration"))
    throw new AppError(
      "forbidden",
      `There is no account for ${email} here. An admin can make one, or enable registration.`,
    );
  if (!hasUsers(farm.db))
    throw new AppError(
      "forbidden",
      "The first account is the admin's, made with the setup token that the manager prints.",
    );
  const createdAtMs = farm.clock.nowMs();
  const account = { ...readPerson({ email, name: person.name.slice(0, 100) }), passwordHash: null, admin: false };
  const id = insertUser(farm.db, { ...account, emailVerified: true, localOnly: false, createdAtMs });
  if (id === null) throw new Error("a user who was not there is there");
  addIdentity(farm, id, provider, person, email);
  return mustGetUser(farm, id);
}

/**
 * Connects a provider's account with a user who is signed in; it also verifies the user's address, if it is the same. Part of the
 * caller's transaction. Throws `conflict`.
 */
export function connect(
  farm: Farm,
  userId: number,
  provider: Provider,
  person: ProviderPerson,
  email: string,
): StoredUser {
  const user = mustGetUser(farm, userId);
  const known = getIdentity(farm.db, provider, person.subject);
  if (known?.userId !== userId && !addIdentity(farm, userId, provider, person, email))
    throw new AppError(
      "conflict",
      known
        ? `This account at ${PROVIDER_NAMES[provider]} belongs to another user here.`
        : `You are connected with another account at ${PROVIDER_NAMES[provider]}; disconnect that first.`,
    );
  if (user.email.toLowerCase() === email.toLowerCase()) updateUser(farm.db, { ...user, emailVerified: true });
  return user;
}

function addIdentity(farm: Farm, userId: number, provider: Provider, person: ProviderPerson, email: string): boolean {
  const { subject } = person;
  return insertIdentity(farm.db, { provider, subject, userId, email, createdAtMs: farm.clock.nowMs() });
}

function mustGetUser(farm: Farm, id: number): StoredUser {
  const user = getUser(farm.db, id);
  if (!user) throw expired();
  return user;
}
