-- What a developer tells of an app, what they earn by it, and its end.
ALTER TABLE oauth_clients ADD COLUMN description TEXT CHECK (length(description) BETWEEN 1 AND 500);
ALTER TABLE oauth_clients ADD COLUMN support_url TEXT CHECK (length(support_url) <= 1000);
-- The developer's own share of the model's price, in basis points; NULL: what the price rule says.
ALTER TABLE oauth_clients ADD COLUMN share_bp INTEGER CHECK (share_bp BETWEEN 0 AND 100000);
-- When it was last raised, and the lowest it was before: people who allowed the app until then pay no more than that until they are asked again.
ALTER TABLE oauth_clients ADD COLUMN share_raised_ms INTEGER;
ALTER TABLE oauth_clients ADD COLUMN share_before_bp INTEGER CHECK (share_before_bp IS NULL OR share_raised_ms IS NOT NULL);
-- Its developer deleted it: until then it can be brought back.
ALTER TABLE oauth_clients ADD COLUMN ends_ms INTEGER;
CREATE INDEX oauth_clients_ending ON oauth_clients (ends_ms) WHERE ends_ms IS NOT NULL AND removed_ms IS NULL;
