-- Ledger: double entry in nano-dollars. `amount_nano` > 0 credits an account, < 0 debits it; a transaction sums to 0.
-- Transactions and entries are never changed; everything else here is a projection that can be rebuilt, or a promise.

-- Platform accounts have ids 1…100 (seeded below), so that indexes can leave their endless entries out.
CREATE TABLE accounts (
  id           INTEGER PRIMARY KEY,
  owner_kind   TEXT NOT NULL CHECK (owner_kind IN ('principal', 'platform')),
  owner_id     INTEGER NOT NULL CHECK (owner_id >= 0),
  mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  kind         TEXT NOT NULL,
  asset        TEXT NOT NULL DEFAULT 'usd_nano' CHECK (asset = 'usd_nano'),
  -- Sum of the account's entries. Wallets stay within 2^53, so that they are exact as JavaScript numbers.
  balance_nano INTEGER NOT NULL DEFAULT 0
    CHECK (kind <> 'wallet' OR balance_nano BETWEEN 0 AND 9007199254740991)
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

-- One grant of credits. `unspent` repeats remaining_nano > 0 so that spending a part of a lot touches no index.
CREATE TABLE lots (
  id             INTEGER PRIMARY KEY,
  public_id      TEXT NOT NULL UNIQUE,
  account_id     INTEGER NOT NULL REFERENCES accounts (id),
  bucket         TEXT NOT NULL CHECK (bucket IN ('daily', 'subscription', 'purchase', 'coupon', 'bonus', 'referral',
                                                 'sponsored', 'refund', 'adjustment')),
  paid           INTEGER NOT NULL CHECK (paid IN (0, 1)),
  priority       INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 100),
  restriction    TEXT,
  granted_nano   INTEGER NOT NULL CHECK (granted_nano BETWEEN 1 AND 9007199254740991),
  consumed_nano  INTEGER NOT NULL DEFAULT 0 CHECK (consumed_nano >= 0),
  expired_nano   INTEGER NOT NULL DEFAULT 0 CHECK (expired_nano >= 0),
  voided_nano    INTEGER NOT NULL DEFAULT 0 CHECK (voided_nano >= 0),
  clawed_nano    INTEGER NOT NULL DEFAULT 0 CHECK (clawed_nano >= 0),
  remaining_nano INTEGER NOT NULL,
  held_nano      INTEGER NOT NULL DEFAULT 0,
  unspent        INTEGER NOT NULL DEFAULT 1 CHECK (unspent = (remaining_nano > 0)),
  effective_ms   INTEGER NOT NULL,
  expires_ms     INTEGER CHECK (expires_ms > effective_ms),
  created_ms     INTEGER NOT NULL,
  -- Also the key of the transaction that granted it.
  key            TEXT NOT NULL UNIQUE CHECK (key <> ''),
  CHECK (held_nano >= 0 AND held_nano <= remaining_nano AND remaining_nano <= granted_nano),
  CHECK (granted_nano = consumed_nano + expired_nano + voided_nano + clawed_nano + remaining_nano)
) STRICT;
CREATE INDEX lots_of_wallet ON lots (account_id) WHERE unspent = 1;
CREATE INDEX lots_due ON lots (expires_ms) WHERE unspent = 1 AND expires_ms IS NOT NULL;
CREATE TRIGGER lots_terms_fixed
  BEFORE UPDATE OF id, public_id, account_id, bucket, paid, priority, restriction, granted_nano, effective_ms,
                   expires_ms, created_ms, key ON lots
  BEGIN SELECT RAISE(ABORT, 'the terms of a lot never change'); END;
CREATE TRIGGER lots_no_delete BEFORE DELETE ON lots BEGIN SELECT RAISE(ABORT, 'lots are never deleted'); END;

