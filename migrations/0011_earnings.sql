-- Earnings of developers: pending → payable → paid or clawed (SPEC §2, DE-5). What a call earned stands on its hold; days,
-- their takes and maturities decide what is still pending.

-- The most that promo lots may earn the developer of this call on its UTC day; 0 = nothing counts (unverified user),
-- 9007199254740991 = no cap, -1 = the call was held before these rules.
ALTER TABLE holds ADD COLUMN promo_cap_nano INTEGER NOT NULL DEFAULT -1
  CHECK (promo_cap_nano BETWEEN -1 AND 9007199254740991);
-- What the developer was credited for credits of promo lots; the rest of the credit is paid lots' part.
ALTER TABLE holds ADD COLUMN promo_earned_nano INTEGER NOT NULL DEFAULT 0 CHECK (promo_earned_nano >= 0);

-- One UTC day of one developer (account `pending`) and one source. Projection of holds, takes and maturities.
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

-- What was taken back from a usage transaction's earning while it was pending.
CREATE TABLE earning_takes (
  id             INTEGER PRIMARY KEY,
  transaction_id INTEGER NOT NULL REFERENCES transactions (id),
  account_id     INTEGER NOT NULL REFERENCES accounts (id),
  day            INTEGER NOT NULL,
  source         TEXT NOT NULL CHECK (source IN ('paid', 'promo')),
  amount_nano    INTEGER NOT NULL CHECK (amount_nano > 0),
  at_ms          INTEGER NOT NULL
) STRICT;
CREATE INDEX earning_takes_of_transaction ON earning_takes (transaction_id);
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

CREATE VIEW v_ledger_payouts AS
  SELECT id, public_id, owner_id, mode, amount_nano, state, requested_ms, resolved_ms FROM payouts;

-- What was earned before these rules stays earned; its promo part (rounded as `splitEarning` does) matures as promo.
UPDATE holds SET promo_earned_nano = s.promo FROM (
  SELECT e.transaction_id,
         CASE WHEN x.promo = 0 THEN 0 WHEN e.amount_nano > 9000000000000000000 / x.promo THEN e.amount_nano
         ELSE e.amount_nano * x.promo / x.total + (e.amount_nano * x.promo % x.total > x.total / 2) END AS promo
  FROM entries e JOIN accounts a ON a.id = e.account_id AND a.kind = 'pending'
  JOIN (SELECT w.transaction_id, -SUM(w.amount_nano) AS total, -SUM(CASE l.paid WHEN 0 THEN w.amount_nano ELSE 0 END) AS promo
        FROM entries w JOIN lots l ON l.id = w.lot_id GROUP BY w.transaction_id) x ON x.transaction_id = e.transaction_id
  WHERE e.amount_nano > 0) s
WHERE s.transaction_id = holds.transaction_id;
INSERT INTO earning_days (account_id, day, source, earned_nano)
  SELECT account_id, day, source, SUM(nano) FROM (
    SELECT e.account_id, t.at_ms / 86400000 AS day, 'paid' AS source, e.amount_nano - h.promo_earned_nano AS nano
    FROM entries e JOIN accounts a ON a.id = e.account_id AND a.kind = 'pending'
    JOIN transactions t ON t.id = e.transaction_id AND t.type = 'usage' JOIN holds h ON h.id = t.hold_id
    UNION ALL
    SELECT e.account_id, t.at_ms / 86400000, 'promo', h.promo_earned_nano
    FROM entries e JOIN accounts a ON a.id = e.account_id AND a.kind = 'pending'
    JOIN transactions t ON t.id = e.transaction_id AND t.type = 'usage' JOIN holds h ON h.id = t.hold_id)
  WHERE nano > 0 GROUP BY account_id, day, source;
