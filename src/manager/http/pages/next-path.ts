const SOME_ORIGIN = "http://jiggablend.invalid";

/** Where people go after signing in when they came from nowhere. */
const HOME = "/jobs";

/**
 * Where to go after signing in: the path that was asked for, if it is one of ours and not signing in or out, or making an account. Never
 * another site: `//x`, `/\x`, `/.//x` and `https:x` all lead elsewhere in browsers.
 */
export function nextPath(wanted: string | null | undefined): string {
  if (!wanted?.startsWith("/")) return HOME;
  const url = URL.parse(wanted, SOME_ORIGIN);
  if (
    url?.origin !== SOME_ORIGIN ||
    url.pathname.startsWith("//") ||
    /^\/(login|logout|register|reset)(\/|$)/.test(url.pathname)
  )
    return HOME;
  return url.pathname + url.search + url.hash;
}

/**
 * The address of the sign-in page that leads back to where the request came from. What follows the `#` in an address is told by htmx
 * alone; else browsers keep it to themselves, and take it along to the sign-in page.
 */
export function loginUrl(request: Request): string {
  const from = request.headers.get("hx-current-url") ?? (request.method === "GET" ? request.url : null);
  const url = from === null ? null : URL.parse(from);
  const next = url ? nextPath(url.pathname + url.search + url.hash) : HOME;
  return next === HOME ? "/login" : `/login?next=${encodeURIComponent(next)}`;
}
