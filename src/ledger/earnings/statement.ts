// A developer's statement over whole UTC days: opening + lines = closing, for pending and payable alike. Reads only.
import { DAY_MS, dayOf, nano } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { Mode, Owner } from "../books/types.ts"
import { pendingIdOf } from "./store.ts"
import { balanceBefore, lineRows } from "./store-statement.ts"
import type { Statement, StatementKind, StatementLine } from "./types.ts"

/** Which account a kind of line moves, and which way; also the order of lines within a day. */
const EFFECT: Record<StatementKind, { pending: 1 | 0 | -1; payable: 1 | 0 | -1 }> = {
  earned_paid: { pending: 1, payable: 0 },
  earned_promo: { pending: 1, payable: 0 },
  clawed: { pending: -1, payable: 0 },
  /** Refunded after its day had matured. */
  clawed_late: { pending: 0, payable: -1 },
  /** A claw-back of credits was undone; after its day had matured. */
  restored: { pending: 1, payable: 0 },
  restored_late: { pending: 0, payable: 1 },
  matured: { pending: -1, payable: 1 },
  payout_requested: { pending: 0, payable: -1 },
  payout_failed: { pending: 0, payable: 1 },
}
const ORDER = Object.keys(EFFECT)

/** @throws RangeError unless both times are starts of UTC days, in order: days are the finest thing a statement knows. */
export function statementOf(sql: Reader, owner: Owner, mode: Mode, fromMs: number, toMs: number): Statement {
  if (fromMs % DAY_MS !== 0 || toMs % DAY_MS !== 0 || fromMs > toMs || fromMs < 0) {
    throw new RangeError("a statement runs from the start of one UTC day to the start of another")
  }
  const balancesAt = (ms: number) => ({
    pendingNano: nano(balanceBefore(sql, owner, mode, "pending", dayOf(ms))),
    payableNano: nano(balanceBefore(sql, owner, mode, "payable", dayOf(ms))),
  })
  const lines: StatementLine[] = lineRows(sql, owner, mode, pendingIdOf(sql, owner, mode), [dayOf(fromMs), dayOf(toMs)])
    .sort((a, b) => a.day - b.day || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
    .map(({ day, kind, nano: amount }) => ({
      day,
      kind,
      pendingNano: nano(signed(EFFECT[kind].pending, amount)),
      payableNano: nano(signed(EFFECT[kind].payable, amount)),
    }))
  return { fromMs, toMs, opening: balancesAt(fromMs), closing: balancesAt(toMs), lines }
}

/** Never −0. */
const signed = (sign: 1 | 0 | -1, amount: number): number => (sign === 0 ? 0 : sign * amount)
