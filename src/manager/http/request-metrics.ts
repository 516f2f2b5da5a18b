import { Elysia } from "elysia";
import type { Log } from "#system/log.ts";
import { addressOf, requestIdOf } from "./request-facts.ts";

/** Upper bounds of the histogram, in seconds; waits for work and large uploads fall past the last. */
export const DURATION_BUCKETS_SECONDS = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60] as const;

/** How often a route was called with one class of result, and how long that took. */
export type RouteMetric = {
  method: string;
  route: string;
  /** `2xx`, `4xx` … */
  status: string;
  count: number;
  seconds: number;
  /** How many took no longer than each of `DURATION_BUCKETS_SECONDS`. */
  buckets: number[];
};

/** What was asked of the manager since its start; one entry for each route, method and class of result, so their number is bounded. */
export type RequestMetrics = { all: () => RouteMetric[]; plugin: ReturnType<typeof createPlugin> };

const statuses = new WeakMap<Request, number>();

/** Notes with what status an error was answered, which Elysia does not tell afterwards. */
export function noteStatus(request: Request, status: number): void {
  statuses.set(request, status);
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Makes a count of requests, which also writes a line of each into the log. */
export function createRequestMetrics(log: Log): RequestMetrics {
  const metrics = new Map<string, RouteMetric>();
  const note = (method: string, route: string, status: string, seconds: number): void => {
    const key = `${method} ${route} ${status}`;
    const known = metrics.get(key);
    const metric = known ?? {
      method,
      route,
      status,
      count: 0,
      seconds: 0,
      buckets: DURATION_BUCKETS_SECONDS.map(() => 0),
    };
    if (!known) metrics.set(key, metric);
    metric.count += 1;
    metric.seconds += seconds;
    DURATION_BUCKETS_SECONDS.forEach((most, i) => {
      if (seconds <= most) metric.buckets[i]! += 1;
    });
  };
  return { all: () => [...metrics.values()], plugin: createPlugin(log, note) };
}

function createPlugin(log: Log, note: (method: string, route: string, status: string, seconds: number) => void) {
  const begun = new WeakMap<Request, number>();
  return new Elysia({ name: "request-metrics" })
    .onRequest(({ request, set }) => {
      begun.set(request, performance.now());
      set.headers["x-request-id"] = requestIdOf(request);
    })
    .onAfterResponse({ as: "global" }, ({ request, route, set, responseValue }) => {
      const plain = responseValue instanceof Response ? responseValue.status : Number(set.status ?? 200);
      const status = statuses.get(request) ?? plain;
      const seconds = (performance.now() - (begun.get(request) ?? performance.now())) / 1000;
      const method = METHODS.includes(request.method) ? request.method : "other";
      note(method, route || "none", `${Math.floor(status / 100)}xx`, seconds);
      log.debug("request", {
        requestId: requestIdOf(request),
        method,
        path: new URL(request.url).pathname,
        status,
        ms: Math.round(seconds * 1000),
        address: addressOf(request),
      });
    });
}
