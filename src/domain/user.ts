export type User = {
  id: number;
  email: string;
  name: string;
  admin: boolean;
  disabled: boolean;
  createdAtMs: number;
};

/** `manager`: its runner may take any job. `user`: it belongs to a user, whose jobs its runner takes, and may call the job API as that user. */
export const KEY_SCOPES = ["manager", "user"] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

export type ApiKey = {
  id: number;
  name: string;
  /** The first characters, enough to recognise a key by and too few to use it. */
  prefix: string;
  scope: KeyScope;
  userId: number | null;
  userEmail: string | null;
  createdAtMs: number;
  lastUsedAtMs: number | null;
};

/** What a runner's key allows it to take: everything, or the jobs of one user. */
export type RunnerKey = { keyId: number; ownerId: number | null };
