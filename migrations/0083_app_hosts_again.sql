-- Proofs of apps' hosts are looked at again: since when neither record nor file is there.
ALTER TABLE app_hosts ADD COLUMN missing_ms INTEGER CHECK (missing_ms IS NULL OR proven_ms IS NOT NULL);
CREATE INDEX app_hosts_due ON app_hosts (tried_ms) WHERE proven_by IN ('dns', 'file');
