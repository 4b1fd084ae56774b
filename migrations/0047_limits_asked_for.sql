-- What an app asks for by the day (RFC 9396).

-- n$: the most that the app has asked for, so that nobody is asked for the same again who gave less. NULL: it named nothing.
ALTER TABLE oauth_consent_limits ADD COLUMN asked_nano INTEGER CHECK (asked_nano >= 0);
-- AI scopes, separated by blanks, of which the app asked for a limit and got one.
ALTER TABLE oauth_grants ADD COLUMN details TEXT;
