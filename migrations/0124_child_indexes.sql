-- A row that others refer to is deleted by looking for those others: without an index, in all of them.
CREATE INDEX oauth_grants_of_consent ON oauth_grants (consent_id) WHERE consent_id IS NOT NULL;
CREATE INDEX oauth_grants_of_client ON oauth_grants (client_id);
CREATE INDEX oauth_grants_of_user ON oauth_grants (user_id);
CREATE INDEX oauth_refresh_tokens_grant ON oauth_refresh_tokens (grant_id);
CREATE INDEX oauth_client_secrets_of_client ON oauth_client_secrets (client_id);
CREATE INDEX api_key_spend_of_key ON api_key_spend (key_id);
