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
CREATE VIEW v_wallet_callers AS
  SELECT a.owner_id, a.mode, c.caller_id, c.used_nano FROM wallet_callers c JOIN accounts a ON a.id = c.account_id;

-- One for each developer that an app has had: whoever has it next fills a pool of their own.
CREATE TABLE sponsor_pools (
  pool_id      INTEGER PRIMARY KEY REFERENCES principals (id),
  client_id    INTEGER NOT NULL,
  developer_id INTEGER NOT NULL REFERENCES users (id),
  mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  cap_nano     INTEGER NOT NULL CHECK (cap_nano BETWEEN 1 AND 9007199254740991),
  is_on        INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  created_ms   INTEGER NOT NULL,
  updated_ms   INTEGER NOT NULL,
  UNIQUE (client_id, developer_id)
) STRICT;
CREATE INDEX sponsor_pools_of ON sponsor_pools (developer_id);

-- Which calls of a person an app paid for: their own page of calls is a range of their wallet, and these are in another's.
CREATE TABLE sponsored_calls (
  user_id   INTEGER NOT NULL REFERENCES users (id),
  call_id   TEXT NOT NULL CHECK (substr(call_id, 1, 4) = 'req_'),
  client_id INTEGER NOT NULL,
  at_ms     INTEGER NOT NULL,
  PRIMARY KEY (user_id, call_id)
) STRICT;
CREATE INDEX sponsored_calls_time ON sponsored_calls (at_ms);

-- What a pool pays counts for no limit on what a person spends, after a crash either.
DROP VIEW v_ledger_open_calls;
CREATE VIEW v_ledger_open_calls AS
  SELECT h.call_id, h.caller_id, h.client_id, h.key_id, a.mode, h.created_ms FROM open_holds h JOIN accounts a ON a.id = h.account_id
  WHERE NOT EXISTS (SELECT 1 FROM principals p WHERE p.id = a.owner_id AND p.kind = 'pool');
