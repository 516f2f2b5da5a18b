import { Elysia } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { userOf, type Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { callerLater, guards } from "../guards.ts";
import { CLOSE, createWatcher, LOOK_SECONDS, type Watcher } from "./watcher.ts";

/** Sockets that one user may have open: browsers' tabs and programs. */
const MAX_SOCKETS_PER_USER = 50;

/** What a client may send at once: a thousand job ids and a number. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** Seconds of silence after which a socket is closed; Bun pings it before. */
const IDLE_SECONDS = 120;

/** How the server treats all sockets. */
export const SOCKETS = { maxPayloadLength: MAX_MESSAGE_BYTES, idleTimeout: IDLE_SECONDS } as const;

type Socket = Bun.ServerWebSocket<SocketHandlers>;

/** Elysia hands what happens to a socket to the functions in its data. */
type SocketHandlers = {
  open: (socket: Socket) => void;
  message: (socket: Socket, message: string | Buffer) => void;
  drain: (socket: Socket) => void;
  close: (socket: Socket) => void;
};

/** The socket through which a client watches jobs. */
export function eventRoutes(farm: Farm) {
  const sockets = createSocketCount(farm);
  return new Elysia({ prefix: "/api/jobs" }).use(guards(farm)).get(
    "/ws",
    ({ caller, request, server, set }) => {
      if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
        set.headers["upgrade"] = "websocket";
        throw new AppError("upgrade_required", "This is a WebSocket; connect with ws:// or wss://.");
      }
      const userId = userOf(caller).id;
      if (sockets.count(userId) >= MAX_SOCKETS_PER_USER)
        throw new AppError("rate_limited", `You have ${MAX_SOCKETS_PER_USER} sockets open already.`);
      if (farm.stopping.aborted) throw new AppError("unavailable", "The manager stops.");
      const data = handlers(farm, caller, callerLater(farm, request), sockets);
      if (!(server as Bun.Server<SocketHandlers> | null)?.upgrade(request, { data }))
        throw new AppError("bad_request", "This is no proper WebSocket handshake.");
      return undefined;
    },
    { who: "user" },
  );
}

function handlers(farm: Farm, caller: Caller, callerNow: () => Caller, sockets: SocketCount): SocketHandlers {
  const user = userOf(caller);
  let watcher: Watcher | null = null;
  let end = (): void => {};
  return {
    open: (socket) => {
      const mine = createWatcher(farm, wireOf(farm, socket, user.id), user);
      watcher = mine;
      const stopListening = farm.events.listen(mine.pump);
      const look = (): void => lookAgain(mine, callerNow, socket);
      const timer = setInterval(look, LOOK_SECONDS * 1000);
      sockets.add(socket, user.id);
      end = () => {
        stopListening();
        clearInterval(timer);
        sockets.remove(socket, user.id);
      };
    },
    message: (_, message) => watcher?.hear(parse(message)),
    drain: () => watcher?.pump(),
    close: () => end(),
  };
}

function wireOf(farm: Farm, socket: Socket, userId: number) {
  return {
    send: (text: string) => void socket.send(text),
    waitingBytes: () => socket.getBufferedAmount(),
    close: (code: number, why: string) => socket.close(code, why),
    drop: (why: string) => {
      farm.log.info("a socket was dropped", { user: userId, why });
      socket.terminate();
    },
  };
}

/** Who has signed out, or whose key was revoked, watches no longer. */
function lookAgain(watcher: Watcher, callerNow: () => Caller, socket: Socket): void {
  try {
    watcher.look(userOf(callerNow()));
  } catch (error) {
    socket.close(CLOSE.policy, error instanceof AppError ? error.code : "internal");
  }
}

function parse(message: string | Buffer): unknown {
  try {
    return JSON.parse(message.toString());
  } catch {
    return null;
  }
}

type SocketCount = {
  add: (socket: Socket, userId: number) => void;
  remove: (socket: Socket, userId: number) => void;
  count: (userId: number) => number;
};

/** Counts the sockets of each user, and closes all of them when the manager stops, which would wait for them. */
function createSocketCount(farm: Farm): SocketCount {
  const sockets = new Set<Socket>();
  const ofUser = new Map<number, number>();
  const count = (userId: number): number => ofUser.get(userId) ?? 0;
  farm.stopping.addEventListener("abort", () => {
    for (const socket of sockets) socket.close(CLOSE.goingAway, "the manager stops");
  });
  return {
    count,
    add: (socket, userId) => {
      sockets.add(socket);
      ofUser.set(userId, count(userId) + 1);
    },
    remove: (socket, userId) => {
      sockets.delete(socket);
      if (count(userId) > 1) ofUser.set(userId, count(userId) - 1);
      else ofUser.delete(userId);
    },
  };
}
