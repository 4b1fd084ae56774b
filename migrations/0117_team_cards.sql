-- A saved card and the rule that charges it are of whoever pays: a person, or a team. That they were held to be people came with the tables.
-- Rows stay as they are.
CREATE TABLE billing_cards_of_payers (
  id          INTEGER PRIMARY KEY,
  -- `card_…`
  public_id   TEXT NOT NULL UNIQUE,
  user_id     INTEGER NOT NULL REFERENCES principals (id),
  -- `pm_…`
  method_id   TEXT NOT NULL UNIQUE,
  brand       TEXT NOT NULL CHECK (length(brand) <= 40),
  last4       TEXT NOT NULL CHECK (length(last4) <= 4),
  exp_month   INTEGER NOT NULL CHECK (exp_month BETWEEN 1 AND 12),
  exp_year    INTEGER NOT NULL,
  created_ms  INTEGER NOT NULL,
  removed_ms  INTEGER,
  -- It was told that it expires; NULL again when it is renewed.
  warned_ms   INTEGER,
  -- `cus_…` that it is a card of; NULL: saved before this was kept.
  customer_id TEXT
) STRICT;
INSERT INTO billing_cards_of_payers (id, public_id, user_id, method_id, brand, last4, exp_month, exp_year, created_ms, removed_ms, warned_ms, customer_id)
  SELECT id, public_id, user_id, method_id, brand, last4, exp_month, exp_year, created_ms, removed_ms, warned_ms, customer_id FROM billing_cards;
DROP TABLE billing_cards;
ALTER TABLE billing_cards_of_payers RENAME TO billing_cards;
CREATE INDEX billing_cards_user ON billing_cards (user_id, id) WHERE removed_ms IS NULL;

CREATE TABLE billing_auto_recharges_of_payers (
  user_id       INTEGER PRIMARY KEY REFERENCES principals (id),
  active        INTEGER NOT NULL CHECK (active IN (0, 1)),
  -- Why it is off; NULL while it is on, and where somebody turned it off.
  off_why       TEXT CHECK (off_why IS NULL OR (off_why IN ('card', 'declined', 'expired') AND active = 0)),
  -- A suspended person is charged nothing. Of a team it is asked who owns it.
  paused        INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  -- n$. Below this it buys so much, never more than so much in a UTC month.
  below_nano    INTEGER NOT NULL CHECK (below_nano > 0),
  amount_nano   INTEGER NOT NULL CHECK (amount_nano > 0 AND amount_nano % 10000000 = 0),
  month_nano    INTEGER NOT NULL CHECK (month_nano >= amount_nano),
  -- In a row, and when it may be tried again.
  failures      INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
  not_before_ms INTEGER,
  -- First moment of the month whose cap was told.
  told_month_ms INTEGER,
  created_ms    INTEGER NOT NULL,
  updated_ms    INTEGER NOT NULL
) STRICT;
INSERT INTO billing_auto_recharges_of_payers (user_id, active, off_why, paused, below_nano, amount_nano, month_nano, failures, not_before_ms, told_month_ms, created_ms, updated_ms)
  SELECT user_id, active, off_why, paused, below_nano, amount_nano, month_nano, failures, not_before_ms, told_month_ms, created_ms, updated_ms FROM billing_auto_recharges;
DROP TABLE billing_auto_recharges;
ALTER TABLE billing_auto_recharges_of_payers RENAME TO billing_auto_recharges;
CREATE INDEX billing_auto_recharges_on ON billing_auto_recharges (user_id) WHERE active = 1 AND paused = 0;
