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
