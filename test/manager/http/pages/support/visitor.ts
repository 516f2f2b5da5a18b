import { createApp } from "#manager/http/app.ts";
import { getUser } from "#manager/db/users.ts";
import { openSession } from "#manager/services/sessions.ts";
import { addTestUser, type MemoryFarm } from "../../../../support/memory-farm.ts";

export type Visit = { status: number; headers: Headers; page: string; location: string | null };
type Fields = Record<string, string>;

/** Somebody with a browser: asks for pages, sends forms, keeps no cookies but the session's. */
export type Visitor = {
  id: number;
  get: (path: string, headers?: Fields) => Promise<Visit>;
  /** Asks as htmx does, for a part of the page. */
  poll: (path: string, headers?: Fields) => Promise<Visit>;
  post: (path: string, fields?: Fields, headers?: Fields) => Promise<Visit>;
  upload: (path: string, form: FormData, headers?: Fields) => Promise<Visit>;
};

const ORIGIN = "http://localhost";

/** Somebody who has not signed in. */
export function stranger(farm: MemoryFarm): Visitor {
  return visitor(farm, 0, null);
}

/** A new user who is signed in. */
export async function signedIn(farm: MemoryFarm, email: string, admin = false): Promise<Visitor> {
  return visitorWith(farm, addTestUser(farm, email, admin));
}

/** A user who is there, signed in. */
export async function visitorWith(farm: MemoryFarm, id: number): Promise<Visitor> {
  const token = await openSession(farm, getUser(farm.db, id)!, { userAgent: "", address: "" });
  return visitor(farm, id, `jiggablend_session=${token}`);
}

function visitor(farm: MemoryFarm, id: number, cookie: string | null): Visitor {
  const app = createApp(farm);
  const ask = async (path: string, init: RequestInit, more: Fields = {}): Promise<Visit> => {
    const headers = new Headers({ accept: "text/html", host: "localhost", ...(cookie && { cookie }), ...more });
    const answer = await app.handle(new Request(ORIGIN + path, { ...init, headers }));
    const location = answer.headers.get("location");
    return { status: answer.status, headers: answer.headers, page: await answer.text(), location };
  };
  return {
    id,
    get: (path, headers) => ask(path, {}, headers),
    poll: (path, headers) => ask(path, {}, { "hx-request": "true", "hx-current-url": ORIGIN + path, ...headers }),
    post: (path, fields = {}, headers) =>
      ask(
        path,
        { method: "POST", body: new URLSearchParams(fields).toString() },
        { "content-type": "application/x-www-form-urlencoded", origin: ORIGIN, ...headers },
      ),
    upload: async (path, form, headers) => {
      const whole = new Response(form);
      const type = whole.headers.get("content-type")!;
      return ask(
        path,
        { method: "POST", body: await whole.bytes() },
        { "content-type": type, origin: ORIGIN, ...headers },
      );
    },
  };
}
