import { SESSION_DAYS } from "#manager/services/sessions.ts";

const NAME = "jiggablend_session";

/** The session token in a request's cookies; null if there is none. */
export function sessionTokenOf(request: Request): string | null {
  return new Bun.CookieMap(request.headers.get("cookie") ?? "").get(NAME);
}

/** The `Set-Cookie` value that starts a session in a browser; `Secure` where the page came over https. */
export function sessionCookie(token: string, request: Request): string {
  return new Bun.Cookie(NAME, token, { ...attributes(request), maxAge: SESSION_DAYS * 24 * 3600 }).toString();
}

/** The `Set-Cookie` value that ends a session in a browser. */
export function endOfSessionCookie(request: Request): string {
  return new Bun.Cookie(NAME, "", { ...attributes(request), maxAge: 0 }).toString();
}

function attributes(request: Request) {
  const secure = request.url.startsWith("https:") || request.headers.get("x-forwarded-proto") === "https";
  return { httpOnly: true, sameSite: "lax", secure, path: "/" } as const;
}
