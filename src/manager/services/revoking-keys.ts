import { AppError } from "#domain/app-error.ts";
import { deleteKey } from "#manager/db/api-keys.ts";
import { dismissRunners } from "./catching-up.ts";
import type { Farm } from "./farm.ts";
import { isOwnKey } from "./keys.ts";

/** Revokes a key, by an admin; what its runner holds goes back at once. Throws `not_found`. */
export async function revokeKey(farm: Farm, keyId: number): Promise<void> {
  const revoked = await farm.commit.write(() => deleteKey(farm.db, keyId));
  if (!revoked) throw new AppError("not_found", `There is no key ${keyId}.`);
  await dismissRunners(farm);
}

/** Revokes one of a user's own keys; throws `not_found` also for the keys of others. */
export async function revokeOwnKey(farm: Farm, userId: number, keyId: number): Promise<void> {
  if (!isOwnKey(farm, userId, keyId)) throw new AppError("not_found", `You have no key ${keyId}.`);
  await revokeKey(farm, keyId);
}
