-- Whose credits an app spends, chosen when it is allowed: null, as all before, is the person's own; else a team's, by the number of its
-- principal. It stands as long as the person may spend there: the body that ends that ends the permission.
ALTER TABLE oauth_consents ADD COLUMN payer_id INTEGER;
CREATE INDEX oauth_consents_of_payer ON oauth_consents (payer_id) WHERE payer_id IS NOT NULL;
