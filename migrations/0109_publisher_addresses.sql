-- From where an API and each of its endpoints take calls, as their publisher says: addresses and ranges apart by blanks, as those of keys.
-- Empty = no rule. Both have to let a call through.
ALTER TABLE market_products ADD COLUMN allowed_ips TEXT NOT NULL DEFAULT '';
ALTER TABLE market_products ADD COLUMN denied_ips TEXT NOT NULL DEFAULT '';
ALTER TABLE market_endpoints ADD COLUMN allowed_ips TEXT NOT NULL DEFAULT '';
ALTER TABLE market_endpoints ADD COLUMN denied_ips TEXT NOT NULL DEFAULT '';
