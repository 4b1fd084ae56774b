-- How many people let an app in, by what they gave it, and how many came on a day, are ranges of an index: an app may have a million.
CREATE INDEX oauth_consents_standing ON oauth_consents (client_id, revoked_ms, scopes, granted_ms);
CREATE INDEX oauth_consents_came ON oauth_consents (client_id, created_ms);
