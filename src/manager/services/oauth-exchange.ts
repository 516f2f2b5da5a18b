import { ArcticFetchError, OAuth2Client, OAuth2RequestError, UnexpectedResponseError } from "arctic";
import { AppError } from "#domain/app-error.ts";
import { PROVIDER_NAMES, type Provider, type ProviderPerson } from "#domain/identity.ts";
import type { Log } from "#system/log.ts";
import { OAUTH_PROVIDERS, type Endpoints } from "./oauth-providers.ts";
import type { OauthClient } from "./oauth-settings.ts";

export type Exchange = {
  provider: Provider;
  client: OauthClient;
  endpoints: Endpoints;
  /** What the provider has sent the person back with. */
  code: string;
  codeVerifier: string;
  /** How long each of the two calls may take. */
  deadlineMs: number;
  log: Log;
};

/**
 * Asks a provider who has signed in there. Throws `sign_in_expired` for a code that is not good any more, `provider_unreachable` when
 * the provider does not answer in time or is out of order, and `provider_refused` when it does not accept this farm's client.
 */
export async function askWho(exchange: Exchange): Promise<ProviderPerson> {
  const accessToken = await tradeCode(exchange);
  const answer = await readUserInfo(exchange, accessToken);
  const person = isRecord(answer) ? OAUTH_PROVIDERS[exchange.provider].readPerson(answer) : null;
  if (!person) throw refused(exchange, "what it says of the person cannot be understood");
  return person;
}

async function tradeCode(exchange: Exchange): Promise<string> {
  const { client, endpoints, code, codeVerifier, deadlineMs } = exchange;
  const oauth = new OAuth2Client(client.clientId, client.clientSecret, client.redirectUrl);
  try {
    // The library has no deadline of its own.
    const tokens = await within(deadlineMs, oauth.validateAuthorizationCode(endpoints.token, code, codeVerifier));
    return tokens.accessToken();
  } catch (error) {
    if (error instanceof OAuth2RequestError && error.code === "invalid_grant") throw expired();
    throw isOutOfOrder(error) ? unreachable(exchange, error) : refused(exchange, error);
  }
}

async function readUserInfo(exchange: Exchange, accessToken: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${accessToken}`, accept: "application/json" };
  try {
    const signal = AbortSignal.timeout(exchange.deadlineMs);
    const response = await fetch(exchange.endpoints.userInfo, { headers, signal, redirect: "error" });
    if (!response.ok) throw new UnexpectedResponseError(response.status);
    return await response.json();
  } catch (error) {
    const understood = error instanceof UnexpectedResponseError || error instanceof SyntaxError;
    throw understood && !isOutOfOrder(error) ? refused(exchange, error) : unreachable(exchange, error);
  }
}

/** What is said of a sign-in that took too long, was begun in another browser, or is over already. */
export function expired(): AppError {
  return new AppError(
    "sign_in_expired",
    "This sign-in took too long, was finished before, or was begun in another browser or under another address of this farm. Please begin again.",
  );
}

/** What is said where a provider sends somebody back without a code, by its reason (RFC 6749, section 4.1.2.1). */
export function turnedAway(log: Log, provider: Provider, reason: string): AppError {
  if (reason === "access_denied")
    return new AppError("sign_in_denied", `You did not let ${PROVIDER_NAMES[provider]} tell this farm who you are.`);
  const mayPass = reason === "server_error" || reason === "temporarily_unavailable";
  return mayPass ? unreachable({ provider, log }, reason) : refused({ provider, log }, reason);
}

class Late extends Error {}

async function within<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Late(`no answer within ${deadlineMs / 1000} s`)), deadlineMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether it may go better later: no connection, no answer in time, too many requests, or an error of the provider's own. */
function isOutOfOrder(error: unknown): boolean {
  if (error instanceof UnexpectedResponseError) return error.status >= 500 || error.status === 429;
  return error instanceof ArcticFetchError || error instanceof Late;
}

function unreachable({ provider, log }: Pick<Exchange, "provider" | "log">, cause: unknown): AppError {
  log.warn("a provider cannot be reached", { provider, error: tell(cause) });
  const name = PROVIDER_NAMES[provider];
  return new AppError(
    "provider_unreachable",
    `${name} could not be reached, or does not answer. Try again in a while.`,
  );
}

function refused({ provider, log }: Pick<Exchange, "provider" | "log">, cause: unknown): AppError {
  log.error("a provider refuses this farm's sign-ins", { provider, error: tell(cause) });
  const name = PROVIDER_NAMES[provider];
  return new AppError(
    "provider_refused",
    `${name} does not accept this farm's sign-ins; whoever runs the farm finds the reason in its log.`,
  );
}

/** What the log says: the code that the provider gives, never what was sent to it. */
function tell(cause: unknown): string {
  if (cause instanceof OAuth2RequestError) return `${cause.code} ${cause.description ?? ""}`.trim();
  if (cause instanceof UnexpectedResponseError) return `status ${cause.status}`;
  if (cause instanceof ArcticFetchError) return String(cause.cause);
  return String(cause);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