-- Credits reserved for one call, resolved once. What is needed to settle without the caller stands on the row.
CREATE TABLE holds (
  id                    INTEGER PRIMARY KEY,
  account_id            INTEGER NOT NULL REFERENCES accounts (id),
  call_id               TEXT NOT NULL,
  boot_id               TEXT NOT NULL,
  -- What the credits are for, in the caller's words (a model's name); kept for a settle without the caller.
  reason                TEXT NOT NULL,
  client_id             INTEGER,
  scope                 TEXT NOT NULL,
  limit_scope           TEXT,
  day                   INTEGER NOT NULL CHECK (day = created_ms / 86400000),
  amount_nano           INTEGER NOT NULL CHECK (amount_nano BETWEEN 0 AND 9007199254740991),
  stage                 TEXT NOT NULL CHECK (stage IN ('held', 'sent', 'streaming')),
  input_cost_nano       INTEGER NOT NULL CHECK (input_cost_nano >= 0),
  known_cost_nano       INTEGER NOT NULL CHECK (known_cost_nano >= 0),
  split_upstream        INTEGER NOT NULL CHECK (split_upstream >= 0),
  split_developer       INTEGER NOT NULL CHECK (split_developer >= 0),
  split_platform        INTEGER NOT NULL CHECK (split_platform >= 0),
  developer_id          INTEGER,
  lease_until_ms        INTEGER NOT NULL,
  created_ms            INTEGER NOT NULL,
  state                 TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'settled', 'released')),
  resolved_ms           INTEGER CHECK (resolved_ms >= created_ms),
  transaction_id        INTEGER REFERENCES transactions (id),
  charge_nano           INTEGER NOT NULL DEFAULT 0 CHECK (charge_nano >= 0),
  charge_upstream_nano  INTEGER NOT NULL DEFAULT 0 CHECK (charge_upstream_nano >= 0),
  charge_developer_nano INTEGER NOT NULL DEFAULT 0 CHECK (charge_developer_nano >= 0),
  charge_platform_nano  INTEGER NOT NULL DEFAULT 0 CHECK (charge_platform_nano >= 0),
  collected_nano        INTEGER NOT NULL DEFAULT 0 CHECK (collected_nano >= 0),
  uncollected_nano      INTEGER NOT NULL DEFAULT 0 CHECK (uncollected_nano >= 0),
  CHECK ((client_id IS NULL) = (limit_scope IS NULL)),
  CHECK ((state = 'open') = (resolved_ms IS NULL)),
  CHECK (state = 'settled' OR charge_nano = 0),
  CHECK ((charge_nano > 0) = (transaction_id IS NOT NULL)),
  CHECK (charge_nano = charge_upstream_nano + charge_developer_nano + charge_platform_nano),
  CHECK (charge_nano = collected_nano + uncollected_nano)
) STRICT;
CREATE INDEX holds_open ON holds (lease_until_ms) WHERE state = 'open';
CREATE TRIGGER holds_resolve_once
  BEFORE UPDATE OF state ON holds WHEN OLD.state <> 'open'
  BEGIN SELECT RAISE(ABORT, 'a hold resolves once'); END;
CREATE TRIGGER holds_no_delete BEFORE DELETE ON holds BEGIN SELECT RAISE(ABORT, 'holds are never deleted'); END;

