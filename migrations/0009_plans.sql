-- Plans: what a user gets for free each day. Paid plans are rows of the same table, later.

CREATE TABLE plans (
  id                 INTEGER PRIMARY KEY,
  code               TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*'),
  name               TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  -- Credits of one daily claim.
  daily_claim_nano   INTEGER NOT NULL CHECK (daily_claim_nano BETWEEN 0 AND 9007199254740991),
  -- Whether claims of this plan are taken from the day's free budget; bonuses of paid plans are always granted.
  free_budget_counts INTEGER NOT NULL CHECK (free_budget_counts IN (0, 1)),
  updated_ms         INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO plans (id, code, name, daily_claim_nano, free_budget_counts) VALUES (1, 'free', 'Free', 100000000, 1);

CREATE TABLE plan_settings (
  id                     INTEGER PRIMARY KEY CHECK (id = 1),
  -- What all free claims of one UTC day may grant together; NULL = no bound. 100,000 credits = $100.
  free_budget_daily_nano INTEGER CHECK (free_budget_daily_nano BETWEEN 0 AND 9007199254740991),
  updated_ms             INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO plan_settings (id, free_budget_daily_nano) VALUES (1, 100000000000);
