import { Elysia } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { identify, runnerKeyOf, sessionOf, userOf, type Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { countBadKey } from "#manager/services/key-limit.ts";
import { callingRunner } from "#manager/services/runners.ts";
import { RUNNER_HEADER } from "#protocol/runner.ts";
import { addressOf } from "./request-facts.ts";
import { refuseOtherOrigins } from "./same-origin.ts";
import { sessionCookie, sessionTokenOf } from "./session-cookie.ts";

/**
 * Who may call a route: a signed-in user (or a key that speaks for one), a signed-in user and no key (what changes how one comes in), an
 * admin, an admin or a key that speaks for one, or a runner's key.
 */
export type Who = "user" | "session" | "admin" | "operator" | "runner";

/** The ways to say who one is, as the OpenAPI document names them. */
const SECURITY: Record<Who, Record<string, string[]>[]> = {
  user: [{ session: [] }, { userKey: [] }],
  session: [{ session: [] }],
  admin: [{ session: [] }],
  operator: [{ session: [] }, { userKey: [] }],
  runner: [{ runnerKey: [] }],
};

const callers = new WeakMap<Request, Caller>();

type Asked = { request: Request; set: { headers: Record<string, unknown> } };

/**
 * Settles who a caller is before its body is read, and again when it has come, which may take long: the macro `who` stands on every
 * route that is not open to all, and gives its handler `caller`.
 */
export function guards(farm: Farm) {
  const check = ({ request, set }: Asked, who: Who): Caller => {
    const caller = identify(farm, credentialsOf(request));
    if (caller.kind === "badKey") countBadKey(farm, addressOf(request));
    if (caller.kind === "session") {
      refuseOtherOrigins(request);
      if (caller.prolonged) set.headers["set-cookie"] = sessionCookie(sessionTokenOf(request)!, request);
    }
    if (who === "runner") runnerKeyOf(caller);
    else if (who === "user") userOf(caller);
    else if (who === "session") sessionOf(caller);
    else if (who === "operator") refuseAllButOperators(caller);
    else refuseAllButAdmins(caller);
    return caller;
  };
  return new Elysia({ name: "guards" }).macro({
    who: (who: Who) => ({
      detail: { security: SECURITY[who] },
      parse: (asked) => void check(asked, who),
      transform: (asked) => void callers.set(asked.request, check(asked, who)),
      resolve: ({ request }) => ({ caller: callers.get(request)! }),
    }),
  });
}

/** Who a request on an open route comes from, if anybody. */
export function callerOf(farm: Farm, request: Request): Caller {
  return identify(farm, credentialsOf(request));
}

/** Says who a request comes from whenever it is asked, also when the request itself is long gone. */
export function callerLater(farm: Farm, request: Request): () => Caller {
  const credentials = credentialsOf(request);
  return () => identify(farm, credentials);
}

/** The runner that a request speaks for, by its key and its header. */
export function runnerOf(farm: Farm, caller: Caller, request: Request) {
  const header = /^(\d{1,15})\.([A-Za-z0-9_-]{8,64})$/.exec(request.headers.get(RUNNER_HEADER) ?? "");
  if (!header)
    throw new AppError(
      "bad_request",
      `The header ${RUNNER_HEADER} says which runner calls: <runner id>.<instance id>, as registered.`,
    );
  return callingRunner(farm, runnerKeyOf(caller), { runnerId: Number(header[1]), instanceId: header[2]! });
}

function credentialsOf(request: Request) {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "");
  return { bearer: bearer?.[1] ?? null, session: sessionTokenOf(request) };
}

function refuseAllButAdmins(caller: Caller): void {
  if (caller.kind === "session" && caller.user.admin) return;
  userOf(caller);
  throw new AppError("forbidden", "Only a signed-in admin may do this.");
}

function refuseAllButOperators(caller: Caller): void {
  if (!userOf(caller).admin) throw new AppError("forbidden", "Only an admin, or a key of one, may read this.");
}
