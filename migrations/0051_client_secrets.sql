-- Secrets of an app have names and may end by themselves; when each was last used is written at most once a minute.
ALTER TABLE oauth_client_secrets ADD COLUMN name TEXT NOT NULL DEFAULT '' CHECK (length(name) <= 80);
ALTER TABLE oauth_client_secrets ADD COLUMN expires_ms INTEGER CHECK (expires_ms > created_ms);
ALTER TABLE oauth_client_secrets ADD COLUMN used_ms INTEGER;
