-- What was spent with each key by UTC day, as far as it is summed (`api_key_folds`): a limit that is set within its window adds up days,
-- not charges. Written with the sums in `api_key_spend`.
CREATE TABLE api_key_days (
  key_id     INTEGER NOT NULL REFERENCES api_keys (id),
  day        INTEGER NOT NULL,
  spent_nano INTEGER NOT NULL CHECK (spent_nano > 0),
  PRIMARY KEY (key_id, day)
) STRICT, WITHOUT ROWID;
INSERT INTO api_key_days (key_id, day, spent_nano)
  SELECT c.key_id, c.at_ms / 86400000, SUM(c.collected_nano)
  FROM api_key_folds f CROSS JOIN charges c ON c.account_id = f.account_id AND c.client_id IS NULL AND (c.collected_nano > 0) = 1
    AND c.id <= f.through
  JOIN api_keys k ON k.id = c.key_id
  GROUP BY 1, 2;

-- For limits.
CREATE VIEW v_key_days AS SELECT key_id, day, spent_nano FROM api_key_days;
CREATE VIEW v_key_folds AS SELECT account_id, through FROM api_key_folds;
