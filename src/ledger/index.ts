// The door of `ledger`: double-entry books of credits in nano-dollars. Lots, holds, claims, history, proof. Knows owners
// only as (kind, id) and takes plans, limits and prices as arguments.
import { dayOf, nano } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { claimDailyIn, claimStatus } from "./claim.ts"
import { correctionVerbs } from "./corrections.ts"
import { earningsOf, takeBackEarningIn } from "./earnings.ts"
import { expireDue, expireDueLots } from "./expire.ts"
import { grantIn } from "./grant.ts"
import { history, historyOf } from "./history.ts"
import { holdIn, markIn } from "./hold.ts"
import { matureDue, matureIn } from "./mature.ts"
import { completePayoutIn, failPayoutIn, payoutView, requestPayoutIn } from "./payout.ts"
import { recoverHolds, sweep } from "./recover.ts"
import { checksOf, recordRunIn, runsOf } from "./runs.ts"
import { releaseIn, settleIn } from "./settle.ts"
import { statementOf } from "./statement.ts"
import { findWallet } from "./store.ts"
import { freeGranted } from "./store-claims.ts"
import { payoutRows } from "./store-earnings.ts"
import { latestMs } from "./store-reads.ts"
import { rebuildProjectionsIn } from "./store-rebuild.ts"
import type { Mode, Owner } from "./types.ts"
import type { Ledger, LedgerDeps } from "./verbs.ts"
import { verify } from "./verify.ts"
import { stampOf, usedToday, walletAt } from "./wallet.ts"

export { exportBooks } from "./export.ts"
export { ImportError } from "./export-format.ts"
export { history as readHistory, historyOf as readHistoryOf } from "./history.ts"
export { type Imported, importBooksIn } from "./import.ts"
export { CLAIM_EVERY_MS, DAILY_LOT_MS, STREAK_WINDOW_MS, splitByWeights } from "./rules.ts"
export type * from "./types.ts"
export type * from "./verbs.ts"
export type * from "./verbs-corrections.ts"
export { verify } from "./verify.ts"

export function createLedger({ store, clock, ids, bootId }: LedgerDeps): Ledger {
  const lane = { hold: { lane: "hold" }, settle: { lane: "settle" } } as const
  const now = () => latestMs(store.read, clock.now())
  const ledger: Ledger = {
    grantIn: (tx, input) => grantIn(tx, ids, input),
    grant: (ctx, input) => store.write(ctx, (tx) => grantIn(tx, ids, input)),

    holdIn: (tx, input) => holdIn(tx, ids, bootId, input),
    hold: (ctx, input) => store.write(ctx, (tx) => holdIn(tx, ids, bootId, input), lane.hold),
    markIn,
    mark: (ctx, holdId, mark) => store.write(ctx, (tx) => markIn(tx, holdId, mark), lane.settle),
    settleIn: (tx, input) => settleIn(tx, ids, input),
    settle: (ctx, input) => store.write(ctx, (tx) => settleIn(tx, ids, input), lane.settle),
    releaseIn: (tx, holdId) => releaseIn(tx, ids, holdId),
    release: (ctx, holdId) => store.write(ctx, (tx) => releaseIn(tx, ids, holdId), lane.settle),

    ...correctionVerbs(store, ids),
    claimDailyIn: (tx, input) => claimDailyIn(tx, ids, input),
    claimDaily: (ctx, input) => store.write(ctx, (tx) => claimDailyIn(tx, ids, input)),
    claimStatus: (owner, mode) => claimStatus(store.read, now(), owner, mode),
    claimStatusIn: (tx, owner, mode) => claimStatus(tx, tx.now, owner, mode),

    freeBudgetUsed: (mode) => nano(freeGranted(store.read, mode, dayOf(clock.now()))),

    wallet: (owner, mode) => walletAt(store.read, now(), owner, mode),
    walletIn(tx: Tx, owner: Owner, mode: Mode) {
      const account = findWallet(tx, owner, mode)
      if (account) expireDueLots(tx, ids, account.id, mode)
      return walletAt(tx, tx.now, owner, mode)
    },
    usedToday: (owner, clientId, scope) => usedToday(store.read, now(), owner, clientId, scope),
    history: (owner, mode, query) => history(store.read, owner, mode, query),
    stampOf: (owner, mode) => stampOf(store.read, now(), owner, mode),
    historyOf: (owner, mode, transactionIds) => historyOf(store.read, owner, mode, transactionIds),

    matureIn: (tx, input) => matureIn(tx, ids, input),
    matureDue: (maturity) => matureDue(store, clock, ids, maturity),
    takeBackEarningIn,
    requestPayoutIn: (tx, input) => requestPayoutIn(tx, ids, input),
    requestPayout: (ctx, input) => store.write(ctx, (tx) => requestPayoutIn(tx, ids, input)),
    completePayoutIn: (tx, payoutId) => completePayoutIn(tx, ids, payoutId),
    completePayout: (ctx, payoutId) => store.write(ctx, (tx) => completePayoutIn(tx, ids, payoutId)),
    failPayoutIn: (tx, payoutId) => failPayoutIn(tx, ids, payoutId),
    failPayout: (ctx, payoutId) => store.write(ctx, (tx) => failPayoutIn(tx, ids, payoutId)),
    payoutsOf: (owner, mode, limit) =>
      payoutRows(store.read, owner, mode, Math.max(1, Math.min(200, Math.trunc(limit)))).map(payoutView),
    earningsOf: (owner, mode, maturity) => earningsOf(store.read, now(), owner, mode, maturity),
    statementOf: (owner, mode, fromMs, toMs) => statementOf(store.read, owner, mode, fromMs, toMs),

    recoverHolds: (onResolved) => recoverHolds(store, ids, bootId, onResolved),
    sweep: (isAlive, onResolved) => sweep(store, clock, ids, isAlive, onResolved),
    expireDue: () => expireDue(store, clock, ids),

    verify: (reader = store.read) => verify(reader),
    recordVerification: (ctx, run) => store.write(ctx, (tx) => recordRunIn(tx, run)),
    verifications: (limit) => runsOf(store.read, limit),
    checksOfVerification: (runId) => checksOf(store.read, runId),
    rebuildProjectionsIn,
  }
  return ledger
}
