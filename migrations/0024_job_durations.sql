-- What the last run of a job took, so that the page can say so after a restart too.
ALTER TABLE jobs ADD COLUMN last_took_ms INTEGER CHECK (last_took_ms >= 0);
