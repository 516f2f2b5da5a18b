import { FLOW_SECONDS } from "#manager/services/oauth-flows.ts";
import { SESSION_DAYS } from "#manager/services/sessions.ts";
import type { SignedIn, Visitor } from "#manager/services/signing-in.ts";
import { addressOf, isHttps } from "./request-facts.ts";

const SESSION = "jiggablend_session";
const DEVICE = "jiggablend_device";
const OAUTH = "jiggablend_oauth";

const DAY_SECONDS = 24 * 3600;

/** Browsers keep no cookie for longer than 400 days. */
const DEVICE_DAYS = 400;

/** The session token in a request's cookies; null if there is none. */
export function sessionTokenOf(request: Request): string | null {
  return cookieOf(request, SESSION);
}

/** Who asks to come in: where from, and what the browser has kept of earlier visits. */
export function visitorOf(request: Request): Visitor {
  const userAgent = request.headers.get("user-agent") ?? "";
  return { address: addressOf(request), userAgent, device: cookieOf(request, DEVICE) };
}

/** The `Set-Cookie` values that start a session in a browser, and let it be known the next time; `Secure` over https. */
export function signedInCookies({ sessionToken, deviceToken }: SignedIn, request: Request): string[] {
  const session = sessionCookie(sessionToken, request);
  return deviceToken === null ? [session] : [session, cookie(DEVICE, deviceToken, DEVICE_DAYS * DAY_SECONDS, request)];
}

/** The `Set-Cookie` value that lets a browser keep a session for as long as it lasts when it is not used any more. */
export function sessionCookie(sessionToken: string, request: Request): string {
  return cookie(SESSION, sessionToken, SESSION_DAYS * DAY_SECONDS, request);
}

/** The `Set-Cookie` value that ends a session in a browser. */
export function endOfSessionCookie(request: Request): string {
  return cookie(SESSION, "", 0, request);
}

/** The secret that a browser keeps while its owner is at a provider; empty where it keeps none. */
export function oauthSecretOf(request: Request): string {
  return cookieOf(request, OAUTH) ?? "";
}

/** The `Set-Cookie` value that gives a browser such a secret; null takes it away. */
export function oauthCookie(secret: string | null, request: Request): string {
  return cookie(OAUTH, secret ?? "", secret === null ? 0 : FLOW_SECONDS, request, "/api/auth");
}

function cookieOf(request: Request, name: string): string | null {
  return new Bun.CookieMap(request.headers.get("cookie") ?? "").get(name);
}

/** SameSite is lax and not strict, so that who comes from a link, or back from a provider, is signed in. */
function cookie(name: string, value: string, maxAge: number, request: Request, path = "/"): string {
  const attributes = { httpOnly: true, sameSite: "lax", secure: isHttps(request), path, maxAge } as const;
  return new Bun.Cookie(name, value, attributes).toString();
}
