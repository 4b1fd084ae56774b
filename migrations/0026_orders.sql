-- Orders are everything that is paid once: credits from the shelf, a recharge by a saved card, or a payment that an admin writes down.
ALTER TABLE billing_orders ADD COLUMN kind TEXT NOT NULL DEFAULT 'package' CHECK (kind IN ('package', 'recharge', 'manual'));
-- n$, whole cents. Off the price, by a coupon.
ALTER TABLE billing_orders ADD COLUMN discount_nano INTEGER NOT NULL DEFAULT 0
  CHECK (discount_nano >= 0 AND discount_nano % 10000000 = 0);
-- n$, whole cents. What was added to the price for the state, or lies within it, as the processor says.
ALTER TABLE billing_orders ADD COLUMN tax_nano INTEGER NOT NULL DEFAULT 0 CHECK (tax_nano >= 0 AND tax_nano % 10000000 = 0);
-- n$ of what was paid that went back, in all; never less than before.
ALTER TABLE billing_orders ADD COLUMN refunded_nano INTEGER NOT NULL DEFAULT 0 CHECK (refunded_nano >= 0);
