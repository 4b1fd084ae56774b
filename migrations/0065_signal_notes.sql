-- What whoever looked at a sign of abuse found, in their words: an admin says it, a publisher need not.
ALTER TABLE market_signals ADD COLUMN note TEXT
  CHECK (note IS NULL OR (closed_ms IS NOT NULL AND length(note) BETWEEN 1 AND 500));
