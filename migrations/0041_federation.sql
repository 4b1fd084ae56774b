-- Sign-in with others (SPEC ID-1): the OpenID Connect issuers that this house asks, and whom of its people each of them knows.
CREATE TABLE issuers (
  id            INTEGER PRIMARY KEY,
  -- In addresses of ours, the redirect URI among them; chosen once, because the issuer has it registered.
  slug          TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 32 AND slug NOT GLOB '*[^a-z0-9-]*'),
  -- As it names itself (OpenID Connect Discovery §4.3); people are known by it, so it never changes.
  issuer        TEXT NOT NULL UNIQUE CHECK (length(issuer) BETWEEN 8 AND 300),
  preset        TEXT NOT NULL CHECK (preset IN ('google', 'oidc')),
  name          TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  client_id     TEXT NOT NULL CHECK (length(client_id) BETWEEN 1 AND 300),
  -- Sealed for this row; null = a client without one.
  client_secret TEXT,
  active        INTEGER NOT NULL CHECK (active IN (0, 1)),
  -- Whether it may bring new people, or only lets in those who have an account.
  sign_up       INTEGER NOT NULL CHECK (sign_up IN (0, 1)),
  -- Whether its own second factor stands for ours.
  trusts_mfa    INTEGER NOT NULL CHECK (trusts_mfa IN (0, 1)),
  -- Domains of addresses it may bring, separated by spaces; empty = any.
  domains       TEXT NOT NULL DEFAULT '',
  position      INTEGER NOT NULL,
  created_ms    INTEGER NOT NULL,
  updated_ms    INTEGER NOT NULL
) STRICT;

-- Kept by issuer and subject, never by address: addresses change hands (OpenID Connect Core §5.7). By the issuer's name and not by its
-- row, so that an issuer that is removed and added again knows its people.
CREATE TABLE external_identities (
  id        INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'ext_*'),
  user_id   INTEGER NOT NULL REFERENCES users (id),
  issuer    TEXT NOT NULL CHECK (length(issuer) BETWEEN 8 AND 300),
  subject   TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
  -- What the issuer said last, for their owner to tell one from another; decides nothing.
  email     TEXT CHECK (length(email) <= 254),
  linked_ms INTEGER NOT NULL,
  used_ms   INTEGER NOT NULL,
  UNIQUE (issuer, subject)
) STRICT;
CREATE INDEX external_identities_user ON external_identities (user_id);

-- Round trips that brought somebody back: the same answer, or another one to the same question, brings nobody again.
CREATE TABLE issuer_answers (
  trip_hash TEXT PRIMARY KEY CHECK (length(trip_hash) = 64),
  until_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX issuer_answers_until ON issuer_answers (until_ms);
