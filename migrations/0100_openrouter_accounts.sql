-- Accounts at OpenRouter that this server makes for people: one each, once. The row stays when one is deleted, so that none is made again.
CREATE TABLE openrouter_accounts (
  user_id        INTEGER PRIMARY KEY,
  public_id      TEXT NOT NULL UNIQUE,
  state          TEXT NOT NULL CHECK (state IN ('making', 'ready', 'deleted')),
  -- How OpenRouter names the key, and the key, sealed.
  hash           TEXT CHECK ((hash IS NULL) = (state <> 'ready')),
  key_sealed     TEXT CHECK ((key_sealed IS NULL) = (state <> 'ready')),
  -- n$; null = no limit.
  limit_nano     INTEGER CHECK (limit_nano >= 0),
  remaining_nano INTEGER CHECK (remaining_nano >= 0),
  used_nano      INTEGER NOT NULL DEFAULT 0 CHECK (used_nano >= 0),
  created_ms     INTEGER NOT NULL,
  synced_ms      INTEGER
) STRICT;
