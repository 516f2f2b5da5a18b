import { AppError } from "#domain/app-error.ts";
import type { User } from "#domain/user.ts";
import { mayUse } from "#manager/services/callers.ts";
import type { FarmEvent } from "#manager/services/events.ts";
import type { Farm } from "#manager/services/farm.ts";
import { jobFor } from "#manager/services/jobs.ts";
import { eventView } from "./event-view.ts";

/** The socket of somebody who watches. */
export type Wire = {
  send: (text: string) => void;
  /** Bytes that were sent and that the other side has not taken yet. */
  waitingBytes: () => number;
  close: (code: number, why: string) => void;
  /** Ends it without waiting for the other side to take anything. */
  drop: (why: string) => void;
};

/** One who watches jobs through a socket. */
export type Watcher = {
  /** Takes in a message; one that will not do is answered with an error, and changes nothing. */
  hear: (message: unknown) => void;
  /** Sends what the other side can take: called after every event, and when there is room again. */
  pump: () => void;
  /** Looks whether the other side still takes what it is sent; called every `LOOK_SECONDS`, with who it speaks for by now. */
  look: (user: User) => void;
};

export const LOOK_SECONDS = 10;

/** More waits in the farm's own history instead, and not once for every socket. */
const MAX_WAITING_BYTES = 256 * 1024;

/** Answers are not put off as events are; who asks on and on and takes none is dropped. */
const MAX_UNTAKEN_BYTES = 2 * MAX_WAITING_BYTES;

export const MAX_SUBSCRIBED_JOBS = 1000;

/** Messages that a client may send between two looks; a page sends one when it opens and one for each change of what it shows. */
const MAX_MESSAGES = 100;

/** Close codes: RFC 6455, section 7.4.1. */
export const CLOSE = { goingAway: 1001, policy: 1008 } as const;

/**
 * Makes a watcher of nothing yet. It keeps no queue, only the number of the last event it has sent; one that takes nothing, or so little
 * that the farm's history has moved past it, is dropped.
 */
export function createWatcher(farm: Farm, wire: Wire, watching: User): Watcher {
  let user = watching;
  let jobs: "all" | ReadonlySet<number> = new Set();
  let sent: number | null = null;
  let messages = 0;
  let stuckAt: number | null = null;

  const say = (answer: object): void =>
    wire.waitingBytes() < MAX_UNTAKEN_BYTES ? wire.send(JSON.stringify(answer)) : wire.drop("it takes no answers");
  const wants = (event: FarmEvent): boolean => (jobs === "all" || jobs.has(event.jobId)) && mayUse(user, event);
  const pump = (): void => {
    if (sent === null) return;
    while (wire.waitingBytes() < MAX_WAITING_BYTES) {
      if (!farm.events.keeps(sent)) return wire.drop("it was too slow");
      const event = farm.events.next(sent);
      sent = event?.seq ?? farm.events.latest();
      if (!event) return;
      if (wants(event)) wire.send(textOf(farm, event));
    }
  };
  const subscribe = (message: unknown): void => {
    const wish = readWish(message);
    if (wish.jobs !== "all") for (const id of wish.jobs) jobFor(farm, user, id);
    jobs = wish.jobs === "all" ? "all" : new Set(wish.jobs);
    const latest = farm.events.latest();
    const kept = wish.since === null || farm.events.keeps(wish.since);
    sent = kept ? (wish.since ?? sent ?? latest) : latest;
    say({ type: "subscribed", seq: sent, jobs: wish.jobs });
    if (!kept) say({ type: "reload", seq: latest });
    pump();
  };
  return {
    pump,
    hear: (message) => {
      messages += 1;
      if (messages > MAX_MESSAGES) return wire.close(CLOSE.policy, "too many messages");
      try {
        subscribe(message);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        say({ type: "error", code: error.code, message: error.message });
      }
    },
    look: (now) => {
      user = now;
      messages = 0;
      const stuck = wire.waitingBytes() >= MAX_WAITING_BYTES && stuckAt === sent;
      stuckAt = wire.waitingBytes() >= MAX_WAITING_BYTES ? sent : null;
      if (stuck) wire.drop("it takes nothing");
    },
  };
}

/** The same event goes to many, one right after the other, so its text is made once. */
const latestText = new WeakMap<Farm, { event: FarmEvent; text: string }>();

function textOf(farm: Farm, event: FarmEvent): string {
  const known = latestText.get(farm);
  if (known?.event === event) return known.text;
  const text = JSON.stringify(eventView(farm, event));
  latestText.set(farm, { event, text });
  return text;
}

type Wish = { jobs: "all" | number[]; since: number | null };

/** Reads what a client asks for; throws `bad_request`. */
function readWish(message: unknown): Wish {
  if (typeof message !== "object" || message === null || !("subscribe" in message))
    throw new AppError("bad_request", 'Send { "subscribe": [job ids] } or { "subscribe": "all" }.');
  const since = "since" in message && message.since !== undefined ? message.since : null;
  if (since !== null && !isId(since)) throw new AppError("bad_request", "since is the seq of the last event you have.");
  const { subscribe } = message;
  if (subscribe === "all") return { jobs: "all", since };
  if (!Array.isArray(subscribe) || !subscribe.every(isId))
    throw new AppError("bad_request", 'subscribe is a list of job ids, or "all".');
  if (subscribe.length > MAX_SUBSCRIBED_JOBS)
    throw new AppError("bad_request", `Subscribe to at most ${MAX_SUBSCRIBED_JOBS} jobs, or to "all".`);
  return { jobs: subscribe, since };
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
