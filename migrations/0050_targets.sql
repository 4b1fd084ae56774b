-- What a grant's tokens are for (RFC 8707): a JSON list of addresses; null = what every token was for before.
ALTER TABLE oauth_grants ADD COLUMN resources TEXT CHECK (resources IS NULL OR json_valid(resources));
ALTER TABLE oauth_device_codes ADD COLUMN resources TEXT CHECK (resources IS NULL OR json_valid(resources));

-- Tokens that only the holder of a key may use (RFC 9449): the SHA-256 thumbprint of that key, base64url.
ALTER TABLE oauth_clients ADD COLUMN dpop_bound INTEGER NOT NULL DEFAULT 0 CHECK (dpop_bound IN (0, 1));
ALTER TABLE oauth_codes ADD COLUMN dpop_jkt TEXT CHECK (dpop_jkt IS NULL OR length(dpop_jkt) = 43);
ALTER TABLE oauth_refresh_tokens ADD COLUMN dpop_jkt TEXT CHECK (dpop_jkt IS NULL OR length(dpop_jkt) = 43);
