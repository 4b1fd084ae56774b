// Bugs of rollover, raise, refunds, reversals, claw-backs, debt, adjustments, set balances and voids.
import type { Nano } from "../../../src/app/index.ts"
import { UNSPENT_LOTS } from "./credits.ts"
import { column, dropped, type Mutant, parameter, rows, statements, verbs } from "./mutant.ts"

const SHIFT_LOT = /UPDATE lots SET consumed_nano = consumed_nano \+ \?, expired_nano = expired_nano \+ \?, voided_nano/
const EXPIRING = /rollover_max_nano AS maxNano/
const BROKEN = /SUM\(f\.expired_nano \+ f\.paid \* f\.voided_nano/

let calls = 0
/** Bugs of verbs that are keyed: the key of each call is made new. */
export const fresh = (key: string): string => (key === "" ? key : `${key}.${++calls}`)

export const CORRECTION_MUTANTS: (() => Mutant)[] = [
  () =>
    rows("rollover-twice-the-maximum", EXPIRING, (row) =>
      row.maxNano === null ? row : { ...row, maxNano: Number(row.maxNano) * 2 },
    ),
  () => rows("rollover-without-cap", EXPIRING, (row) => ({ ...row, capNano: null })),
  () => rows("rollover-from-now-on", EXPIRING, (row) => ({ ...row, lifetimeMs: Number(row.lifetimeMs) + 1_000 })),
  () => rows("rollover-forgets-earlier-parts", EXPIRING, (row) => ({ ...row, rolledBeforeNano: 0 })),
  () =>
    statements("rollover-never", (one) =>
      EXPIRING.test(one.sql) ? { ...one, row: (row) => ({ ...row, maxNano: null }) } : one,
    ),
  () =>
    verbs("raise-for-free", (ledger) => ({
      raiseIn: (tx, hold, amountNano, daily, _, terms) => {
        const half = amountNano > 5_000 ? amountNano : Math.trunc(amountNano / 2)
        return ledger.raiseIn(tx, hold, half, daily, half, terms)
      },
    })),
  () =>
    verbs("raise-without-limit", (ledger) => ({
      raiseIn: (tx, hold, amountNano, _, least, terms) => ledger.raiseIn(tx, hold, amountNano, null, least, terms),
    })),
  () =>
    verbs("raise-keeps-terms", (ledger) => ({
      raiseIn: (tx, hold, amountNano, daily, least) => ledger.raiseIn(tx, hold, amountNano, daily, least),
    })),
  () =>
    verbs("raise-owes-upstream-of-own-keys", (ledger) => ({
      raiseIn: (tx, hold, amountNano, daily, least, terms) => {
        const owes = terms && { ...terms, split: { ...terms.split, upstream: Math.max(1, terms.split.upstream) } }
        return ledger.raiseIn(tx, hold, amountNano, daily, least, owes)
      },
    })),
  () =>
    verbs("renew-shortens", (ledger) => ({
      renewIn: (tx, hold, leaseMs) => ledger.renewIn(tx, hold, Math.trunc(leaseMs / 2)),
    })),
  () =>
    verbs("refund-every-time", (ledger) => ({
      refundChargeIn: (tx, input) => ledger.refundChargeIn(tx, { ...input, key: fresh(input.key) }),
    })),
  () =>
    verbs("refund-one-more", (ledger) => ({
      refundChargeIn: (tx, input) =>
        ledger.refundChargeIn(
          tx,
          input.amountNano === undefined ? input : { ...input, amountNano: (input.amountNano + 1) as Nano },
        ),
    })),
  () =>
    statements("refund-forgets-the-last", (one) =>
      /INDEXED BY transactions_of_charge CROSS JOIN entries/.test(one.sql) ? { ...one, params: [-1] } : one,
    ),
  () => dropped("refund-keeps-the-app-s-day", /ON CONFLICT DO UPDATE SET back_nano/),
  () => dropped("refund-leaves-the-developer", /INSERT INTO earning_takes/),
  () => parameter("refund-not-given-to-the-lot", SHIFT_LOT, 0, (consumed) => (Number(consumed) < 0 ? 0 : consumed)),
  () => parameter("refund-to-expired-lot-lives", SHIFT_LOT, 1, () => 0),
  () =>
    rows("reverse-every-time", /r\.public_id AS reversedByPublicId/, (row) => ({
      ...row,
      reversedBy: null,
      reversedByPublicId: null,
    })),
  () =>
    rows("reverse-spent-credits", /l\.key, l\.granted_nano AS grantedNano,\s+l\.rolled_from/, (row) => ({
      ...row,
      remainingNano: row.grantedNano,
      heldNano: 0,
    })),
  () => column("reverse-names-nothing", "transactions", "reverses", () => null),
  () =>
    verbs("claw-through-the-other-account", (ledger) => ({
      clawBackIn: (tx, input) =>
        ledger.clawBackIn(tx, { ...input, through: input.through === "cash" ? "disputes" : "cash" }),
    })),
  () => rows("claw-more-than-granted", /AS nano FROM corrections c/, (row) => ({ ...row, nano: 0 })),
  () =>
    verbs("claw-every-time", (ledger) => ({
      clawBackIn: (tx, input) => ledger.clawBackIn(tx, { ...input, key: fresh(input.key) }),
    })),
  () => rows("claw-owes-what-expired", BROKEN, (row) => ({ ...row, nano: 0 })),
  () =>
    statements("claw-takes-breakage-twice", (one) =>
      BROKEN.test(one.sql)
        ? { ...one, sql: one.sql.replace("c.verb IN ('claw_back', 'restore_claw') AND", "FALSE AND") }
        : one,
    ),
  () => dropped("claw-counts-no-calls", /INSERT INTO clawed_calls/),
  () => rows("claw-owes-what-calls-gave-back", /AS leftNano/, (row) => ({ ...row, leftNano: 0 })),
  () => dropped("claw-repaid-twice", /INSERT INTO claw_repays/),
  () => rows("claw-spares-developers", /AS ofLotsNano/, (row) => ({ ...row, ofLotsNano: 0 })),
  () =>
    rows("restore-gives-developers-twice", /AS chargeId, earned_nano AS earnedNano FROM clawed_calls/, (row) => ({
      ...row,
      earnedNano: Number(row.earnedNano) * 2,
    })),
  () =>
    verbs("restore-every-time", (ledger) => ({
      restoreClawIn: (tx, input) => ledger.restoreClawIn(tx, { ...input, key: fresh(input.key) }),
    })),
  () => rows("dispute-lost-twice", /AS settled,/, (row) => ({ ...row, settled: null })),
  () => rows("frozen-is-spent", UNSPENT_LOTS, (row) => ({ ...row, frozen: 0 })),
  () => dropped("thaw-forgets-the-lot", /UPDATE lots SET frozen/),
  () => rows("debt-from-promo", UNSPENT_LOTS, (row) => ({ ...row, paid: 1 })),
  () => rows("debt-forgotten", /AS debtNano/, (row) => ({ ...row, debtNano: 0 })),
  () =>
    verbs("adjust-the-other-way", (ledger) => ({
      adjustIn: (tx, input) => ledger.adjustIn(tx, { ...input, amountNano: -input.amountNano as Nano }),
    })),
  () =>
    verbs("adjust-every-time", (ledger) => ({
      adjustIn: (tx, input) => ledger.adjustIn(tx, { ...input, key: fresh(input.key) }),
    })),
  () =>
    verbs("set-balance-adds", (ledger) => ({
      setBalanceIn: (tx, input) => ledger.adjustIn(tx, { ...input, amountNano: input.balanceNano }),
    })),
  () => parameter("void-forgets-the-lot", SHIFT_LOT, 2, () => 0),
  () =>
    verbs("void-every-time", (ledger) => ({
      voidLotIn: (tx, input) => ledger.voidLotIn(tx, { ...input, key: fresh(input.key) }),
    })),
]
