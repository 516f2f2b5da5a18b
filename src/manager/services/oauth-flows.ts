import type { Provider } from "#domain/identity.ts";
import type { Clock } from "#system/clock.ts";
import { hashToken, newToken } from "#system/tokens.ts";

/** A person gets this long to sign in at the provider. */
export const FLOW_SECONDS = 600;

/** Sign-ins that are under way at once; beyond that the oldest are forgotten. */
const MAX_FLOWS = 10_000;

export type OauthFlow = {
  provider: Provider;
  /** PKCE: only who has begun can trade the code for a token. */
  codeVerifier: string;
  /** Where to go afterwards. */
  next: string;
  /** The user who connects an account of a provider; null for a sign-in. */
  connectUserId: number | null;
};

/** Sign-ins on their way through a provider. Each can be taken up once, within its time, by the browser that began it. */
export type OauthFlows = {
  /** Returns the state for the provider to hand back, and the secret for the browser to keep. */
  begin: (flow: OauthFlow) => { state: string; browserSecret: string };
  /** Null for one that is unknown, too old, another browser's, or was taken up before. */
  take: (state: string, browserSecret: string) => OauthFlow | null;
};

/** Makes an empty store in memory: a restart of the manager ends what is under way, and people begin again. */
export function createOauthFlows(clock: Clock): OauthFlows {
  const flows = new Map<string, { flow: OauthFlow; browserHash: string; untilMs: number }>();
  const forgetOld = (): void => {
    for (const [key, { untilMs }] of flows) {
      if (untilMs > clock.monotonicMs() && flows.size <= MAX_FLOWS) break;
      flows.delete(key);
    }
  };
  return {
    begin: (flow) => {
      const [state, browserSecret] = [newToken(), newToken()];
      const untilMs = clock.monotonicMs() + FLOW_SECONDS * 1000;
      flows.set(hashToken(state), { flow, browserHash: hashToken(browserSecret), untilMs });
      forgetOld();
      return { state, browserSecret };
    },
    take: (state, browserSecret) => {
      forgetOld();
      const key = hashToken(state);
      const found = flows.get(key);
      if (found?.browserHash !== hashToken(browserSecret)) return null;
      flows.delete(key);
      return found.flow;
    },
  };
}