-- Which lots a hold reserved, in the order they will be spent.
CREATE TABLE hold_lots (
  hold_id     INTEGER NOT NULL REFERENCES holds (id),
  lot_id      INTEGER NOT NULL REFERENCES lots (id),
  seq         INTEGER NOT NULL CHECK (seq >= 0),
  amount_nano INTEGER NOT NULL CHECK (amount_nano > 0),
  PRIMARY KEY (hold_id, lot_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER hold_lots_no_update BEFORE UPDATE ON hold_lots
  BEGIN SELECT RAISE(ABORT, 'hold_lots is append-only'); END;
CREATE TRIGGER hold_lots_no_delete BEFORE DELETE ON hold_lots
  BEGIN SELECT RAISE(ABORT, 'hold_lots is append-only'); END;

-- The books. Hashed: everything but actor, on_behalf_of, request_id and reason, which may name a person.
CREATE TABLE transactions (
  id           INTEGER PRIMARY KEY,
  public_id    TEXT NOT NULL UNIQUE,
  type         TEXT NOT NULL CHECK (type IN (
                 'topup', 'subscription', 'daily_bonus', 'coupon', 'bonus', 'referral', 'sponsor', 'refund', 'adjustment',
                 'usage', 'sale', 'commission', 'overage', 'expiry', 'reversal', 'debt', 'payout', 'fee')),
  mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  at_ms        INTEGER NOT NULL,
  actor        TEXT NOT NULL CHECK (actor <> ''),
  on_behalf_of TEXT,
  request_id   TEXT NOT NULL CHECK (request_id <> ''),
  reason       TEXT NOT NULL CHECK (reason <> ''),
  key          TEXT CHECK (key <> ''),
  reverses     INTEGER REFERENCES transactions (id) CHECK ((reverses IS NOT NULL) = (type = 'reversal')),
  hold_id      INTEGER REFERENCES holds (id),
  usage_id     INTEGER,
  prev_hash    BLOB NOT NULL CHECK (length(prev_hash) = 32),
  hash         BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE UNIQUE INDEX transactions_key ON transactions (key) WHERE key IS NOT NULL;
CREATE UNIQUE INDEX transactions_reverses ON transactions (reverses) WHERE reverses IS NOT NULL;
CREATE UNIQUE INDEX transactions_hold ON transactions (hold_id) WHERE hold_id IS NOT NULL AND type = 'usage';
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

-- What a person's credits did for one app, scope and UTC day; a call belongs to the day of its hold.
CREATE TABLE limit_day (
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  client_id  INTEGER NOT NULL,
  scope      TEXT NOT NULL,
  day        INTEGER NOT NULL,
  used_nano  INTEGER NOT NULL CHECK (used_nano >= 0),
  held_nano  INTEGER NOT NULL CHECK (held_nano >= 0),
  PRIMARY KEY (account_id, client_id, scope, day)
) STRICT, WITHOUT ROWID;

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

INSERT INTO accounts (id, owner_kind, owner_id, mode, kind, created_ms) VALUES
  (1, 'platform', 0, 'live', 'revenue', 0),        (2, 'platform', 0, 'live', 'upstream_payable', 0),
  (3, 'platform', 0, 'live', 'promo', 0),          (4, 'platform', 0, 'live', 'breakage', 0),
  (5, 'platform', 0, 'live', 'uncollected', 0),    (6, 'platform', 0, 'live', 'cash', 0),
  (7, 'platform', 0, 'live', 'payouts', 0),        (8, 'platform', 0, 'live', 'processor_fees', 0),
  (9, 'platform', 0, 'live', 'tax_payable', 0),    (10, 'platform', 0, 'live', 'disputes', 0),
  (11, 'platform', 0, 'live', 'sponsor', 0),       (12, 'platform', 0, 'live', 'fx', 0),
  (21, 'platform', 0, 'test', 'revenue', 0),       (22, 'platform', 0, 'test', 'upstream_payable', 0),
  (23, 'platform', 0, 'test', 'promo', 0),         (24, 'platform', 0, 'test', 'breakage', 0),
  (25, 'platform', 0, 'test', 'uncollected', 0),   (26, 'platform', 0, 'test', 'cash', 0),
  (27, 'platform', 0, 'test', 'payouts', 0),       (28, 'platform', 0, 'test', 'processor_fees', 0),
  (29, 'platform', 0, 'test', 'tax_payable', 0),   (30, 'platform', 0, 'test', 'disputes', 0),
  (31, 'platform', 0, 'test', 'sponsor', 0),       (32, 'platform', 0, 'test', 'fx', 0);

-- For admin pages: a person's unspent credits, open holds and what developers have coming. Totals may pass 2^53: TEXT.
CREATE VIEW v_ledger_accounts AS
  SELECT id AS account_id, owner_kind, owner_id, mode, kind, CAST(balance_nano AS TEXT) AS balance_nano FROM accounts;
CREATE VIEW v_ledger_wallets AS
  SELECT a.id AS account_id, a.owner_id, a.mode, a.balance_nano,
         COALESCE((SELECT SUM(l.held_nano) FROM lots l WHERE l.account_id = a.id AND l.unspent = 1), 0) AS held_nano
  FROM accounts a WHERE a.kind = 'wallet';
CREATE VIEW v_ledger_transactions AS
  SELECT t.id, t.public_id, t.type, t.mode, t.at_ms, t.actor, t.on_behalf_of, t.request_id, t.reason, t.usage_id,
         h.call_id, h.client_id, h.scope
  FROM transactions t LEFT JOIN holds h ON h.id = t.hold_id;
CREATE VIEW v_ledger_open_holds AS
  SELECT h.id, h.call_id, a.owner_id, a.mode, h.client_id, h.scope, h.amount_nano, h.stage, h.created_ms, h.lease_until_ms
  FROM holds h JOIN accounts a ON a.id = h.account_id WHERE h.state = 'open';
CREATE VIEW v_ledger_claims AS
  SELECT a.owner_id, a.mode, c.at_ms, c.amount_nano, c.streak, c.budget_nano, c.auto
  FROM claims c JOIN accounts a ON a.id = c.account_id;
