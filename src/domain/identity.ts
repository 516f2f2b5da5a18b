/** Who else can say who somebody is. */
export const PROVIDERS = ["google", "discord"] as const;
export type Provider = (typeof PROVIDERS)[number];

/** What people call a provider. */
export const PROVIDER_NAMES: Record<Provider, string> = { google: "Google", discord: "Discord" };

/** The name under which `manager config` sets a provider up, and under which that is stored. */
export const oauthSettingName = (provider: Provider) => `${provider}-oauth` as const;

/** A person as a provider describes one. */
export type ProviderPerson = {
  /** The provider's own id of the person, which never changes hands as e-mail addresses do. */
  subject: string;
  email: string | null;
  /** Whether the provider has seen that the address is this person's. */
  emailVerified: boolean;
  name: string;
};

/** A provider's account that signs a user in here. */
export type Identity = { provider: Provider; subject: string; userId: number; email: string; createdAtMs: number };
