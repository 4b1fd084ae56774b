// Proof of earnings and payouts as SQL: what `earning_days` should be, from charges, takes and maturities, and one query per promise
// that answers with what breaks it. Rebuild writes the same sums. Read-only but for the rebuild.
import { type CheckSql, count } from "./store-proof.ts"

/** The first run that covered a day; runs are walked by their index from that day on. */
const maturedBy = (row: string): string => `
  SELECT f.transaction_id FROM earning_maturities f
  WHERE f.account_id = ${row}.account_id AND f.at_ms >= ${row}.day * 86400000
    AND ${row}.day <= CASE ${row}.source WHEN 'paid' THEN f.paid_day ELSE f.promo_day END
  ORDER BY f.at_ms LIMIT 1`

/** earning_days as charges, sales, takes and maturities tell it. Charges are read once, and summed by day before they are told apart. */
const EARNING_SUMS = `
  SELECT account_id, day, source, earned, clawed, matured,
         CASE matured WHEN 1 THEN earned - clawed ELSE 0 END AS matured_nano
  FROM (
    WITH days AS MATERIALIZED (
      SELECT pending_id AS account_id, at_ms / 86400000 AS day, SUM(earned_nano - promo_earned_nano) AS paid,
             SUM(promo_earned_nano) AS promo
      FROM charges WHERE earned_nano > 0 GROUP BY 1, 2),
    sold AS (
      SELECT pending_id AS account_id, at_ms / 86400000 AS day, SUM(amount_nano - commission_nano) AS paid
      FROM sales WHERE amount_nano > commission_nano GROUP BY 1, 2)
    SELECT account_id, day, source, SUM(earned) AS earned, SUM(clawed) AS clawed,
           (${maturedBy("x")}) IS NOT NULL AS matured
    FROM (SELECT account_id, day, 'paid' AS source, paid AS earned, 0 AS clawed FROM days WHERE paid <> 0
          UNION ALL SELECT account_id, day, 'paid', paid, 0 FROM sold
          UNION ALL SELECT account_id, day, 'promo', promo, 0 FROM days WHERE promo <> 0
          UNION ALL SELECT account_id, day, source, 0, amount_nano FROM earning_takes WHERE late = 0) x
    GROUP BY account_id, day, source)`

export const EARNING_REBUILD: readonly string[] = [
  `DELETE FROM earning_days WHERE (account_id, day, source, earned_nano, clawed_nano, matured) NOT IN (
     SELECT account_id, day, source, earned, clawed, matured FROM (${EARNING_SUMS}))`,
  `INSERT INTO earning_days (account_id, day, source, earned_nano, clawed_nano, matured, matured_nano)
   SELECT account_id, day, source, earned, clawed, matured, matured_nano FROM (${EARNING_SUMS}) WHERE true
   ON CONFLICT DO NOTHING`,
]

