// Hands the verbs of corrections, raised holds and reads of the books to `createLedger`. Decides nothing.
import type { Ids } from "../app/index.ts"
import type { Store } from "../store/index.ts"
import { adjustIn, setBalanceIn } from "./corrections/adjust.ts"
import { clawBackIn } from "./corrections/clawback.ts"
import { refundChargeIn } from "./corrections/refund.ts"
import { reverseIn } from "./corrections/reverse.ts"
import { voidLotIn } from "./corrections/void.ts"
import { raiseIn, renewIn } from "./holds/raise.ts"
import { repayDebtIn } from "./lots/debt.ts"
import type { CorrectionVerbs } from "./verbs-corrections.ts"
import { holdsOf, lotOf, lotsOf, transactionOf, transactionsOf } from "./wallet/views.ts"

export function correctionVerbs({ write, read }: Store, ids: Ids): CorrectionVerbs {
  return {
    raiseIn: (tx, holdId, amountNano, dailyNano) => raiseIn(tx, ids, holdId, amountNano, dailyNano),
    raise: (ctx, holdId, amountNano, dailyNano) =>
      write(ctx, (tx) => raiseIn(tx, ids, holdId, amountNano, dailyNano), { lane: "hold" }),
    renewIn,
    renew: (ctx, holdId, leaseMs) => write(ctx, (tx) => renewIn(tx, holdId, leaseMs), { lane: "settle" }),

    refundChargeIn: (tx, input) => refundChargeIn(tx, ids, input),
    refundCharge: (ctx, input) => write(ctx, (tx) => refundChargeIn(tx, ids, input)),
    reverseIn: (tx, input) => reverseIn(tx, ids, input),
    reverse: (ctx, input) => write(ctx, (tx) => reverseIn(tx, ids, input)),
    clawBackIn: (tx, input) => clawBackIn(tx, ids, input),
    clawBack: (ctx, input) => write(ctx, (tx) => clawBackIn(tx, ids, input)),
    repayDebtIn: (tx, owner, mode) => repayDebtIn(tx, ids, owner, mode),
    repayDebt: (ctx, owner, mode) => write(ctx, (tx) => repayDebtIn(tx, ids, owner, mode)),
    adjustIn: (tx, input) => adjustIn(tx, ids, input),
    adjust: (ctx, input) => write(ctx, (tx) => adjustIn(tx, ids, input)),
    setBalanceIn: (tx, input) => setBalanceIn(tx, ids, input),
    setBalance: (ctx, input) => write(ctx, (tx) => setBalanceIn(tx, ids, input)),
    voidLotIn: (tx, input) => voidLotIn(tx, ids, input),
    voidLot: (ctx, input) => write(ctx, (tx) => voidLotIn(tx, ids, input)),

    lotsOf: (owner, mode, query) => lotsOf(read, owner, mode, query),
    lotOf: (owner, mode, publicId) => lotOf(read, owner, mode, publicId),
    holdsOf: (owner, mode) => holdsOf(read, owner, mode),
    transactionOf: (publicId) => transactionOf(read, publicId),
    transactionsOf: (owner, mode, query) => transactionsOf(read, owner, mode, query),
  }
}
