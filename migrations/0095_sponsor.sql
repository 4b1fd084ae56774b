-- Sponsored credits: a pool is a principal with a wallet of its own, which a developer fills from their paid credits. What each person used
-- of a wallet that is not theirs is counted with the charge.

-- A pool owns credits and nothing else.
CREATE TABLE principals_new (
  id         INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('user', 'team', 'pool')),
  created_ms INTEGER NOT NULL CHECK (created_ms >= 0),
  UNIQUE (id, kind)
) STRICT;
INSERT INTO principals_new (id, kind, created_ms) SELECT id, kind, created_ms FROM principals;
DROP TABLE principals;
ALTER TABLE principals_new RENAME TO principals;

CREATE TABLE wallet_callers (
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  caller_id  INTEGER NOT NULL,
  used_nano  INTEGER NOT NULL CHECK (used_nano >= 0),
  PRIMARY KEY (account_id, caller_id)
) STRICT, WITHOUT ROWID;
INSERT INTO wallet_callers (account_id, caller_id, used_nano)
  SELECT account_id, caller_id, SUM(nano) FROM (
    SELECT c.account_id, c.caller_id, c.collected_nano AS nano
    FROM charges c JOIN accounts a ON a.id = c.account_id WHERE c.caller_id <> a.owner_id AND c.collected_nano > 0
    UNION ALL
    SELECT c.account_id, c.caller_id, -e.amount_nano
    FROM transactions t JOIN entries e ON e.transaction_id = t.id AND e.lot_id IS NOT NULL
    JOIN charges c ON c.id = t.charge_id JOIN accounts a ON a.id = c.account_id
    WHERE t.charge_id IS NOT NULL AND c.caller_id <> a.owner_id)
  GROUP BY account_id, caller_id;