/** What a day earned is proved by the walk (`earned.ts`), which comes by all charges anyway. */
export const EARNING_CHECKS: readonly CheckSql[] = [
  {
    name: "pending_payable",
    promise:
      "pending is what its days have left, never below zero; payable is what matured or moved late, and was not asked for: below zero by refunds alone",
    checked: count("accounts", "WHERE kind IN ('pending', 'payable')"),
    broken: `
      SELECT 'account ' || a.id AS example FROM accounts a
      LEFT JOIN (SELECT account_id, SUM(earned_nano - clawed_nano - matured_nano) AS nano FROM earning_days
                 GROUP BY account_id) d ON d.account_id = a.id
      WHERE a.kind = 'pending' AND (a.balance_nano <> COALESCE(d.nano, 0) OR a.balance_nano < 0)
      UNION ALL
      SELECT 'account ' || a.id FROM accounts a
      WHERE a.kind = 'payable' AND (a.balance_nano < -COALESCE((SELECT SUM(k.amount_nano) FROM earning_takes k
          JOIN accounts p ON p.id = k.account_id WHERE k.late = 1 AND k.amount_nano > 0 AND p.owner_id = a.owner_id AND p.mode = a.mode), 0)
        OR a.balance_nano <>
        COALESCE((SELECT SUM(m.amount_nano) FROM earning_maturities m JOIN accounts p ON p.id = m.account_id
                  WHERE p.owner_id = a.owner_id AND p.mode = a.mode), 0)
        - COALESCE((SELECT SUM(k.amount_nano) FROM earning_takes k JOIN accounts p ON p.id = k.account_id
                    WHERE k.late = 1 AND p.owner_id = a.owner_id AND p.mode = a.mode), 0)
        - COALESCE((SELECT SUM(o.amount_nano) FROM payouts o
                    WHERE o.owner_id = a.owner_id AND o.mode = a.mode AND o.state <> 'failed'), 0))`,
  },
  {
    name: "earning_takes",
    promise: "what is taken back was earned by that call, the books took it from pending, and its day counts it",
    checked: count("earning_takes"),
    broken: `
      SELECT 'take ' || k.id AS example FROM earning_takes k
      WHERE NOT EXISTS (
        SELECT 1 FROM charges c JOIN accounts a ON a.id = c.pending_id
        WHERE c.id = k.charge_id AND c.at_ms / 86400000 = k.day AND c.pending_id = k.account_id AND a.kind = 'pending'
          AND CASE k.source WHEN 'paid' THEN c.earned_nano - c.promo_earned_nano ELSE c.promo_earned_nano END >=
            (SELECT SUM(amount_nano) FROM earning_takes WHERE charge_id = k.charge_id AND source = k.source)
        UNION ALL
        SELECT 1 FROM sales s WHERE s.transaction_id = k.charge_id AND s.at_ms / 86400000 = k.day AND s.pending_id = k.account_id
          AND k.source = 'paid' AND s.amount_nano - s.commission_nano >=
            (SELECT SUM(amount_nano) FROM earning_takes WHERE charge_id = k.charge_id))
        OR 0 > (SELECT SUM(amount_nano) FROM earning_takes WHERE charge_id = k.charge_id AND source = k.source)
      UNION ALL
      SELECT 'account ' || account_id FROM (
        SELECT account_id, amount_nano FROM earning_takes WHERE late = 0
        UNION ALL
        SELECT e.account_id, e.amount_nano FROM transactions t CROSS JOIN entries e ON e.transaction_id = t.id
        CROSS JOIN accounts a ON a.id = e.account_id WHERE a.kind = 'pending' AND t.type IN ('refund', 'reversal'))
      GROUP BY account_id HAVING SUM(amount_nano) <> 0
      UNION ALL
      SELECT 'owner ' || owner_id FROM (
        SELECT p.owner_id, p.mode, k.amount_nano FROM earning_takes k JOIN accounts p ON p.id = k.account_id WHERE k.late = 1
        UNION ALL
        SELECT a.owner_id, a.mode, e.amount_nano FROM transactions t CROSS JOIN entries e ON e.transaction_id = t.id
        CROSS JOIN accounts a ON a.id = e.account_id WHERE a.kind = 'payable' AND t.type = 'refund')
      GROUP BY owner_id, mode HAVING SUM(amount_nano) <> 0
      UNION ALL
      SELECT 'account ' || account_id || ' day ' || day || ' ' || source FROM (
        SELECT account_id, day, source, amount_nano FROM earning_takes WHERE late = 0
        UNION ALL SELECT account_id, day, source, -clawed_nano FROM earning_days WHERE clawed_nano <> 0)
      GROUP BY account_id, day, source HAVING SUM(amount_nano) <> 0`,
  },
  {
    name: "maturities",
    promise: "a day matures once, by a transaction that moves exactly what its days had left from pending to payable",
    checked: count("earning_maturities"),
    broken: `
      SELECT 'maturity ' || m.transaction_id AS example FROM earning_maturities m
      LEFT JOIN (SELECT by_id, SUM(matured_nano) AS nano
                 FROM (SELECT d.matured_nano, (${maturedBy("d")}) AS by_id FROM earning_days d) GROUP BY by_id) s
        ON s.by_id = m.transaction_id
      LEFT JOIN transactions t ON t.id = m.transaction_id AND t.type = 'adjustment' AND t.at_ms = m.at_ms
      LEFT JOIN accounts p ON p.id = m.account_id AND p.kind = 'pending'
      WHERE t.id IS NULL OR p.id IS NULL
         OR NOT EXISTS (SELECT 1 FROM entries e WHERE e.transaction_id = t.id AND e.account_id = p.id
                          AND e.amount_nano = -m.amount_nano)
         OR NOT EXISTS (SELECT 1 FROM entries e JOIN accounts y ON y.id = e.account_id
                        WHERE e.transaction_id = t.id AND y.kind = 'payable' AND y.owner_id = p.owner_id
                          AND y.mode = p.mode AND e.amount_nano = m.amount_nano)
         OR m.amount_nano <> COALESCE(s.nano, 0)
      UNION ALL
      SELECT 'account ' || d.account_id || ' day ' || d.day || ' ' || d.source FROM earning_days d
      WHERE d.matured <> ((${maturedBy("d")}) IS NOT NULL)
         OR d.matured_nano <> CASE d.matured WHEN 1 THEN d.earned_nano - d.clawed_nano ELSE 0 END
      UNION ALL
      SELECT 'transaction ' || e.transaction_id FROM transactions t CROSS JOIN entries e ON e.transaction_id = t.id
      CROSS JOIN accounts a ON a.id = e.account_id
      WHERE a.kind = 'pending' AND t.type = 'adjustment'
        AND t.id NOT IN (SELECT transaction_id FROM earning_maturities)`,
  },
  {
    name: "payouts_once",
    promise: "a payout leaves payable once and ends once, in cash or back in payable; what waits stands in `payouts`",
    checked: count("payouts"),
    broken: `
      SELECT o.public_id AS example FROM payouts o
      WHERE NOT EXISTS (
          SELECT 1 FROM transactions t JOIN entries e ON e.transaction_id = t.id JOIN accounts a ON a.id = e.account_id
          WHERE t.id = o.request_id AND t.type = 'payout' AND t.mode = o.mode AND t.at_ms = o.requested_ms
            AND a.kind = 'payable' AND a.owner_id = o.owner_id AND e.amount_nano = -o.amount_nano)
        OR (o.state <> 'requested' AND NOT EXISTS (
          SELECT 1 FROM transactions t JOIN entries e ON e.transaction_id = t.id JOIN accounts a ON a.id = e.account_id
          WHERE t.id = o.resolve_id AND t.type = 'payout' AND t.mode = o.mode AND t.at_ms = o.resolved_ms
            AND e.amount_nano = o.amount_nano
            AND CASE o.state WHEN 'paid' THEN a.kind = 'cash' ELSE a.kind = 'payable' AND a.owner_id = o.owner_id END))
        OR (o.state = 'requested') <> (o.resolve_id IS NULL)
      UNION ALL
      SELECT t.public_id FROM transactions t WHERE t.type = 'payout'
        AND (SELECT COUNT(*) FROM payouts o WHERE o.request_id = t.id OR o.resolve_id = t.id) <> 1
      UNION ALL
      SELECT a.mode || ' payouts' FROM accounts a WHERE a.kind = 'payouts' AND a.balance_nano <>
        COALESCE((SELECT SUM(o.amount_nano) FROM payouts o WHERE o.mode = a.mode AND o.state = 'requested'), 0)`,
  },
]
