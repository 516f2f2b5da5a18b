-- Accounts that people make and use themselves: who vouches for an address, sign-in by a provider, reset links, sessions
-- and keys that can be named.

ALTER TABLE users ADD COLUMN
  -- an admin or a provider vouches that the address is this person's; who registers merely says so
  email_verified INTEGER NOT NULL DEFAULT 0 CONSTRAINT user_email_verified_is_a_flag CHECK (email_verified IN (0, 1));

-- Until now only whoever runs the manager could make accounts.
UPDATE users SET email_verified = 1;

-- Accounts at providers that sign a user in here: one of each provider at most.
CREATE TABLE identities (
  provider      TEXT NOT NULL CONSTRAINT identity_provider_is_known CHECK (provider IN ('google', 'discord')),
  -- the provider's own id of the person, which never changes hands as addresses do
  subject       TEXT NOT NULL,
  user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  email         TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (provider, subject)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX identities_by_user ON identities (user_id, provider);

-- At most one for each user: a new one makes the older worthless.
CREATE TABLE reset_links (
  user_id       INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  token_hash    TEXT NOT NULL UNIQUE,
  expires_at_ms INTEGER NOT NULL
) STRICT;

-- Sessions get ids, so that one can be ended without its token.
CREATE TABLE sessions_with_ids (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  token_hash      TEXT NOT NULL UNIQUE,
  user_id         INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  user_agent      TEXT NOT NULL,
  address         TEXT NOT NULL,
  created_at_ms   INTEGER NOT NULL,
  last_used_at_ms INTEGER NOT NULL,
  expires_at_ms   INTEGER NOT NULL
) STRICT;
INSERT INTO sessions_with_ids (token_hash, user_id, user_agent, address, created_at_ms, last_used_at_ms, expires_at_ms)
  SELECT token_hash, user_id, user_agent, address, created_at_ms, last_used_at_ms, expires_at_ms FROM sessions ORDER BY created_at_ms;
DROP TABLE sessions;
ALTER TABLE sessions_with_ids RENAME TO sessions;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

-- Each user names keys as they like; only the farm's own share one set of names.
CREATE TABLE api_keys_by_owner (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  name            TEXT NOT NULL,
  key_hash        TEXT NOT NULL UNIQUE,
  prefix          TEXT NOT NULL,
  scope           TEXT NOT NULL CONSTRAINT key_scope_is_known CHECK (scope IN ('manager', 'user')),
  user_id         INTEGER REFERENCES users (id) ON DELETE CASCADE,
  local_only      INTEGER NOT NULL DEFAULT 0 CONSTRAINT key_local_only_is_a_flag CHECK (local_only IN (0, 1)),
  created_at_ms   INTEGER NOT NULL,
  last_used_at_ms INTEGER,
  CONSTRAINT user_key_has_a_user CHECK (scope = 'manager' OR user_id IS NOT NULL)
) STRICT;
INSERT INTO api_keys_by_owner (id, name, key_hash, prefix, scope, user_id, local_only, created_at_ms, last_used_at_ms)
  SELECT id, name, key_hash, prefix, scope, user_id, local_only, created_at_ms, last_used_at_ms FROM api_keys;
DROP TABLE api_keys;
ALTER TABLE api_keys_by_owner RENAME TO api_keys;
CREATE UNIQUE INDEX api_keys_by_owner_and_name ON api_keys (COALESCE(user_id, 0), name);
