import { RUNNER_HEADER } from "#protocol/runner.ts";
import { startDeadline, type Deadline } from "./deadline.ts";
import { readRefusal } from "./manager-answer.ts";
import { endsTheRunner, ManagerRefusal, ManagerUnreachable } from "./manager-errors.ts";
import type { Time } from "./time.ts";

const NETWORK_TROUBLE: Record<string, string> = {
  ECONNREFUSED: "nothing listens at that address",
  ECONNRESET: "the connection was cut",
  ENOTFOUND: "no such host",
  EPROTO: "no TLS there; is it http and not https?",
};

/** Where the manager is, and how we prove who we are. */
export type Caller = {
  managerUrl: string;
  apiKey: string;
  /** `<runner id>.<instance id>`; null until registered. */
  runner: string | null;
  time: Time;
  /** Hears of the answer that ends the whole process. */
  onRunnerEnded: (refusal: ManagerRefusal) => void;
};

export type Call = {
  method: "GET" | "POST";
  path: string;
  query?: Record<string, string | number>;
  headers?: Record<string, string>;
  /** A body that takes long is made with the deadline at hand, so that each piece sent counts as a sign of life. */
  body?: Bun.BodyInit | ((deadline: Deadline) => Bun.BodyInit);
  /** How long nothing may be heard before the call counts as lost: fetch has no limit of its own. */
  patienceMs: number;
  signal: AbortSignal;
};

/** Makes one call and reads its answer, whole, with `read`. Throws `ManagerUnreachable`, `ManagerRefusal`, or the signal's reason. */
export async function callManager<T>(
  caller: Caller,
  call: Call,
  read: (response: Response, deadline: Deadline) => Promise<T>,
): Promise<T> {
  const deadline = startDeadline(
    caller.time,
    call.patienceMs,
    call.signal,
    () => new ManagerUnreachable(`no answer within ${call.patienceMs / 1000} s`),
  );
  try {
    const response = await fetch(callUrl(caller.managerUrl, call), {
      method: call.method,
      headers: callHeaders(caller, call),
      body: typeof call.body === "function" ? call.body(deadline) : (call.body ?? null),
      redirect: "manual",
      signal: deadline.signal,
    });
    if (!response.ok) throw await readRefusal(response);
    return await read(response, deadline);
  } catch (error) {
    throw judge(error, call, deadline, caller);
  } finally {
    deadline.clear();
  }
}

function callUrl(base: string, call: Call): string {
  const url = new URL(call.path, base.endsWith("/") ? base : `${base}/`);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, String(value));
  return url.href;
}

function callHeaders(caller: Caller, call: Call): Record<string, string> {
  return {
    authorization: `Bearer ${caller.apiKey}`,
    ...(caller.runner === null ? {} : { [RUNNER_HEADER]: caller.runner }),
    ...call.headers,
  };
}

function judge(error: unknown, call: Call, deadline: Deadline, caller: Caller): unknown {
  if (call.signal.aborted) return call.signal.reason;
  if (error instanceof ManagerRefusal) {
    if (endsTheRunner(error) && caller.runner !== null) caller.onRunnerEnded(error);
    return error;
  }
  if (error instanceof ManagerUnreachable) return error;
  if (deadline.signal.aborted) return deadline.signal.reason;
  const code = networkCode(error);
  if (code === null) return error;
  return new ManagerUnreachable(NETWORK_TROUBLE[code] ?? String(error), null, 0, { cause: error });
}

/** What went wrong on the way, as fetch tells it: a TypeError with a code. Null for anything else, such as an unreadable file. */
function networkCode(error: unknown): string | null {
  if (!(error instanceof TypeError) || !("code" in error) || typeof error.code !== "string") return null;
  return error.code.startsWith("ERR_INVALID") ? null : error.code;
}
