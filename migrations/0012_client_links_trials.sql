-- What an app says of itself besides its homepage, for the consent page: OAuth client metadata `policy_uri` and `tos_uri` (RFC 7591 §2).
ALTER TABLE oauth_clients ADD COLUMN policy_uri TEXT CHECK (policy_uri LIKE 'https://_%' AND length(policy_uri) <= 2000);
ALTER TABLE oauth_clients ADD COLUMN tos_uri TEXT CHECK (tos_uri LIKE 'https://_%' AND length(tos_uri) <= 2000);

-- A test token that a developer made for the own account and app: a grant without a consent, with a limit of its own a UTC day.
ALTER TABLE oauth_grants ADD COLUMN trial_nano INTEGER CHECK (trial_nano >= 0 AND (trial_nano IS NULL OR consent_id IS NULL));
