-- Keys of two algorithms, each with one that signs and one that signs next; and keys that were withdrawn at once.
ALTER TABLE oauth_signing_keys ADD COLUMN alg TEXT NOT NULL DEFAULT 'RS256' CHECK (alg IN ('RS256', 'ES256'));
-- Since when it signs, or signed; null while it waits.
ALTER TABLE oauth_signing_keys ADD COLUMN active_ms INTEGER;
-- It may be known to others: it verifies nothing from then on.
ALTER TABLE oauth_signing_keys ADD COLUMN compromised_ms INTEGER
  CHECK (compromised_ms IS NULL OR retired_ms IS NOT NULL);
UPDATE oauth_signing_keys SET active_ms = created_ms WHERE state <> 'next';
UPDATE oauth_signing_keys
  SET active_ms = coalesce((SELECT max(retired_ms) FROM oauth_signing_keys), active_ms) WHERE state = 'active';
DROP INDEX oauth_signing_keys_one;
CREATE UNIQUE INDEX oauth_signing_keys_one ON oauth_signing_keys (alg, state) WHERE state <> 'retired';

-- What signs a client's ID tokens (OpenID Connect Registration, id_token_signed_response_alg).
ALTER TABLE oauth_clients ADD COLUMN id_token_alg TEXT NOT NULL DEFAULT 'RS256'
  CHECK (id_token_alg IN ('RS256', 'ES256'));
