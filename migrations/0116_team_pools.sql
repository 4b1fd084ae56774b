-- A pool's developer may be a team: a principal, as a person is.
CREATE TABLE sponsor_pools_new (
  pool_id      INTEGER PRIMARY KEY REFERENCES principals (id),
  client_id    INTEGER NOT NULL,
  developer_id INTEGER NOT NULL REFERENCES principals (id),
  mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  cap_nano     INTEGER NOT NULL CHECK (cap_nano BETWEEN 1 AND 9007199254740991),
  is_on        INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  created_ms   INTEGER NOT NULL,
  updated_ms   INTEGER NOT NULL,
  UNIQUE (client_id, developer_id)
) STRICT;
INSERT INTO sponsor_pools_new (pool_id, client_id, developer_id, mode, cap_nano, is_on, created_ms, updated_ms)
  SELECT pool_id, client_id, developer_id, mode, cap_nano, is_on, created_ms, updated_ms FROM sponsor_pools;
DROP TABLE sponsor_pools;
ALTER TABLE sponsor_pools_new RENAME TO sponsor_pools;
CREATE INDEX sponsor_pools_of ON sponsor_pools (developer_id);
