import type { Server } from "elysia/universal";

const ids = new WeakMap<Request, string>();

/** The id that stands in the answer and in the log for one request. */
export function requestIdOf(request: Request): string {
  const known = ids.get(request);
  if (known) return known;
  const id = crypto.randomUUID().slice(0, 13);
  ids.set(request, id);
  return id;
}

/** The address that a request comes from. */
export function addressOf(request: Request, server: Pick<Server, "requestIP"> | null): string {
  return server?.requestIP(request)?.address ?? "unknown";
}
