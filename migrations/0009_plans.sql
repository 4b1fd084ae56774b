-- Plans (SPEC §2, §10): what a plan costs and gives, who is on which, and what each period granted.

CREATE TABLE plans (
  id                 INTEGER PRIMARY KEY,
  code               TEXT NOT NULL UNIQUE CHECK (code GLOB '[a-z]*'),
  name               TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  kind               TEXT NOT NULL CHECK (kind IN ('free', 'bonus', 'credits')),
  description        TEXT NOT NULL CHECK (length(description) <= 500),
  -- For one month.
  price_nano         INTEGER NOT NULL CHECK (price_nano BETWEEN 0 AND 1000000000000000),
  -- Credits of one daily claim.
  daily_claim_nano   INTEGER NOT NULL CHECK (daily_claim_nano BETWEEN 0 AND 9007199254740991),
  -- Whether claims of this plan are taken from the day's free budget; bonuses of paid plans are always granted.
  free_budget_counts INTEGER NOT NULL CHECK (free_budget_counts IN (0, 1)),
  -- Credits granted at the start of each period; they expire at its end.
  monthly_nano       INTEGER NOT NULL CHECK (monthly_nano BETWEEN 0 AND 1000000000000000),
  -- Unused monthly credits that live on when their period ends: at most this of one grant…
  rollover_max_nano  INTEGER NOT NULL CHECK (rollover_max_nano BETWEEN 0 AND 1000000000000000),
  -- …at most this over all that was rolled over and is still there; NULL = no such bound…
  rollover_cap_nano  INTEGER CHECK (rollover_cap_nano BETWEEN 0 AND 1000000000000000),
  -- …and for so many periods more.
  rollover_periods   INTEGER NOT NULL CHECK (rollover_periods BETWEEN 1 AND 12),
  -- What a person's own api key pays above the raw price, in basis points, on models that cost something and on free ones.
  markup_paid_bp     INTEGER NOT NULL CHECK (markup_paid_bp BETWEEN 0 AND 100000),
  markup_free_bp     INTEGER NOT NULL CHECK (markup_free_bp BETWEEN 0 AND 100000),
  -- Whether own api keys reach free models only, and what 1,000 tokens of those cost then.
  free_models_only   INTEGER NOT NULL CHECK (free_models_only IN (0, 1)),
  free_per_1k_nano   INTEGER NOT NULL CHECK (free_per_1k_nano BETWEEN 0 AND 1000000000000),
  byok_allowed       INTEGER NOT NULL CHECK (byok_allowed IN (0, 1)),
  -- Monthly credits or own provider keys: the person chooses one of them for each period.
  either_or          INTEGER NOT NULL CHECK (either_or IN (0, 1)),
  overrides          INTEGER NOT NULL CHECK (overrides IN (0, 1)),
  priority_support   INTEGER NOT NULL CHECK (priority_support IN (0, 1)),
  teams              INTEGER NOT NULL CHECK (teams IN (0, 1)),
  -- An inactive plan takes nobody new; who is on it stays.
  active             INTEGER NOT NULL CHECK (active IN (0, 1)),
  sort_order         INTEGER NOT NULL CHECK (sort_order BETWEEN 0 AND 10000),
  updated_ms         INTEGER NOT NULL,
  -- Everybody without a subscription is on Free: it has no periods, so it can neither cost nor grant by the month.
  CHECK (kind <> 'free' OR (price_nano = 0 AND monthly_nano = 0)),
  CHECK (either_or = 0 OR (byok_allowed = 1 AND monthly_nano > 0)),
  CHECK (kind <> 'free' OR active = 1)
) STRICT;
INSERT INTO plans (id, code, name, kind, description, price_nano, daily_claim_nano, free_budget_counts,
                   monthly_nano, rollover_max_nano, rollover_cap_nano, rollover_periods,
                   markup_paid_bp, markup_free_bp, free_models_only, free_per_1k_nano,
                   byok_allowed, either_or, overrides, priority_support, teams, active, sort_order, updated_ms) VALUES
  (1, 'free', 'Free', 'free', 'Credits every day to try things out.', 0, 100000000, 1,
   0, 0, NULL, 1, 0, 0, 1, 1000000, 0, 0, 0, 0, 0, 1, 10, 0),
  (2, 'basic', 'Basic', 'bonus', 'Five times the daily credits.', 9990000000, 500000000, 0,
   0, 0, NULL, 1, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 1, 20, 0),
  (3, 'pro', 'Pro', 'bonus', 'Twenty times the daily credits, your choice of model for each task, and priority support.',
   29990000000, 2000000000, 0,
   0, 0, NULL, 1, 500, 0, 0, 0, 0, 0, 1, 1, 0, 1, 30, 0),
  (4, 'starter', 'Starter', 'credits', 'Credits for the month, and more each day.', 30000000000, 500000000, 0,
   30000000000, 30000000000, 30000000000, 1, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 1, 40, 0),
  (5, 'professional', 'Professional', 'credits', 'Credits for the month, or your own provider keys.',
   50000000000, 500000000, 0,
   50000000000, 50000000000, 50000000000, 1, 500, 0, 0, 0, 1, 1, 0, 0, 0, 1, 50, 0),
  (6, 'enterprise', 'Enterprise', 'credits', 'The most credits at the raw price, or your own provider keys, and teams.',
   99000000000, 2000000000, 0,
   100000000000, 100000000000, 100000000000, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 60, 0);

