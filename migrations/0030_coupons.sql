-- Coupons (SPEC BI-5): what a code gives, to how many, until when; and who used it for what.
CREATE TABLE coupons (
  id           INTEGER PRIMARY KEY,
  -- `cpn_…`
  public_id    TEXT NOT NULL UNIQUE,
  -- As it is shown, and as it is compared: without dashes, and with one letter for all that look alike.
  code         TEXT NOT NULL,
  code_key     TEXT NOT NULL UNIQUE CHECK (length(code_key) BETWEEN 4 AND 32),
  kind         TEXT NOT NULL CHECK (kind IN ('credits', 'plan', 'percent', 'amount')),
  -- n$: of credits, or off a price in whole cents.
  amount_nano  INTEGER NOT NULL CHECK (amount_nano >= 0),
  -- How long the credits live; null = for ever.
  credit_days  INTEGER CHECK (credit_days BETWEEN 1 AND 3650),
  percent      INTEGER CHECK (percent BETWEEN 1 AND 100),
  plan_code    TEXT,
  note         TEXT NOT NULL,
  -- Null = any number of times.
  max_uses     INTEGER CHECK (max_uses > 0),
  per_person   INTEGER CHECK (per_person > 0),
  -- n$ that a purchase has to cost at least.
  minimum_nano INTEGER NOT NULL CHECK (minimum_nano >= 0),
  -- `package:plus plan:pro`; empty = whatever is sold.
  only_for     TEXT NOT NULL,
  -- It works before this moment.
  expires_ms   INTEGER,
  -- An admin ended it, for good.
  ended_ms     INTEGER,
  -- Sums of its uses: reserved or redeemed; redeemed; what those gave, n$.
  taken        INTEGER NOT NULL CHECK (taken >= redeemed),
  redeemed     INTEGER NOT NULL CHECK (redeemed >= 0),
  cost_nano    INTEGER NOT NULL CHECK (cost_nano >= 0),
  created_ms   INTEGER NOT NULL,
  updated_ms   INTEGER NOT NULL,
  CHECK ((kind IN ('credits', 'amount')) = (amount_nano > 0)),
  CHECK (kind <> 'amount' OR amount_nano % 10000000 = 0),
  CHECK ((kind = 'percent') = (percent IS NOT NULL)),
  CHECK ((kind = 'plan') = (plan_code IS NOT NULL))
) STRICT;

-- One use: reserved while somebody pays, then redeemed, or released where nobody paid.
CREATE TABLE coupon_uses (
  id             INTEGER PRIMARY KEY,
  -- `red_…`
  public_id      TEXT NOT NULL UNIQUE,
  coupon_id      INTEGER NOT NULL REFERENCES coupons (id),
  user_id        INTEGER NOT NULL REFERENCES users (id),
  state          TEXT NOT NULL CHECK (state IN ('reserved', 'redeemed', 'released')),
  -- What it was used for, once each: `order:ord_…` of a purchase, `form:…` of a form without one.
  ref            TEXT NOT NULL,
  -- What was bought with it: `package:plus`, `plan:pro`; null where nothing was.
  subject        TEXT,
  -- n$: credits that were given, the price of the month, or what came off a price.
  cost_nano      INTEGER NOT NULL CHECK (cost_nano >= 0),
  transaction_id TEXT,
  created_ms     INTEGER NOT NULL,
  decided_ms     INTEGER,
  UNIQUE (user_id, ref),
  CHECK ((state = 'reserved') = (decided_ms IS NULL))
) STRICT;
CREATE INDEX coupon_uses_coupon ON coupon_uses (coupon_id, id);
-- How often one person used it.
CREATE INDEX coupon_uses_person ON coupon_uses (user_id, coupon_id) WHERE state <> 'released';
CREATE UNIQUE INDEX coupon_uses_ref ON coupon_uses (ref) WHERE subject IS NOT NULL;

-- Wrong codes: how many, by person and by network (HMAC).
CREATE TABLE coupon_tries (
  rule         TEXT NOT NULL,
  key_hash     TEXT NOT NULL,
  start_ms     INTEGER NOT NULL,
  used         INTEGER NOT NULL CHECK (used >= 0),
  at_ms        INTEGER NOT NULL,
  -- Theoretical arrival time of smooth rules, past 2^53.
  tat          TEXT,
  -- From here on the row says nothing any more.
  forget_at_ms INTEGER NOT NULL,
  PRIMARY KEY (rule, key_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX coupon_tries_forget ON coupon_tries (forget_at_ms);
