-- Ledger: double entry in nano-dollars. `amount_nano` > 0 credits an account, < 0 debits it; a transaction sums to 0.
-- Charges, transactions and entries are never changed; everything else here is a projection that can be rebuilt, or a promise.

-- Platform accounts have ids 1…100 (seeded below), so that indexes can leave their endless entries out.
CREATE TABLE accounts (
  id           INTEGER PRIMARY KEY,
  owner_kind   TEXT NOT NULL CHECK (owner_kind IN ('principal', 'platform')),
  owner_id     INTEGER NOT NULL CHECK (owner_id >= 0),
  mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  kind         TEXT NOT NULL,
  asset        TEXT NOT NULL DEFAULT 'usd_nano' CHECK (asset = 'usd_nano'),
  -- Sum of the account's entries. A wallet's is the sum of what remains of its lots: kept once, there (`v_accounts`).
  balance_nano INTEGER
    CHECK ((kind = 'wallet') = (balance_nano IS NULL))
    CHECK (kind <> 'debt' OR balance_nano BETWEEN -9007199254740991 AND 0),
  created_ms   INTEGER NOT NULL,
  CHECK ((owner_kind = 'platform') = (owner_id = 0)),
  CHECK ((owner_kind = 'platform') = (id <= 100)),
  CHECK (CASE owner_kind
    WHEN 'principal' THEN kind IN ('wallet', 'debt', 'pending', 'payable')
    ELSE kind IN ('revenue', 'upstream_payable', 'promo', 'breakage', 'uncollected', 'cash', 'payouts',
                  'processor_fees', 'tax_payable', 'disputes', 'sponsor', 'fx') END),
  UNIQUE (owner_kind, owner_id, mode, kind, asset)
) STRICT;

-- One grant of credits. `unspent` repeats remaining_nano > 0 so that spending a part of a lot touches no index. What open holds
-- keep of it is not here: it is the sum of their parts (`v_open_hold_lots`).
CREATE TABLE lots (
  id                   INTEGER PRIMARY KEY,
  public_id            TEXT NOT NULL UNIQUE,
  account_id           INTEGER NOT NULL REFERENCES accounts (id),
  bucket               TEXT NOT NULL CHECK (bucket IN ('daily', 'subscription', 'purchase', 'coupon', 'bonus', 'referral',
                                                       'sponsored', 'refund', 'adjustment')),
  paid                 INTEGER NOT NULL CHECK (paid IN (0, 1)),
  priority             INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 100),
  restriction          TEXT,
  granted_nano         INTEGER NOT NULL CHECK (granted_nano BETWEEN 1 AND 9007199254740991),
  consumed_nano        INTEGER NOT NULL DEFAULT 0 CHECK (consumed_nano >= 0),
  expired_nano         INTEGER NOT NULL DEFAULT 0 CHECK (expired_nano >= 0),
  voided_nano          INTEGER NOT NULL DEFAULT 0 CHECK (voided_nano >= 0),
  clawed_nano          INTEGER NOT NULL DEFAULT 0 CHECK (clawed_nano >= 0),
  remaining_nano       INTEGER NOT NULL,
  unspent              INTEGER NOT NULL DEFAULT 1 CHECK (unspent = (remaining_nano > 0)),
  effective_ms         INTEGER NOT NULL,
  expires_ms           INTEGER CHECK (expires_ms > effective_ms),
  created_ms           INTEGER NOT NULL,
  -- Also the key of the transaction that granted it.
  key                  TEXT NOT NULL UNIQUE CHECK (key <> ''),
  -- What becomes of the unheld rest when the lot expires: all three or none. `rolled_from` names the lot that this one continues.
  rollover_max_nano    INTEGER CHECK (rollover_max_nano BETWEEN 0 AND 9007199254740991),
  rollover_cap_nano    INTEGER CHECK (rollover_cap_nano BETWEEN 0 AND 9007199254740991),
  rollover_lifetime_ms INTEGER CHECK (rollover_lifetime_ms > 0),
  rolled_from          INTEGER REFERENCES lots (id),
  CHECK (remaining_nano BETWEEN 0 AND granted_nano),
  CHECK (granted_nano = consumed_nano + expired_nano + voided_nano + clawed_nano + remaining_nano),
  CHECK (rollover_cap_nano IS NULL OR rollover_max_nano IS NOT NULL),
  CHECK ((rollover_lifetime_ms IS NULL) = (rollover_max_nano IS NULL)),
  CHECK (rollover_lifetime_ms IS NULL OR expires_ms IS NOT NULL),
  CHECK (rolled_from IS NULL OR (rollover_max_nano IS NULL AND expires_ms IS NOT NULL AND rolled_from < id))
) STRICT;
CREATE INDEX lots_of_wallet ON lots (account_id) WHERE unspent = 1;
CREATE INDEX lots_due ON lots (expires_ms) WHERE unspent = 1 AND expires_ms IS NOT NULL;
CREATE INDEX lots_rolled ON lots (rolled_from) WHERE rolled_from IS NOT NULL;
CREATE INDEX lots_of_account ON lots (account_id, id);
CREATE TRIGGER lots_terms_fixed
  BEFORE UPDATE OF id, public_id, account_id, bucket, paid, priority, restriction, granted_nano, effective_ms, expires_ms,
                   created_ms, key, rollover_max_nano, rollover_cap_nano, rollover_lifetime_ms, rolled_from ON lots
  BEGIN SELECT RAISE(ABORT, 'the terms of a lot never change'); END;
