import { AppError } from "#domain/app-error.ts";
import type { Farm } from "./farm.ts";
import { networkOf } from "./network.ts";

/** Keys a minute and place that may be wrong. */
const MAX_BAD_KEYS = 300;

/** Counts a key that is not good; throws `rate_limited` when a place has sent too many. Good ones never come here. */
export function countBadKey(farm: Farm, address: string): void {
  const place = networkOf(address);
  if (farm.access.badKeys.count(place) >= MAX_BAD_KEYS)
    throw new AppError("rate_limited", "Too many wrong API keys; wait a minute and try again.");
  farm.access.badKeys.add(place);
}
