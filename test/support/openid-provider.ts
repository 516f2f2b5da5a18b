import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

export type OpenIdPerson = { sub: string; email: string; email_verified: boolean; name: string };

/** A real OpenID provider on this machine, which asks the person whether to sign in and lets them say no. */
export type OpenIdProvider = {
  endpoints: { authorize: string; token: string; userInfo: string };
  /** Who signs in from now on. */
  person: OpenIdPerson;
  /** While set, the token endpoint cuts every connection. */
  down: boolean;
  /** Makes it know a farm; before that it answers nothing. */
  know: (client: { clientId: string; clientSecret: string; redirectUrl: string }) => void;
  stop: () => void;
};

/** Starts it on `localhost`, which for a browser is another site than 127.0.0.1, where the farm is. */
export async function startOpenIdProvider(person: OpenIdPerson): Promise<OpenIdProvider> {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => void response.end();
  const server = createServer((request, response) => {
    if (provider.down && request.url?.startsWith("/token")) request.socket.destroy();
    else answer(request, response);
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await listening;
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provider: OpenIdProvider = {
    endpoints: { authorize: `${issuer}/auth`, token: `${issuer}/token`, userInfo: `${issuer}/me` },
    person,
    down: false,
    know: (client) => {
      answer = answersOf(issuer, client, () => provider.person);
    },
    stop: () => stop(server),
  };
  return provider;
}

type Client = { clientId: string; clientSecret: string; redirectUrl: string };

function answersOf(issuer: string, client: Client, personNow: () => OpenIdPerson) {
  const oidc = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [client.redirectUrl] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    cookies: { keys: ["only for tests"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ ...personNow(), sub: id }) }),
    // What a farm asks for needs no second question.
    loadExistingGrant: async (context) => {
      const grant = new oidc.Grant({
        clientId: context.oidc.client!.clientId,
        accountId: context.oidc.session!.accountId!,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  const callback = oidc.callback();
  const finish = (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const said = request.url?.endsWith("/yes")
      ? { login: { accountId: personNow().sub, remember: false } }
      : { error: "access_denied", error_description: "the person said no" };
    return oidc.interactionFinished(request, response, said);
  };
  return (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? "";
    if (!path.startsWith("/interaction/")) return void callback(request, response);
    if (path.endsWith("/yes") || path.endsWith("/no"))
      return void finish(request, response).catch(() => response.end());
    response.setHeader("content-type", "text/html");
    response.end(`<h1>Provider</h1><a id="yes" href="${path}/yes">Sign in</a> <a id="no" href="${path}/no">Cancel</a>`);
  };
}

function stop(server: Server): void {
  server.close();
  server.closeAllConnections();
}
