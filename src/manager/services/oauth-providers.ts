import type { Provider, ProviderPerson } from "#domain/identity.ts";

/** Where a provider asks the person, trades a code for a token, and says who the person is. */
export type Endpoints = { authorize: string; token: string; userInfo: string };

type ProviderFacts = {
  endpoints: Endpoints;
  scopes: readonly string[];
  /** Reads the provider's answer about a person; null where it is not what the provider documents. */
  readPerson: (answer: Record<string, unknown>) => ProviderPerson | null;
};

export const OAUTH_PROVIDERS: Record<Provider, ProviderFacts> = {
  // https://developers.google.com/identity/openid-connect/openid-connect and accounts.google.com/.well-known/openid-configuration
  google: {
    endpoints: {
      authorize: "https://accounts.google.com/o/oauth2/v2/auth",
      token: "https://oauth2.googleapis.com/token",
      userInfo: "https://openidconnect.googleapis.com/v1/userinfo",
    },
    scopes: ["openid", "email", "profile"],
    readPerson: ({ sub, email, email_verified, name }) =>
      person({ subject: sub, email, emailVerified: email_verified, names: [name] }),
  },
  // https://docs.discord.com/developers/topics/oauth2 and …/resources/user
  discord: {
    endpoints: {
      authorize: "https://discord.com/oauth2/authorize",
      token: "https://discord.com/api/oauth2/token",
      userInfo: "https://discord.com/api/users/@me",
    },
    scopes: ["identify", "email"],
    readPerson: ({ id, email, verified, global_name, username }) =>
      person({ subject: id, email, emailVerified: verified, names: [global_name, username] }),
  },
};

/** Other endpoints for tests, by provider; those that are not named stay. */
export type EndpointOverrides = Partial<Record<Provider, Endpoints>>;

function person(said: {
  subject: unknown;
  email: unknown;
  emailVerified: unknown;
  names: readonly unknown[];
}): ProviderPerson | null {
  const { subject, email, emailVerified, names } = said;
  if (typeof subject !== "string" || subject === "") return null;
  const name = names.find((each): each is string => typeof each === "string" && each !== "");
  return {
    subject,
    email: typeof email === "string" && email !== "" ? email : null,
    emailVerified: emailVerified === true,
    name: name ?? "",
  };
}
