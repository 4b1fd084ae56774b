-- Proofs of publishers' servers are looked at again: since when neither record nor file is there.
ALTER TABLE market_hosts ADD COLUMN missing_ms INTEGER CHECK (missing_ms IS NULL OR proven_ms IS NOT NULL);
CREATE INDEX market_hosts_due ON market_hosts (tried_ms) WHERE proven_by IN ('dns', 'file');
