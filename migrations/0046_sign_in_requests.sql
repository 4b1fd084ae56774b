-- Requests that apps send ahead, where people and apps go after signing out, and what a grant knows of the sign-in behind it.

-- 1: its authorization requests come by /par alone (RFC 9126 §6).
ALTER TABLE oauth_clients ADD COLUMN require_par INTEGER NOT NULL DEFAULT 0 CHECK (require_par IN (0, 1));
-- Where it hears that somebody signed out (OpenID Connect Back-Channel Logout 1.0 §2.2).
ALTER TABLE oauth_clients ADD COLUMN backchannel_logout_uri TEXT;

-- Where it may have people sent after they signed out (OpenID Connect RP-Initiated Logout 1.0 §3.1).
CREATE TABLE oauth_post_logout_uris (
  id        INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES oauth_clients (id),
  uri       TEXT NOT NULL,
  UNIQUE (client_id, uri)
) STRICT;

-- What apps call this sign-in: it stays when the same person signs in again in this browser. NULL: the session's own id.
ALTER TABLE sessions ADD COLUMN sid TEXT;

ALTER TABLE oauth_grants ADD COLUMN sid TEXT;
-- RFC 8176 methods, separated by blanks, as they were at the sign-in.
ALTER TABLE oauth_grants ADD COLUMN amr TEXT;
-- Single claims that were asked for (OIDC Core §5.5), as JSON.
ALTER TABLE oauth_grants ADD COLUMN claims TEXT;
CREATE INDEX oauth_grants_sid ON oauth_grants (sid) WHERE sid IS NOT NULL;
