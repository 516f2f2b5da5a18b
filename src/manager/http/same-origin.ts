import { AppError } from "#domain/app-error.ts";

/**
 * A browser sends cookies with other sites' requests too; what changes something must come from our own pages. Throws `forbidden`.
 * So must a WebSocket: any page may open one, and reads what comes out of it.
 * `Sec-Fetch-Site` is only there over https and on localhost, `Origin` with every POST.
 */
export function refuseOtherOrigins(request: Request): void {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead && !request.headers.has("upgrade")) return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const sameHost = origin === null || URL.parse(origin)?.host === request.headers.get("host");
  if ((site === null || site === "same-origin" || site === "none") && sameHost) return;
  throw new AppError("forbidden", "This request came from another site's page and was refused.");
}
