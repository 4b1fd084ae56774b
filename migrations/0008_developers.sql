-- Developers: users who accepted the developer agreement. Every acceptance is kept.

CREATE TABLE developers (
  user_id    INTEGER PRIMARY KEY,
  company    TEXT CHECK (company IS NULL OR length(company) BETWEEN 1 AND 120),
  created_ms INTEGER NOT NULL CHECK (created_ms >= 0),
  updated_ms INTEGER NOT NULL CHECK (updated_ms >= created_ms)
) STRICT;

CREATE TABLE developer_agreements (
  id          INTEGER PRIMARY KEY,
  user_id     INTEGER NOT NULL REFERENCES developers (user_id),
  version     TEXT NOT NULL,
  accepted_ms INTEGER NOT NULL,
  UNIQUE (user_id, version)
) STRICT;
CREATE TRIGGER developer_agreements_no_update BEFORE UPDATE ON developer_agreements
BEGIN SELECT RAISE(ABORT, 'acceptances are append-only'); END;
CREATE TRIGGER developer_agreements_no_delete BEFORE DELETE ON developer_agreements
BEGIN SELECT RAISE(ABORT, 'acceptances are append-only'); END;

CREATE VIEW v_developer_developers AS
  SELECT d.user_id, d.company, d.created_ms, max(a.accepted_ms) AS accepted_ms
  FROM developers d JOIN developer_agreements a ON a.user_id = d.user_id GROUP BY d.user_id;
