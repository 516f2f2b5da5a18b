/** What a stand-in says of the person who signs in there. */
export type StandInPerson = Record<string, unknown>;

/** A provider on this machine that lets everybody in, for tests of what comes after; PKCE and the client's secret are checked. */
export type StandIn = Disposable & {
  endpoints: { authorize: string; token: string; userInfo: string };
  /** What it says from now on. */
  person: StandInPerson;
  /** Answers instead of the token or user-info endpoint, where set. */
  tokenAnswer: (() => Response | Promise<Response>) | null;
  userInfoAnswer: (() => Response | Promise<Response>) | null;
  /** Goes to the address that a farm sent the browser to; returns the code and the state that it would come back with. */
  consent: (url: string) => Promise<{ code: string; state: string }>;
};

export const CLIENT = { clientId: "farm", clientSecret: "a-clients-secret" };

export function startStandIn(person: StandInPerson): StandIn {
  const codes = new Map<string, { challenge: string; redirectUri: string }>();
  const standIn = { person, tokenAnswer: null, userInfoAnswer: null } as Pick<
    StandIn,
    "person" | "tokenAnswer" | "userInfoAnswer"
  >;
  const authorize = (request: Request): Response => {
    const { searchParams: query } = new URL(request.url);
    const redirectUri = query.get("redirect_uri")!;
    if (query.get("code_challenge_method") !== "S256" || query.get("client_id") !== CLIENT.clientId)
      return new Response("no", { status: 400 });
    const code = crypto.randomUUID();
    codes.set(code, { challenge: query.get("code_challenge")!, redirectUri });
    return Response.redirect(`${redirectUri}?code=${code}&state=${query.get("state")!}`);
  };
  const token = async (request: Request): Promise<Response> => {
    if (standIn.tokenAnswer) return standIn.tokenAnswer();
    const form = new URLSearchParams(await request.text());
    const known = codes.get(form.get("code")!);
    codes.delete(form.get("code")!);
    if (request.headers.get("authorization") !== `Basic ${btoa(`${CLIENT.clientId}:${CLIENT.clientSecret}`)}`)
      return Response.json({ error: "invalid_client" }, { status: 401 });
    const challenge = new Bun.CryptoHasher("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
    if (known?.challenge !== challenge || known.redirectUri !== form.get("redirect_uri"))
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    return Response.json({ access_token: "an access token", token_type: "Bearer" });
  };
  const userInfo = (request: Request): Response | Promise<Response> => {
    if (standIn.userInfoAnswer) return standIn.userInfoAnswer();
    if (request.headers.get("authorization") !== "Bearer an access token") return new Response("", { status: 401 });
    return Response.json(standIn.person);
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    routes: { "/authorize": authorize, "/token": { POST: token }, "/userinfo": userInfo },
  });
  const at = (path: string): string => `http://127.0.0.1:${server.port}/${path}`;
  return Object.assign(standIn, {
    endpoints: { authorize: at("authorize"), token: at("token"), userInfo: at("userinfo") },
    consent: async (url: string) => {
      const answer = await fetch(url, { redirect: "manual" });
      const { searchParams } = new URL(answer.headers.get("location") ?? "");
      return { code: searchParams.get("code")!, state: searchParams.get("state")! };
    },
    [Symbol.dispose]: () => void server.stop(true),
  });
}
