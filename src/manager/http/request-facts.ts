import { isIP } from "node:net";
import { Elysia } from "elysia";
import type { TrustedProxies } from "./trusted-proxies.ts";

type Facts = { address: string; https: boolean };

const ids = new WeakMap<Request, string>();
const facts = new WeakMap<Request, Facts>();

/** The id that stands in the answer and in the log for one request. */
export function requestIdOf(request: Request): string {
  const known = ids.get(request);
  if (known) return known;
  const id = crypto.randomUUID().slice(0, 13);
  ids.set(request, id);
  return id;
}

/** Notes of every request where it comes from and by which scheme, before anything else looks at it. */
export function requestFacts(proxies: TrustedProxies) {
  return new Elysia({ name: "request-facts" }).onRequest(({ request, server }) => {
    facts.set(request, readFacts(request, plainAddress(server?.requestIP(request)?.address ?? "unknown"), proxies));
  });
}

/** The address that a request comes from; behind a trusted proxy, the one that the proxy names. */
export function addressOf(request: Request): string {
  return facts.get(request)?.address ?? "unknown";
}

/** Whether a request came over https, to us or to the trusted proxy before us. */
export function isHttps(request: Request): boolean {
  return facts.get(request)?.https ?? false;
}

/** The address of this farm as the browser wrote it: `https://farm.example`. */
export function originOf(request: Request): string {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  return `${isHttps(request) ? "https" : "http"}://${host}`;
}

/**
 * Each proxy adds the address that it was called from at the end of X-Forwarded-For. So the last one that is not itself a trusted proxy
 * is the client; what stands before it is only what the client says.
 */
function readFacts(request: Request, peer: string, proxies: TrustedProxies): Facts {
  const https = request.url.startsWith("https:");
  if (!proxies.trusts(peer)) return { address: peer, https };
  const forwarded = (request.headers.get("x-forwarded-for") ?? "").split(",").map((part) => plainAddress(part.trim()));
  const client = forwarded.findLast((address) => !proxies.trusts(address));
  const proto = request.headers.get("x-forwarded-proto")?.split(",").at(-1)?.trim().toLowerCase();
  return {
    address: client !== undefined && isIP(client) !== 0 ? client : peer,
    https: proto === undefined ? https : proto === "https",
  };
}

/** An IPv4 address that came in by IPv6 is told as what it is; `[…]` and a port, as some proxies write them, are left out. */
function plainAddress(text: string): string {
  const address = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address;
}
