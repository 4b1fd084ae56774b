-- Payouts by Stripe Connect: that a transfer was asked for, before it is. Whoever finds such a row looks at Stripe first, and asks for no second one.
CREATE TABLE payout_transfers (
  order_id    INTEGER PRIMARY KEY REFERENCES payout_orders (id),
  asked_ms    INTEGER NOT NULL,
  -- tr_…; NULL: it is not known yet what came of it.
  transfer_id TEXT CHECK (length(transfer_id) <= 80),
  -- It was refused, and nothing left.
  refused_ms  INTEGER,
  CHECK (transfer_id IS NULL OR refused_ms IS NULL)
) STRICT;
