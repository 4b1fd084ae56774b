-- What is charged by itself rests while its person is suspended. When we had the processor stop collecting; NULL: it collects.
ALTER TABLE billing_subscriptions ADD COLUMN paused_ms INTEGER;

-- Whatever plans people have: what an admin assigned, and what they pay for, until when (NULL: its periods go on). The dearest that is not over
-- is the one that counts, of two of a price the one that is paid for.
CREATE VIEW v_plan_holdings AS
  SELECT a.user_id, p.code AS plan, p.price_nano, NULL AS until_ms FROM plan_assignments a JOIN plans p ON p.id = a.plan_id
  UNION ALL
  SELECT s.user_id, p.code, p.price_nano, s.until_ms FROM plan_subscriptions s JOIN plans p ON p.id = s.plan_id;
DROP VIEW v_plan_assignments;
