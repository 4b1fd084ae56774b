// For tests of the ledger only: books with every kind of earning, and the ways to break them.
import { createIds, DAY_MS, type TransactionId } from "../../app/index.ts"
import { platformAccount, post, transactionIdOf } from "../books/store.ts"
import type { Principal } from "../books/types.ts"
import type { HoldInput } from "../holds/types.ts"
import { chargeOf, ctx, DEV, type Kit, type Plain, person } from "../testing.ts"

export const CYD = person(3)
export const WEEK = { paidDays: 7, promoDays: 30 }

/** One call, from hold to settle, of a developer's app. @returns what the settle said */
export async function call(
  k: Kit,
  totalNano: number,
  more: Partial<Plain<HoldInput>> = {},
  developer: Principal = DEV,
) {
  const hold = await k.hold(totalNano, { developer, ...more })
  return k.write.settle({ hold, charge: chargeOf(totalNano), developer })
}

/** Row id of a charge or transaction. */
export const rowId = (k: Kit, publicId: string | null): TransactionId => transactionIdOf(k.store.read, publicId!)!

/** Takes back and posts it, as a refund does. @returns n$ taken */
export const takeBack = (k: Kit, publicId: string | null, amountNano: number): Promise<number> =>
  k.store.write(ctx, (tx) => {
    const taken = k.ledger.takeBackEarningIn(tx, { chargeId: rowId(k, publicId), amountNano })
    if (taken.takenNano === 0) return 0
    post(tx, createIds(k.clock), {
      type: "refund",
      mode: "live",
      entries: [
        { accountId: taken.accountId!, amountNano: -taken.takenNano, lotId: null },
        { accountId: platformAccount("live", "promo"), amountNano: taken.takenNano, lotId: null },
      ],
    })
    return taken.takenNano
  })

/** Adds to any books: paid and promo days, matured and not, a take, and payouts in each state. */
export async function earningBooks(k: Kit): Promise<void> {
  const maturity = { paidDays: 1, promoDays: 2 }
  await k.grant(1_001, { owner: CYD })
  await k.grant(4_000, { owner: CYD, paid: true, type: "topup", bucket: "purchase" })
  await call(k, 2_001, { owner: CYD, promoCapNano: 100 })
  k.clock.advance(DAY_MS)
  await k.ledger.matureDue(maturity)
  const pay = (amountNano: number) =>
    k.write.requestPayout({ owner: DEV, mode: "live", amountNano, minimumNano: 1, key: `pay:${amountNano}` })
  await k.write.completePayout((await pay(11)).id)
  await k.write.failPayout((await pay(12)).id)
  await pay(13)
  const late = await call(k, 1_000, { owner: CYD })
  await takeBack(k, late.transactionId, 40)
  await k.write.sell({ owner: CYD, mode: "live", seller: DEV, amountNano: 100, commissionNano: 10, key: "sold" })
}

const FIRST_EARNING = "(SELECT MIN(id) FROM charges WHERE promo_earned_nano > 0)"
const MIXED = "(SELECT MAX(id) FROM charges WHERE promo_earned_nano > 0)"

export const EARNING_CORRUPTIONS: [check: string, sql: string][] = [
  ["earning_days", "UPDATE earning_days SET earned_nano = earned_nano + 1 WHERE source = 'paid'"],
  ["earning_takes", "UPDATE earning_days SET clawed_nano = clawed_nano + 1 WHERE source = 'paid' AND matured = 0"],
  ["earning_days", "UPDATE earning_days SET day = day - 1"],
  ["maturities", "UPDATE earning_days SET matured = 0"],
  ["earning_days", "DELETE FROM earning_days WHERE source = 'promo'"],
  ["earning_days", "INSERT INTO earning_days (account_id, day, source, earned_nano) SELECT id, 1, 'paid', 5 FROM accounts WHERE kind = 'pending'"],
  ["earning_parts", `UPDATE charges SET promo_earned_nano = promo_earned_nano - 1 WHERE id = ${FIRST_EARNING}`],
  ["earning_parts", `UPDATE charges SET promo_earned_nano = promo_earned_nano + 1 WHERE id = ${MIXED}`],
  ["earning_parts", `UPDATE charges SET promo_cap_nano = 0 WHERE id = ${MIXED}`],
  ["earning_parts", "UPDATE lots SET paid = 1 - paid"],
  ["earning_parts", "UPDATE accounts SET owner_id = 9 WHERE kind = 'wallet' AND owner_id = 3"],
  ["earning_parts", "UPDATE charges SET promo_earned_nano = 5 WHERE developer_nano = 0"],
  ["promo_cap", `UPDATE charges SET promo_cap_nano = promo_earned_nano - 1 WHERE id = ${MIXED}`],
  ["pending_payable", "UPDATE accounts SET balance_nano = balance_nano + 1 WHERE kind = 'pending'"],
  ["pending_payable", "UPDATE accounts SET balance_nano = balance_nano - 1 WHERE kind = 'payable'"],
  ["pending_payable", "UPDATE payouts SET state = 'failed' WHERE state = 'paid'"],
  ["earning_takes", "UPDATE earning_takes SET amount_nano = amount_nano + 1"],
  ["earning_takes", "UPDATE earning_takes SET charge_id = (SELECT MIN(id) FROM charges)"],
  ["earning_takes", "DELETE FROM earning_takes"],
  ["maturities", "UPDATE earning_maturities SET paid_day = paid_day - 9"],
  ["maturities", "UPDATE earning_maturities SET amount_nano = amount_nano + 1"],
  ["maturities", "DELETE FROM earning_maturities"],
  ["maturities", "UPDATE earning_maturities SET transaction_id = 1 WHERE transaction_id = (SELECT MAX(transaction_id) FROM earning_maturities)"],
  ["payouts_once", "UPDATE payouts SET amount_nano = amount_nano + 1 WHERE state = 'requested'"],
  ["payouts_once", "UPDATE payouts SET state = 'failed' WHERE state = 'paid'"],
  ["payouts_once", "UPDATE payouts SET state = 'requested', resolved_ms = NULL, resolve_id = NULL WHERE state = 'paid'"],
  ["payouts_once", "UPDATE payouts SET owner_id = 8"],
  ["payouts_once", "DELETE FROM payouts WHERE state = 'failed'"],
  ["sales", "UPDATE sales SET amount_nano = amount_nano + 1"],
  ["sales", "UPDATE sales SET commission_nano = commission_nano - 1"],
  ["sales", "DELETE FROM sales"],
] // biome-ignore format: one corruption a line
