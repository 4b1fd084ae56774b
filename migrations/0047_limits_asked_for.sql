-- What an app asks for by the day (RFC 9396), and what is known of its secrets.

-- n$: the most that the app has asked for, so that nobody is asked for the same again who gave less. NULL: it named nothing.
ALTER TABLE oauth_consent_limits ADD COLUMN asked_nano INTEGER CHECK (asked_nano >= 0);
-- AI scopes, separated by blanks, of which the app asked for a limit and got one.
ALTER TABLE oauth_grants ADD COLUMN details TEXT;

-- What its developer calls it.
ALTER TABLE oauth_client_secrets ADD COLUMN name TEXT;
-- About when it was used last: noted now and then.
ALTER TABLE oauth_client_secrets ADD COLUMN used_ms INTEGER;
-- From then on it does not work. NULL: never.
ALTER TABLE oauth_client_secrets ADD COLUMN expires_ms INTEGER;
