-- Saved cards and auto-recharge (SPEC BI-4): who let the house charge which card, when, how much, and what came of it.
CREATE TABLE billing_cards (
  id         INTEGER PRIMARY KEY,
  -- `card_…`
  public_id  TEXT NOT NULL UNIQUE,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  -- `pm_…`
  method_id  TEXT NOT NULL UNIQUE,
  brand      TEXT NOT NULL CHECK (length(brand) <= 40),
  last4      TEXT NOT NULL CHECK (length(last4) <= 4),
  exp_month  INTEGER NOT NULL CHECK (exp_month BETWEEN 1 AND 12),
  exp_year   INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  removed_ms INTEGER,
  -- Its person was told that it expires; NULL again when it is renewed.
  warned_ms  INTEGER
) STRICT;
CREATE INDEX billing_cards_user ON billing_cards (user_id, id) WHERE removed_ms IS NULL;

-- One rule a person.
CREATE TABLE billing_auto_recharges (
  user_id       INTEGER PRIMARY KEY REFERENCES users (id),
  active        INTEGER NOT NULL CHECK (active IN (0, 1)),
  -- Why it is off; NULL while it is on, and where its person turned it off.
  off_why       TEXT CHECK (off_why IS NULL OR (off_why IN ('card', 'declined', 'expired') AND active = 0)),
  -- A suspended person is charged nothing.
  paused        INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  -- n$. Below this it buys so much, never more than so much in a UTC month.
  below_nano    INTEGER NOT NULL CHECK (below_nano > 0),
  amount_nano   INTEGER NOT NULL CHECK (amount_nano > 0 AND amount_nano % 10000000 = 0),
  month_nano    INTEGER NOT NULL CHECK (month_nano >= amount_nano),
  -- In a row, and when it may be tried again.
  failures      INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
  not_before_ms INTEGER,
  -- First moment of the month whose cap its person was told of.
  told_month_ms INTEGER,
  created_ms    INTEGER NOT NULL,
  updated_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX billing_auto_recharges_on ON billing_auto_recharges (user_id) WHERE active = 1 AND paused = 0;

-- What an order of kind `recharge` has beside other orders.
CREATE TABLE billing_recharges (
  order_id     INTEGER PRIMARY KEY REFERENCES billing_orders (id),
  card_id      INTEGER NOT NULL REFERENCES billing_cards (id),
  -- Before the processor is asked for the money: from here on it may have been taken.
  attempted_ms INTEGER,
  -- declined: the bank said no. authentication: it wants its person.
  trouble      TEXT CHECK (trouble IN ('declined', 'authentication')),
  -- The bank's word.
  code         TEXT,
  -- Pages that its person asked for, to pay it themselves.
  pages        INTEGER NOT NULL DEFAULT 0 CHECK (pages >= 0)
) STRICT;

-- At most one at a time, whatever crosses the threshold how often.
CREATE UNIQUE INDEX billing_orders_one_recharge ON billing_orders (user_id) WHERE kind = 'recharge' AND state IN ('open', 'pending');

-- After a restore the processor is asked about everything that waits, before jobs go on: when that was done, and what came of it, as JSON.
ALTER TABLE restores ADD COLUMN payments_ms INTEGER;
ALTER TABLE restores ADD COLUMN payments TEXT CHECK ((payments IS NULL) = (payments_ms IS NULL));
