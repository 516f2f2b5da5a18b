import { Elysia } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { identify, runnerKeyOf, userOf, type Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { callingRunner } from "#manager/services/runners.ts";
import { RUNNER_HEADER } from "#protocol/runner.ts";
import { sessionTokenOf } from "./session-cookie.ts";

/** Who may call a route: a signed-in user (or a key that speaks for one), an admin, or a runner's key. */
export type Who = "user" | "admin" | "runner";

const callers = new WeakMap<Request, Caller>();

/**
 * Settles who a caller is before its body is read: the macro `who` stands on every route that is not open to all, and gives its
 * handler `caller`.
 */
export function guards(farm: Farm) {
  const check = (request: Request, who: Who): Caller => {
    const caller = callers.get(request) ?? identify(farm, credentialsOf(request));
    callers.set(request, caller);
    if (caller.kind === "session") refuseOtherOrigins(request);
    if (who === "runner") runnerKeyOf(caller);
    else if (who === "user") userOf(caller);
    else refuseAllButAdmins(caller);
    return caller;
  };
  return new Elysia({ name: "guards" }).macro({
    who: (who: Who) => ({
      parse: ({ request }) => void check(request, who),
      transform: ({ request }) => void check(request, who),
      resolve: ({ request }) => ({ caller: check(request, who) }),
    }),
  });
}

/** Who a request on an open route comes from, if anybody. */
export function callerOf(farm: Farm, request: Request): Caller {
  return identify(farm, credentialsOf(request));
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

/** A browser sends the session cookie with other sites' requests too; what changes something must come from our own pages. */
function refuseOtherOrigins(request: Request): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const sameHost = origin === null || URL.parse(origin)?.host === request.headers.get("host");
  if ((site === null || site === "same-origin" || site === "none") && sameHost) return;
  throw new AppError("forbidden", "This request came from another site's page and was refused.");
}