-- What a plan grants by the period, as it stood from a moment on: an allocation that is posted late uses the terms of the
-- moment its period began.
CREATE TABLE plan_terms (
  plan_id           INTEGER NOT NULL REFERENCES plans (id),
  since_ms          INTEGER NOT NULL CHECK (since_ms >= 0),
  monthly_nano      INTEGER NOT NULL CHECK (monthly_nano >= 0),
  rollover_max_nano INTEGER NOT NULL CHECK (rollover_max_nano >= 0),
  rollover_cap_nano INTEGER CHECK (rollover_cap_nano >= 0),
  rollover_periods  INTEGER NOT NULL CHECK (rollover_periods >= 1),
  either_or         INTEGER NOT NULL CHECK (either_or IN (0, 1)),
  PRIMARY KEY (plan_id, since_ms)
) STRICT, WITHOUT ROWID;
INSERT INTO plan_terms
  SELECT id, 0, monthly_nano, rollover_max_nano, rollover_cap_nano, rollover_periods, either_or FROM plans;
CREATE TRIGGER plan_terms_no_delete BEFORE DELETE ON plan_terms
  BEGIN SELECT RAISE(ABORT, 'plan_terms are never deleted'); END;

-- Who is on which plan. Nobody without a row, and nobody whose subscription ended, is on anything but Free.
CREATE TABLE plan_assignments (
  user_id         INTEGER PRIMARY KEY,
  plan_id         INTEGER NOT NULL REFERENCES plans (id),
  -- What an either-or plan gives in this period; NULL for all others.
  choice          TEXT CHECK (choice IN ('credits', 'byok')),
  -- Both take effect at the end of the period.
  pending_plan_id INTEGER REFERENCES plans (id) CHECK (pending_plan_id <> plan_id),
  pending_choice  TEXT CHECK (pending_choice IN ('credits', 'byok')),
  -- Whether the plan was paid for; its credits are then paid credits.
  paid            INTEGER NOT NULL CHECK (paid IN (0, 1)),
  -- Periods are whole calendar months from the anchor, the moment its period `anchor_no` began.
  anchor_ms       INTEGER NOT NULL CHECK (anchor_ms >= 0),
  anchor_no       INTEGER NOT NULL CHECK (anchor_no >= 1),
  -- Counted over the person's life, so that no period is granted twice.
  period_no       INTEGER NOT NULL CHECK (period_no >= anchor_no),
  period_start_ms INTEGER NOT NULL CHECK (period_start_ms >= anchor_ms),
  period_end_ms   INTEGER CHECK (period_end_ms > period_start_ms),
  -- The monthly credits up to which the rest of this period has been granted.
  credited_nano   INTEGER NOT NULL CHECK (credited_nano >= 0),
  actor           TEXT NOT NULL,
  reason          TEXT NOT NULL,
  updated_ms      INTEGER NOT NULL,
  CHECK ((plan_id = 1) = (period_end_ms IS NULL)),
  CHECK (plan_id <> 1 OR (pending_plan_id IS NULL AND pending_choice IS NULL AND choice IS NULL AND credited_nano = 0))
) STRICT;
CREATE INDEX plan_assignments_due ON plan_assignments (period_end_ms) WHERE period_end_ms IS NOT NULL;
CREATE INDEX plan_assignments_plan ON plan_assignments (plan_id);

-- What happened to whose plan, and what each period granted. Append-only.
CREATE TABLE plan_events (
  id             INTEGER PRIMARY KEY,
  user_id        INTEGER NOT NULL,
  event          TEXT NOT NULL CHECK (event IN ('started', 'renewed', 'upgraded', 'ended', 'change_scheduled',
                                                'change_dropped', 'choice_scheduled')),
  -- The plan that was started, renewed, moved to or ended, or that is to come.
  plan_id        INTEGER NOT NULL REFERENCES plans (id),
  choice         TEXT CHECK (choice IN ('credits', 'byok')),
  period_no      INTEGER NOT NULL CHECK (period_no >= 1),
  -- When it took effect, and when that was written down: a renewal may be posted late.
  at_ms          INTEGER NOT NULL,
  recorded_ms    INTEGER NOT NULL CHECK (recorded_ms >= at_ms),
  granted_nano   INTEGER NOT NULL DEFAULT 0 CHECK (granted_nano >= 0),
  -- The ledger's `txn_…`.
  transaction_id TEXT CHECK ((transaction_id IS NOT NULL) = (granted_nano > 0)),
  actor          TEXT NOT NULL,
  reason         TEXT NOT NULL
) STRICT;
CREATE INDEX plan_events_of_user ON plan_events (user_id, id);
CREATE UNIQUE INDEX plan_events_period ON plan_events (user_id, period_no) WHERE event IN ('started', 'renewed');
CREATE TRIGGER plan_events_no_update BEFORE UPDATE ON plan_events
  BEGIN SELECT RAISE(ABORT, 'plan_events is append-only'); END;
CREATE TRIGGER plan_events_no_delete BEFORE DELETE ON plan_events
  BEGIN SELECT RAISE(ABORT, 'plan_events is append-only'); END;

CREATE VIEW v_plan_assignments AS
  SELECT a.user_id, p.code AS plan, a.period_start_ms, a.period_end_ms FROM plan_assignments a
  JOIN plans p ON p.id = a.plan_id;
