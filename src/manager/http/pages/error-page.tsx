import type { Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { ErrorPage } from "#web/pages/error.tsx";
import type { Told } from "../errors.ts";
import { callerOf } from "../guards.ts";
import { requestIdOf } from "../request-facts.ts";
import { loginUrl } from "./next-path.ts";
import { chromeFor, isHtmx, seeOther } from "./page-base.ts";

/**
 * Tells people of errors as a page: those who are not signed in are sent to sign in and back; htmx gets the sentence alone. Null for
 * programs, which get JSON. Browsers say `text/html` when they go to an address, programs do not.
 */
export function errorPage(farm: Farm) {
  return (told: Told, request: Request): Response | null => {
    if (!request.headers.get("accept")?.includes("text/html")) return null;
    if (told.code === "unauthorized") return toSignIn(request);
    if (isHtmx(request)) return answer(told, "text/plain", told.message);
    const caller = whoever(farm, request);
    const back = backFrom(request, caller);
    const page = (
      <ErrorPage chrome={chromeFor(caller, null)} told={{ ...told, requestId: requestIdOf(request), back }} />
    );
    return answer(told, "text/html", `<!doctype html>${String(page)}`);
  };
}

function toSignIn(request: Request): Response {
  const url = loginUrl(request);
  return isHtmx(request) ? new Response(null, { status: 401, headers: { "hx-redirect": url } }) : seeOther(url);
}

function answer({ status }: Told, type: string, body: string): Response {
  return new Response(body, {
    status,
    headers: { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" },
  });
}

/** Who asks, as far as that can be found out: the error may be that the database does not answer. */
function whoever(farm: Farm, request: Request): Caller {
  try {
    return callerOf(farm, request);
  } catch {
    return { kind: "nobody" };
  }
}

/** From something of a job, back to the job; from a provider, to where one tries again; else to all jobs. */
function backFrom(request: Request, caller: Caller): { href: string; text: string } {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith("/api/auth/"))
    return caller.kind === "session"
      ? { href: "/account", text: "To your account" }
      : { href: "/login", text: "Back to sign in" };
  const job = /^\/(?:api\/)?jobs\/(\d+)\/./.exec(pathname);
  return job ? { href: `/jobs/${job[1]}`, text: "Back to the job" } : { href: "/jobs", text: "To the jobs" };
}
