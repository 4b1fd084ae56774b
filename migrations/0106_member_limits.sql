-- Limits of members: how much one person may spend of a team's balance (SPEC TE-1), set by whoever names its people. The table of rules is
-- made anew for one more level; rows stay as they are.
CREATE TABLE limit_rules_with_members (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE,
  -- Whose calls are counted: each person's (everybody, plan, user), a key's (key, owner), a person's through one app (app, app_user), or a
  -- person's from the wallet of one team (member).
  level      TEXT NOT NULL CHECK (level IN ('everybody', 'plan', 'user', 'key', 'owner', 'app', 'app_user', 'member')),
  -- '' for everybody; a plan's code; the id of a person, a key or an app; `app:person`; `team:person`.
  subject    TEXT NOT NULL CHECK ((level = 'everybody') = (subject = '') AND length(subject) <= 60),
  kind       TEXT NOT NULL CHECK (kind IN ('requests_second', 'requests_minute', 'requests_hour', 'requests_day', 'tokens_minute',
               'tokens_request', 'concurrent', 'spend_day', 'spend_week', 'spend_month', 'spend_total')),
  -- Requests, tokens, calls, or n$. 0 lets nothing through.
  amount     INTEGER NOT NULL CHECK (amount >= 0),
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  UNIQUE (level, subject, kind)
) STRICT;
INSERT INTO limit_rules_with_members (id, public_id, level, subject, kind, amount, created_ms, updated_ms)
  SELECT id, public_id, level, subject, kind, amount, created_ms, updated_ms FROM limit_rules;
DROP TABLE limit_rules;
ALTER TABLE limit_rules_with_members RENAME TO limit_rules;

-- …and whose wallet pays a call, so that what a dead call held is given back where it was counted.
DROP VIEW v_ledger_open_calls;
CREATE VIEW v_ledger_open_calls AS
  SELECT h.call_id, h.caller_id, h.client_id, h.key_id, a.owner_id AS payer_id, a.mode, h.created_ms
  FROM open_holds h JOIN accounts a ON a.id = h.account_id
  WHERE NOT EXISTS (SELECT 1 FROM principals p WHERE p.id = a.owner_id AND p.kind = 'pool');
