import { sessionOf, type Caller } from "#manager/services/callers.ts";
import { allUsers } from "#manager/services/accounts.ts";
import type { Farm } from "#manager/services/farm.ts";
import { accountOf, belongingsOf } from "#manager/services/managing-users.ts";
import { isEnabled } from "#manager/services/settings.ts";
import { UserPage } from "#web/pages/admin/user.tsx";
import { originOf } from "../../request-facts.ts";
import { chromeFor } from "../page-base.ts";

/** What went well just before. */
export const USER_NEWS = { added: "The user is added.", saved: "Saved." } as const;

type Asked = {
  caller: Caller;
  request: Request;
  id: number;
  link?: { token: string; expiresAtMs: number };
  problem?: string;
  done?: keyof typeof USER_NEWS | undefined;
};

/** The page of a user; throws `not_found`. */
export function userPage(farm: Farm, { caller, request, id, link, problem, done }: Asked): string {
  const shown = {
    user: accountOf(farm, id),
    ...belongingsOf(farm, id),
    self: sessionOf(caller).user.id === id,
    others: allUsers(farm).filter((other) => other.id !== id),
    link: link ? { url: `${originOf(request)}/reset?token=${link.token}`, expiresAtMs: link.expiresAtMs } : null,
    passwords: isEnabled(farm, "localauth"),
    problem: problem ?? null,
    done: done ? USER_NEWS[done] : null,
  };
  return String(<UserPage chrome={chromeFor(caller, "admin")} shown={shown} />);
}
