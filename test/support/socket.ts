import { until } from "./until.ts";

export type SocketMessage = {
  type: "subscribed" | "reload" | "error" | "job" | "task" | "output" | "log";
  seq: number;
  jobId?: number;
  code?: string;
  [what: string]: unknown;
};

/** A client of `/api/jobs/ws`, which keeps all that it hears. */
export type SocketClient = {
  heard: SocketMessage[];
  subscribe: (jobs: number[] | "all", since?: number) => Promise<SocketMessage>;
  /** Waits until something like this was heard, and returns it. */
  hears: (what: string, fits: (message: SocketMessage) => boolean) => Promise<SocketMessage>;
  /** Resolves with the close code. */
  closed: Promise<number>;
  close: () => Promise<number>;
};

/** Opens a socket; rejects where it is refused. */
export async function openSocket(url: string, headers: Record<string, string>): Promise<SocketClient> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/api/jobs/ws`, { headers } as never);
  const heard: SocketMessage[] = [];
  socket.onmessage = ({ data }) => void heard.push(JSON.parse(String(data)) as SocketMessage);
  const closed = new Promise<number>((resolve) => (socket.onclose = ({ code }) => resolve(code)));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("the socket was refused"));
  });
  const hears = (what: string, fits: (message: SocketMessage) => boolean) =>
    until(what, () => heard.find(fits), {
      describe: () => heard.map(({ type, seq, jobId, code }) => ({ type, seq, jobId, code })),
    });
  return {
    heard,
    hears,
    closed,
    subscribe: (jobs, since) => {
      const known = heard.length;
      socket.send(JSON.stringify({ subscribe: jobs, since }));
      return hears(
        "the answer to a subscription",
        (message) => heard.indexOf(message) >= known && ["subscribed", "error"].includes(message.type),
      );
    },
    close: () => {
      socket.close();
      return closed;
    },
  };
}
