import type { Database } from "bun:sqlite";
import type { Clock } from "#system/clock.ts";
import { createLoginLimit, type LoginLimit } from "./login-limit.ts";
import { createOauthFlows, type OauthFlows } from "./oauth-flows.ts";
import type { EndpointOverrides } from "./oauth-providers.ts";
import { createSetupToken, type SetupToken } from "./setup-token.ts";
import { createTally, type Tally } from "./tally.ts";

/** A provider that has not answered a call by now is as good as out of order. */
const PROVIDER_DEADLINE_MS = 10_000;

/** What the manager remembers of those who want to come in; none of it outlives a restart. */
export type Access = {
  logins: LoginLimit;
  /** Keys that are not good, by place. */
  badKeys: Tally;
  /** Accounts that were asked for, by place. */
  registrations: Tally;
  /** Sign-ins by a provider that were begun, by place. */
  oauthStarts: Tally;
  oauthFlows: OauthFlows;
  oauthEndpoints: EndpointOverrides;
  oauthDeadlineMs: number;
  setupToken: SetupToken;
};

/** Makes what remembers nothing yet. `oauthEndpoints` puts a test's provider in the place of a real one. */
export function createAccess(db: Database, clock: Clock, oauthEndpoints: EndpointOverrides = {}): Access {
  return {
    logins: createLoginLimit(clock),
    badKeys: createTally(clock, 60),
    registrations: createTally(clock, 3600),
    oauthStarts: createTally(clock, 60),
    oauthFlows: createOauthFlows(clock),
    oauthEndpoints,
    oauthDeadlineMs: PROVIDER_DEADLINE_MS,
    setupToken: createSetupToken(db),
  };
}