CREATE TRIGGER lots_no_delete BEFORE DELETE ON lots BEGIN SELECT RAISE(ABORT, 'lots are never deleted'); END;

-- Credits reserved for a call in progress: written before the upstream is asked, deleted by what resolves it, changed by marks
-- and raises only. What is needed to charge without the caller stands on the row. Clustered by wallet: no second index.
CREATE TABLE open_holds (
  -- One hold's while it is open. After a restart ids come again, so whoever names a hold says its call, too (`HoldRef`).
  id              INTEGER NOT NULL,
  account_id      INTEGER NOT NULL REFERENCES accounts (id),
  call_id         TEXT NOT NULL CHECK (substr(call_id, 1, 4) = 'req_'),
  boot_id         TEXT NOT NULL,
  caller_id       INTEGER NOT NULL,
  client_id       INTEGER,
  key_id          INTEGER,
  scope           TEXT NOT NULL,
  -- 1: counts for the day of this client and scope.
  limited         INTEGER NOT NULL CHECK (limited IN (0, 1)),
  -- What kind of call, of which model, where: an opaque reference of the caller's.
  route_id        INTEGER,
  stream          INTEGER NOT NULL CHECK (stream IN (0, 1)),
  amount_nano     INTEGER NOT NULL CHECK (amount_nano BETWEEN 0 AND 9007199254740991),
  -- The one lot that is reserved, or all of them: [[lot, n$], …] in the order they will be spent. Neither for a hold of 0.
  lot_id          INTEGER REFERENCES lots (id),
  lots            TEXT CHECK (lots IS NULL OR json_valid(lots)),
  stage           TEXT NOT NULL CHECK (stage IN ('held', 'sent', 'streaming')),
  input_cost_nano INTEGER NOT NULL CHECK (input_cost_nano >= 0),
  known_cost_nano INTEGER NOT NULL CHECK (known_cost_nano >= 0),
  split_upstream  INTEGER NOT NULL CHECK (split_upstream >= 0),
  split_developer INTEGER NOT NULL CHECK (split_developer >= 0),
  split_platform  INTEGER NOT NULL CHECK (split_platform >= 0),
  developer_id    INTEGER,
  -- The most that promo lots may earn the developer of this call on its UTC day; 0 = nothing counts (unverified user),
  -- 9007199254740991 = no cap.
  promo_cap_nano  INTEGER NOT NULL CHECK (promo_cap_nano BETWEEN 0 AND 9007199254740991),
  lease_until_ms  INTEGER NOT NULL,
  created_ms      INTEGER NOT NULL,
  PRIMARY KEY (account_id, id),
  CHECK (limited = 0 OR client_id IS NOT NULL),
  CHECK (lot_id IS NULL OR lots IS NULL),
  CHECK ((amount_nano > 0) = (lot_id IS NOT NULL OR lots IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE VIEW v_open_hold_lots AS
  SELECT id AS hold_id, account_id, 0 AS seq, lot_id, amount_nano FROM open_holds WHERE lot_id IS NOT NULL
  UNION ALL
  SELECT h.id, h.account_id, j.key, json_extract(j.value, '$[0]'), json_extract(j.value, '$[1]')
  FROM open_holds h, json_each(h.lots) j WHERE h.lots IS NOT NULL;

-- The books, first half: a charged call is one row, a transaction of type `usage` whose posting pattern is fixed (`v_entries`).
-- Ids are places in one sequence and one hash chain, shared with `transactions`. Hashed are money and opaque ids of money; what
-- describes the call (from `caller_id` to `usage_source`) may be cleared.
CREATE TABLE charges (
  id               INTEGER PRIMARY KEY,
  -- The public id of the transaction is `txn_` and the rest of this.
  call_id          TEXT NOT NULL CHECK (substr(call_id, 1, 4) = 'req_'),
  at_ms            INTEGER NOT NULL CHECK (at_ms >= 0),
  mode             TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  -- The wallet that pays.
  account_id       INTEGER NOT NULL REFERENCES accounts (id),
  -- The one lot that paid; NULL when nothing was collected, or when several paid (`charge_lots`).
  lot_id           INTEGER REFERENCES lots (id),
  charge_nano      INTEGER NOT NULL CHECK (charge_nano BETWEEN 0 AND 9007199254740991),
  upstream_nano    INTEGER NOT NULL CHECK (upstream_nano >= 0),
  -- What the price gives the developer; what of it was earned: `earned_nano`. The platform's part is the rest of the charge.
  developer_nano   INTEGER NOT NULL CHECK (developer_nano >= 0),
  -- What left the wallet; the rest of the charge is `uncollected`.
  collected_nano   INTEGER NOT NULL CHECK (collected_nano BETWEEN 0 AND charge_nano),
  -- The developer's account that was credited.
  pending_id       INTEGER REFERENCES accounts (id) CHECK ((pending_id IS NOT NULL) = (earned_nano > 0)),
  earned_nano      INTEGER NOT NULL CHECK (earned_nano BETWEEN 0 AND developer_nano),
  -- What of it was credited for promo lots, and the most that they might earn on this day.
  promo_earned_nano INTEGER NOT NULL CHECK (promo_earned_nano BETWEEN 0 AND earned_nano),
  promo_cap_nano   INTEGER NOT NULL CHECK (promo_cap_nano BETWEEN 0 AND 9007199254740991),
  -- What the wallet has after it.
  balance_after_nano INTEGER NOT NULL CHECK (balance_after_nano BETWEEN 0 AND 9007199254740991),
  hash             BLOB NOT NULL CHECK (length(hash) = 32),
  developer_id     INTEGER,
  caller_id        INTEGER NOT NULL,
  client_id        INTEGER,
  key_id           INTEGER,
  scope            TEXT NOT NULL,
  -- UTC day of the hold: the day on which the app's limit counts it (NULL: it does not count for one).
  held_day         INTEGER CHECK (held_day <= at_ms / 86400000),
  held_nano        INTEGER NOT NULL CHECK (held_nano >= 0),
  route_id         INTEGER,
  stream           INTEGER NOT NULL CHECK (stream IN (0, 1)),
  status           INTEGER NOT NULL CHECK (status BETWEEN 100 AND 599),
  error_code       TEXT,
  end_reason       TEXT NOT NULL CHECK (end_reason IN ('done', 'failed', 'client_gone', 'timeout', 'cut', 'recovered')),
  latency_ms       INTEGER NOT NULL CHECK (latency_ms >= 0),
  first_token_ms   INTEGER CHECK (first_token_ms >= 0),
  input_tokens     INTEGER NOT NULL CHECK (input_tokens >= 0),
  cached_tokens    INTEGER NOT NULL CHECK (cached_tokens >= 0),
  output_tokens    INTEGER NOT NULL CHECK (output_tokens >= 0),
  reasoning_tokens INTEGER NOT NULL CHECK (reasoning_tokens >= 0),
  -- Other units by kind: {"images": 2}.
  units            TEXT CHECK (units IS NULL OR json_valid(units)),
  usage_source     TEXT NOT NULL CHECK (usage_source IN ('reported', 'estimated', 'none')),
  CHECK (upstream_nano + developer_nano <= charge_nano),
  CHECK (earned_nano <= max(0, collected_nano - upstream_nano)),
  CHECK (lot_id IS NULL OR collected_nano > 0)
) STRICT;
-- Once per call; found by the id that the caller was given. Grows at its end: about a page a commit.
CREATE UNIQUE INDEX charges_call ON charges (call_id);
-- History, a page of one app, and what an app used today are ranges of this: one page a call. What nothing was collected for stands
-- apart, so that failed calls are in nobody's way. The id ends it, as it ends every index.
CREATE INDEX charges_of_app ON charges (account_id, client_id, collected_nano > 0);
CREATE TRIGGER charges_no_update
  BEFORE UPDATE OF id, call_id, at_ms, mode, account_id, lot_id, charge_nano, upstream_nano, developer_nano, collected_nano,
                   pending_id, earned_nano, promo_earned_nano, promo_cap_nano, balance_after_nano, hash ON charges
  BEGIN SELECT RAISE(ABORT, 'charges are immutable; post a refund or a reversal'); END;
CREATE TRIGGER charges_no_delete BEFORE DELETE ON charges
  BEGIN SELECT RAISE(ABORT, 'charges are immutable; post a refund or a reversal'); END;

-- The lots of a charge that several paid, in the order they were spent.
CREATE TABLE charge_lots (
  charge_id   INTEGER NOT NULL REFERENCES charges (id),
  seq         INTEGER NOT NULL CHECK (seq >= 0),
  lot_id      INTEGER NOT NULL REFERENCES lots (id),
  amount_nano INTEGER NOT NULL CHECK (amount_nano > 0),
  PRIMARY KEY (charge_id, seq),
  UNIQUE (charge_id, lot_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER charge_lots_no_update BEFORE UPDATE ON charge_lots
  BEGIN SELECT RAISE(ABORT, 'charges are immutable; post a refund or a reversal'); END;
CREATE TRIGGER charge_lots_no_delete BEFORE DELETE ON charge_lots
  BEGIN SELECT RAISE(ABORT, 'charges are immutable; post a refund or a reversal'); END;

-- The books, second half: whatever is no charge. Hashed: everything but actor, on_behalf_of, request_id and reason, which may
-- name a person.
CREATE TABLE transactions (
  id           INTEGER PRIMARY KEY,
  public_id    TEXT NOT NULL UNIQUE,
  type         TEXT NOT NULL CHECK (type IN (
                 'topup', 'subscription', 'daily_bonus', 'coupon', 'bonus', 'referral', 'sponsor', 'refund', 'adjustment',
                 'sale', 'commission', 'overage', 'expiry', 'reversal', 'debt', 'payout', 'fee')),
  mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  at_ms        INTEGER NOT NULL,
  actor        TEXT NOT NULL CHECK (actor <> ''),
  on_behalf_of TEXT,
  request_id   TEXT NOT NULL CHECK (request_id <> ''),
  reason       TEXT NOT NULL CHECK (reason <> ''),
  key          TEXT CHECK (key <> ''),
  -- Of a transaction or of a charge.
  reverses     INTEGER CHECK ((reverses IS NOT NULL) = (type = 'reversal')) CHECK (reverses < id),
  -- The charge that a refund or a reversal is about.
  charge_id    INTEGER REFERENCES charges (id) CHECK (charge_id IS NULL OR type IN ('refund', 'reversal')),
  hash         BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE UNIQUE INDEX transactions_key ON transactions (key) WHERE key IS NOT NULL;
CREATE UNIQUE INDEX transactions_reverses ON transactions (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX transactions_of_charge ON transactions (charge_id) WHERE charge_id IS NOT NULL;
CREATE TRIGGER transactions_no_update BEFORE UPDATE ON transactions
  BEGIN SELECT RAISE(ABORT, 'transactions are immutable; post a reversal'); END;
CREATE TRIGGER transactions_no_delete BEFORE DELETE ON transactions
  BEGIN SELECT RAISE(ABORT, 'transactions are immutable; post a reversal'); END;

CREATE TABLE entries (
  transaction_id     INTEGER NOT NULL REFERENCES transactions (id),
  seq                INTEGER NOT NULL CHECK (seq >= 0),
  account_id         INTEGER NOT NULL REFERENCES accounts (id),
  amount_nano        INTEGER NOT NULL CHECK (amount_nano <> 0),
  lot_id             INTEGER REFERENCES lots (id),
  balance_after_nano INTEGER NOT NULL,
  PRIMARY KEY (transaction_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_of_owner ON entries (account_id, transaction_id) WHERE account_id > 100;
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are immutable; post a reversal'); END;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are immutable; post a reversal'); END;

-- Charges by UTC day of the settle and what they have in common: folded from them up to `charge_fold.through`; later ones are read
-- from `charges` itself, so that sums are exact to the last commit. Day first, so that a fold writes neighbouring rows.
-- `back_nano`: what refunds and reversals gave back of them, at once; below 0 where a call was cleared between a refund and the
-- reversal of that refund.
CREATE TABLE charge_days (
  day            INTEGER NOT NULL,
  account_id     INTEGER NOT NULL REFERENCES accounts (id),
  client_id      INTEGER NOT NULL, -- 0: none
  scope          TEXT NOT NULL,
  route_id       INTEGER NOT NULL, -- 0: cleared
  held_day       INTEGER NOT NULL, -- -1: counts for no limit
  caller_id      INTEGER NOT NULL,
  calls          INTEGER NOT NULL DEFAULT 0 CHECK (calls >= 0),
  errors         INTEGER NOT NULL DEFAULT 0 CHECK (errors BETWEEN 0 AND calls),
  input_tokens   INTEGER NOT NULL DEFAULT 0 CHECK (input_tokens >= 0),
  output_tokens  INTEGER NOT NULL DEFAULT 0 CHECK (output_tokens >= 0),
  latency_ms     INTEGER NOT NULL DEFAULT 0 CHECK (latency_ms >= 0),
  charge_nano    INTEGER NOT NULL DEFAULT 0 CHECK (charge_nano >= 0),
  upstream_nano  INTEGER NOT NULL DEFAULT 0 CHECK (upstream_nano >= 0),
  earned_nano    INTEGER NOT NULL DEFAULT 0 CHECK (earned_nano >= 0),
  collected_nano INTEGER NOT NULL DEFAULT 0 CHECK (collected_nano BETWEEN 0 AND charge_nano),
  back_nano      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (day, account_id, client_id, scope, route_id, held_day, caller_id)
) STRICT, WITHOUT ROWID;
-- Who called through an app: counted here, without the rows.
CREATE INDEX charge_days_of_client ON charge_days (client_id, day);
-- The same charges by app and day, whoever called: what an app's figures cost does not grow with its people.
CREATE TABLE charge_client_days (
  client_id      INTEGER NOT NULL, -- 0: none
  day            INTEGER NOT NULL,
  calls          INTEGER NOT NULL CHECK (calls >= 0),
  errors         INTEGER NOT NULL CHECK (errors BETWEEN 0 AND calls),
  input_tokens   INTEGER NOT NULL CHECK (input_tokens >= 0),
  output_tokens  INTEGER NOT NULL CHECK (output_tokens >= 0),
  latency_ms     INTEGER NOT NULL CHECK (latency_ms >= 0),
  charge_nano    INTEGER NOT NULL CHECK (charge_nano >= 0),
  upstream_nano  INTEGER NOT NULL CHECK (upstream_nano >= 0),
  earned_nano    INTEGER NOT NULL CHECK (earned_nano >= 0),
  collected_nano INTEGER NOT NULL CHECK (collected_nano BETWEEN 0 AND charge_nano),
  PRIMARY KEY (client_id, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE charge_fold (through INTEGER NOT NULL) STRICT;
INSERT INTO charge_fold (through) VALUES (0);

CREATE TABLE claims (
  account_id     INTEGER NOT NULL REFERENCES accounts (id),
  at_ms          INTEGER NOT NULL,
  amount_nano    INTEGER NOT NULL CHECK (amount_nano > 0),
  streak         INTEGER NOT NULL CHECK (streak >= 1),
  -- The free budget in force; NULL when the claim did not count against it (paid plans).
  budget_nano    INTEGER CHECK (budget_nano >= amount_nano),
  auto           INTEGER NOT NULL CHECK (auto IN (0, 1)),
  transaction_id INTEGER NOT NULL UNIQUE REFERENCES transactions (id),
  PRIMARY KEY (account_id, at_ms)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER claims_a_day_apart BEFORE INSERT ON claims
  WHEN EXISTS (SELECT 1 FROM claims WHERE account_id = NEW.account_id AND at_ms > NEW.at_ms - 86400000)
  BEGIN SELECT RAISE(ABORT, 'claims are 24 hours apart'); END;
CREATE TRIGGER claims_no_update BEFORE UPDATE ON claims BEGIN SELECT RAISE(ABORT, 'claims are append-only'); END;
CREATE TRIGGER claims_no_delete BEFORE DELETE ON claims BEGIN SELECT RAISE(ABORT, 'claims are append-only'); END;

-- `budget_nano` is the budget in force when the last free claim of the day was granted.
CREATE TABLE free_budget_day (
  mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  day          INTEGER NOT NULL,
  granted_nano INTEGER NOT NULL CHECK (granted_nano >= 0),
  budget_nano  INTEGER NOT NULL,
  PRIMARY KEY (mode, day),
  CHECK (granted_nano <= budget_nano)
) STRICT, WITHOUT ROWID;

-- Refunds, claw-backs, adjustments, set balances, voids: one row per key, with what was asked and what was answered, so that
-- the same key gives the same answer. No personal data: ids and amounts only.
CREATE TABLE corrections (
  key            TEXT PRIMARY KEY CHECK (key <> ''),
  verb           TEXT NOT NULL CHECK (verb IN ('refund_charge', 'claw_back', 'adjust', 'set_balance', 'void_lot')),
  request        TEXT NOT NULL CHECK (json_valid(request)),
  result         TEXT NOT NULL CHECK (json_valid(result)),
  -- The lot of a claw-back or void, and how much of it; what all claw-backs of a lot may be is decided by these.
  lot_id         INTEGER REFERENCES lots (id) CHECK ((lot_id IS NOT NULL) = (verb IN ('claw_back', 'void_lot'))),
  amount_nano    INTEGER NOT NULL,
  -- NULL when there was nothing to change.
  transaction_id INTEGER UNIQUE REFERENCES transactions (id)
    CHECK (transaction_id IS NOT NULL OR (verb IN ('adjust', 'set_balance') AND amount_nano = 0)),
  at_ms          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX corrections_of_lot ON corrections (lot_id) WHERE lot_id IS NOT NULL;
CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections
  BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections
  BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;

-- One UTC day of one developer (account `pending`) and one source. Projection of charges, takes and maturities.
-- Once matured, a day earns nothing more and nothing is taken from it.
CREATE TABLE earning_days (
  account_id   INTEGER NOT NULL REFERENCES accounts (id),
  day          INTEGER NOT NULL,
  source       TEXT NOT NULL CHECK (source IN ('paid', 'promo')),
  earned_nano  INTEGER NOT NULL CHECK (earned_nano BETWEEN 0 AND 9007199254740991),
  clawed_nano  INTEGER NOT NULL DEFAULT 0 CHECK (clawed_nano BETWEEN 0 AND earned_nano),
  matured      INTEGER NOT NULL DEFAULT 0 CHECK (matured IN (0, 1)),
  matured_nano INTEGER NOT NULL DEFAULT 0
    CHECK (matured_nano = CASE matured WHEN 1 THEN earned_nano - clawed_nano ELSE 0 END),
  PRIMARY KEY (account_id, day, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX earning_days_due ON earning_days (day) WHERE matured = 0;
CREATE TRIGGER earning_days_matured_once
  BEFORE UPDATE ON earning_days WHEN OLD.matured = 1 AND (NEW.matured, NEW.earned_nano, NEW.clawed_nano)
    IS NOT (OLD.matured, OLD.earned_nano, OLD.clawed_nano)
  BEGIN SELECT RAISE(ABORT, 'a matured day is final'); END;

-- What was taken back from a charge's earning while it was pending.
CREATE TABLE earning_takes (
  id             INTEGER PRIMARY KEY,
  charge_id      INTEGER NOT NULL REFERENCES charges (id),
  account_id     INTEGER NOT NULL REFERENCES accounts (id),
  day            INTEGER NOT NULL,
  source         TEXT NOT NULL CHECK (source IN ('paid', 'promo')),
  amount_nano    INTEGER NOT NULL CHECK (amount_nano > 0),
  at_ms          INTEGER NOT NULL
) STRICT;
CREATE INDEX earning_takes_of_charge ON earning_takes (charge_id);
CREATE INDEX earning_takes_of_account ON earning_takes (account_id, at_ms);
CREATE TRIGGER earning_takes_no_update BEFORE UPDATE ON earning_takes
  BEGIN SELECT RAISE(ABORT, 'earning_takes is append-only'); END;
CREATE TRIGGER earning_takes_no_delete BEFORE DELETE ON earning_takes
  BEGIN SELECT RAISE(ABORT, 'earning_takes is append-only'); END;

-- One run of maturity for one developer: every day up to these, inclusive, is payable from then on.
CREATE TABLE earning_maturities (
  transaction_id INTEGER PRIMARY KEY REFERENCES transactions (id),
  account_id     INTEGER NOT NULL REFERENCES accounts (id),
  paid_day       INTEGER NOT NULL,
  promo_day      INTEGER NOT NULL,
  amount_nano    INTEGER NOT NULL CHECK (amount_nano > 0),
  at_ms          INTEGER NOT NULL
) STRICT;
CREATE INDEX earning_maturities_of_account ON earning_maturities (account_id, at_ms);
CREATE TRIGGER earning_maturities_no_update BEFORE UPDATE ON earning_maturities
  BEGIN SELECT RAISE(ABORT, 'earning_maturities is append-only'); END;
CREATE TRIGGER earning_maturities_no_delete BEFORE DELETE ON earning_maturities
  BEGIN SELECT RAISE(ABORT, 'earning_maturities is append-only'); END;

-- Money on its way out. The amount left `payable` when it was requested; it arrives, or comes back, once.
CREATE TABLE payouts (
  id           INTEGER PRIMARY KEY,
  public_id    TEXT NOT NULL UNIQUE,
  owner_id     INTEGER NOT NULL CHECK (owner_id > 0),
  mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  amount_nano  INTEGER NOT NULL CHECK (amount_nano BETWEEN 1 AND 9007199254740991),
  state        TEXT NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'paid', 'failed')),
  requested_ms INTEGER NOT NULL,
  resolved_ms  INTEGER CHECK (resolved_ms >= requested_ms),
  request_id   INTEGER NOT NULL UNIQUE REFERENCES transactions (id),
  resolve_id   INTEGER UNIQUE REFERENCES transactions (id),
  key          TEXT NOT NULL UNIQUE CHECK (key <> ''),
  CHECK ((state = 'requested') = (resolved_ms IS NULL)),
  CHECK ((state = 'requested') = (resolve_id IS NULL))
) STRICT;
CREATE INDEX payouts_of_owner ON payouts (owner_id, mode, id);
CREATE TRIGGER payouts_resolve_once BEFORE UPDATE ON payouts
  WHEN OLD.state <> 'requested' OR (NEW.id, NEW.public_id, NEW.owner_id, NEW.mode, NEW.amount_nano, NEW.requested_ms,
       NEW.request_id, NEW.key) IS NOT (OLD.id, OLD.public_id, OLD.owner_id, OLD.mode, OLD.amount_nano,
       OLD.requested_ms, OLD.request_id, OLD.key)
  BEGIN SELECT RAISE(ABORT, 'a payout resolves once'); END;
CREATE TRIGGER payouts_no_delete BEFORE DELETE ON payouts BEGIN SELECT RAISE(ABORT, 'payouts are never deleted'); END;

-- One run of verification. `checks` is the report's list: name, promise, checked, violations, examples.
CREATE TABLE book_runs (
  id           INTEGER PRIMARY KEY,
  started_ms   INTEGER NOT NULL,
  took_ms      INTEGER NOT NULL CHECK (took_ms >= 0),
  -- Who asked: `system:verify-books` or an admin.
  actor        TEXT NOT NULL CHECK (actor <> ''),
  ok           INTEGER NOT NULL CHECK (ok IN (0, 1)),
  transactions INTEGER NOT NULL CHECK (transactions >= 0),
  head         TEXT CHECK (length(head) = 64),
  checks       TEXT NOT NULL CHECK (json_valid(checks))
) STRICT;
CREATE INDEX book_runs_failed ON book_runs (id) WHERE ok = 0;

INSERT INTO accounts (id, owner_kind, owner_id, mode, kind, balance_nano, created_ms) VALUES
  (1, 'platform', 0, 'live', 'revenue', 0, 0),        (2, 'platform', 0, 'live', 'upstream_payable', 0, 0),
  (3, 'platform', 0, 'live', 'promo', 0, 0),          (4, 'platform', 0, 'live', 'breakage', 0, 0),
  (5, 'platform', 0, 'live', 'uncollected', 0, 0),    (6, 'platform', 0, 'live', 'cash', 0, 0),
  (7, 'platform', 0, 'live', 'payouts', 0, 0),        (8, 'platform', 0, 'live', 'processor_fees', 0, 0),
  (9, 'platform', 0, 'live', 'tax_payable', 0, 0),    (10, 'platform', 0, 'live', 'disputes', 0, 0),
  (11, 'platform', 0, 'live', 'sponsor', 0, 0),       (12, 'platform', 0, 'live', 'fx', 0, 0),
  (21, 'platform', 0, 'test', 'revenue', 0, 0),       (22, 'platform', 0, 'test', 'upstream_payable', 0, 0),
  (23, 'platform', 0, 'test', 'promo', 0, 0),         (24, 'platform', 0, 'test', 'breakage', 0, 0),
  (25, 'platform', 0, 'test', 'uncollected', 0, 0),   (26, 'platform', 0, 'test', 'cash', 0, 0),
  (27, 'platform', 0, 'test', 'payouts', 0, 0),       (28, 'platform', 0, 'test', 'processor_fees', 0, 0),
  (29, 'platform', 0, 'test', 'tax_payable', 0, 0),   (30, 'platform', 0, 'test', 'disputes', 0, 0),
  (31, 'platform', 0, 'test', 'sponsor', 0, 0),       (32, 'platform', 0, 'test', 'fx', 0, 0);

-- Both halves of the books in the general form, for proof, export, history and pages. By id only: `public_id` of a charge is made here.
CREATE VIEW v_transactions AS
  SELECT id, public_id, type, mode, at_ms, actor, on_behalf_of, request_id, reason, key, reverses, charge_id, hash,
         NULL AS call_id, NULL AS client_id, NULL AS scope
  FROM transactions
  UNION ALL
  SELECT id, 'txn_' || substr(call_id, 5), 'usage', mode, at_ms,
         CASE end_reason WHEN 'recovered' THEN 'system:recovery' ELSE 'system:gateway' END, NULL, call_id, 'call', NULL, NULL, id,
         hash, call_id, client_id, scope
  FROM charges;

-- What moved on wallets, which alone have lots. Entries of a charge: lots from seq 0 on.
CREATE VIEW v_wallet_entries AS
  SELECT transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano FROM entries WHERE lot_id IS NOT NULL
  UNION ALL
  SELECT id, 0, account_id, -collected_nano, lot_id, balance_after_nano FROM charges WHERE lot_id IS NOT NULL
  UNION ALL
  SELECT c.id, l.seq, c.account_id, -l.amount_nano, l.lot_id, c.balance_after_nano + COALESCE((
           SELECT SUM(k.amount_nano) FROM charge_lots k WHERE k.charge_id = c.id AND k.seq > l.seq), 0)
  FROM charges c JOIN charge_lots l ON l.charge_id = c.id WHERE c.lot_id IS NULL AND c.collected_nano > 0;

-- All entries, by transaction. The other side of a charge comes after its lots, with no running balance: those accounts move once a
-- commit. Never to be asked by account: the platform's are computed.
CREATE VIEW v_entries AS
  SELECT transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano FROM entries
  UNION ALL
  SELECT id, 0, account_id, -collected_nano, lot_id, balance_after_nano FROM charges WHERE lot_id IS NOT NULL
  UNION ALL
  SELECT c.id, l.seq, c.account_id, -l.amount_nano, l.lot_id, c.balance_after_nano + COALESCE((
           SELECT SUM(k.amount_nano) FROM charge_lots k WHERE k.charge_id = c.id AND k.seq > l.seq), 0)
  FROM charges c JOIN charge_lots l ON l.charge_id = c.id WHERE c.lot_id IS NULL AND c.collected_nano > 0
  UNION ALL
  SELECT id, 1000, CASE mode WHEN 'live' THEN 5 ELSE 25 END, collected_nano - charge_nano, NULL, NULL
  FROM charges WHERE charge_nano > collected_nano
  UNION ALL
  SELECT id, 1001, CASE mode WHEN 'live' THEN 2 ELSE 22 END, upstream_nano, NULL, NULL FROM charges WHERE upstream_nano > 0
  UNION ALL
  SELECT id, 1002, pending_id, earned_nano, NULL, NULL FROM charges WHERE earned_nano > 0
  UNION ALL
  SELECT id, 1003, CASE mode WHEN 'live' THEN 1 ELSE 21 END, charge_nano - upstream_nano - earned_nano, NULL, NULL
  FROM charges WHERE charge_nano > upstream_nano + earned_nano;

CREATE VIEW v_accounts AS
  SELECT id, owner_kind, owner_id, mode, kind, asset, created_ms,
         CASE kind WHEN 'wallet' THEN COALESCE((SELECT SUM(l.remaining_nano) FROM lots l WHERE l.account_id = a.id AND l.unspent = 1), 0)
                   ELSE balance_nano END AS balance_nano
  FROM accounts a;

-- For admin pages: a person's unspent credits, open holds and what developers have coming. Totals may pass 2^53: TEXT.
CREATE VIEW v_ledger_accounts AS
  SELECT id AS account_id, owner_kind, owner_id, mode, kind, CAST(balance_nano AS TEXT) AS balance_nano FROM v_accounts;
CREATE VIEW v_ledger_wallets AS
  SELECT a.id AS account_id, a.owner_id, a.mode, a.balance_nano,
         COALESCE((SELECT SUM(h.amount_nano) FROM open_holds h WHERE h.account_id = a.id), 0) AS held_nano
  FROM v_accounts a WHERE a.kind = 'wallet';
CREATE VIEW v_ledger_transactions AS
  SELECT id, public_id, type, mode, at_ms, actor, on_behalf_of, request_id, reason, call_id, client_id, scope FROM v_transactions;
CREATE VIEW v_ledger_open_holds AS
  SELECT h.id, h.call_id, a.owner_id, a.mode, h.client_id, h.scope, h.amount_nano, h.stage, h.created_ms, h.lease_until_ms
  FROM open_holds h JOIN accounts a ON a.id = h.account_id;
CREATE VIEW v_ledger_claims AS
  SELECT a.owner_id, a.mode, c.at_ms, c.amount_nano, c.streak, c.budget_nano, c.auto
  FROM claims c JOIN accounts a ON a.id = c.account_id;
CREATE VIEW v_ledger_payouts AS
  SELECT id, public_id, owner_id, mode, amount_nano, state, requested_ms, resolved_ms FROM payouts;

-- For usage: what a call was and came to, in the words of the days below where it is summed with them; days that are folded, and the
-- id of the last charge in them: figures are those days and the charges after it.
CREATE VIEW v_charges AS
  SELECT id, call_id, at_ms, at_ms / 86400000 AS day, mode, account_id, charge_nano, upstream_nano, developer_nano, earned_nano,
         collected_nano, developer_id, caller_id, client_id, key_id, scope, route_id, stream, status, error_code,
         (error_code IS NOT NULL AND end_reason <> 'client_gone') AS errors, end_reason, latency_ms, first_token_ms, input_tokens,
         cached_tokens, output_tokens, reasoning_tokens, units, usage_source
  FROM charges;
CREATE VIEW v_charge_days AS
  SELECT day, account_id, client_id, scope, route_id, caller_id, calls, errors, input_tokens, output_tokens, latency_ms,
         charge_nano, upstream_nano, earned_nano, collected_nano, back_nano
  FROM charge_days;
CREATE VIEW v_charge_client_days AS
  SELECT client_id, day, calls, errors, input_tokens, output_tokens, latency_ms, charge_nano, upstream_nano, earned_nano, collected_nano
  FROM charge_client_days;
CREATE VIEW v_charge_fold AS SELECT through FROM charge_fold;
