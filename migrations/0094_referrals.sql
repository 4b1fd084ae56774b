-- Referrals: who brought whom, and what came of it. A link is a code of a person; a browser that followed one is remembered until it makes an
-- account, by the same keyed hash as sessions have.
CREATE TABLE referral_links (
  user_id    INTEGER PRIMARY KEY REFERENCES users (id),
  code       TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 8 AND 24),
  created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE referral_visits (
  browser_hash TEXT PRIMARY KEY,
  referrer_id  INTEGER NOT NULL REFERENCES users (id),
  at_ms        INTEGER NOT NULL
) STRICT;
CREATE INDEX referral_visits_time ON referral_visits (at_ms);
CREATE INDEX referral_visits_of ON referral_visits (referrer_id);

CREATE TABLE referrals (
  id          INTEGER PRIMARY KEY,
  referrer_id INTEGER NOT NULL REFERENCES users (id),
  user_id     INTEGER NOT NULL UNIQUE REFERENCES users (id) CHECK (user_id <> referrer_id),
  state       TEXT NOT NULL CHECK (state IN ('joined', 'rewarded', 'refused', 'taken_back')),
  -- Of what was refused: which rule.
  why         TEXT CHECK ((why IS NOT NULL) = (state = 'refused')),
  reward_nano INTEGER NOT NULL DEFAULT 0 CHECK (reward_nano >= 0 AND (reward_nano > 0) = (state IN ('rewarded', 'taken_back'))),
  -- `ord_…`, the purchase that it was decided by.
  order_id    TEXT,
  joined_ms   INTEGER NOT NULL,
  decided_ms  INTEGER CHECK ((decided_ms IS NULL) = (state = 'joined'))
) STRICT;
CREATE INDEX referrals_of ON referrals (referrer_id, id);
CREATE INDEX referrals_in ON referrals (state, id);

-- What tells people apart: keyed hashes of addresses as their mailbox has them, of browsers, networks and cards. Kept for a while after their
-- person is gone, so that nobody comes back as somebody else.
CREATE TABLE referral_marks (
  kind    TEXT NOT NULL CHECK (kind IN ('address', 'device', 'network', 'card')),
  hash    TEXT NOT NULL,
  user_id INTEGER NOT NULL,
  gone    INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
  at_ms   INTEGER NOT NULL,
  PRIMARY KEY (kind, hash, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX referral_marks_of ON referral_marks (user_id);
CREATE INDEX referral_marks_time ON referral_marks (at_ms);

-- What referrals read of others.
CREATE VIEW v_identity_browsers AS SELECT DISTINCT user_id, browser_hash, ip FROM sessions;
CREATE VIEW v_billing_purchases AS
  SELECT o.id, o.public_id, o.user_id, o.price_nano - o.discount_nano AS paid_nano, o.paid_ms, o.charge_id, o.refunded_nano,
    EXISTS (SELECT 1 FROM billing_disputes d WHERE d.payment_key = 'order:' || o.public_id AND d.withdrawn_nano > 0) AS disputed
  FROM billing_orders o WHERE o.state = 'paid';
CREATE VIEW v_team_members AS SELECT team_id, user_id FROM team_members;
