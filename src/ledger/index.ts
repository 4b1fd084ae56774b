// The door of `ledger`: double-entry books of credits in nano-dollars. Lots, holds, claims, history, proof. Knows owners
// only as (kind, id) and takes plans, limits and prices as arguments.
import { dayOf, nano } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { findWallet, latestMs } from "./books/store.ts"
import { claimDailyIn, claimStatus } from "./claims/claim.ts"
import { freeGranted } from "./claims/store.ts"
import { earningsOf, takeBackEarningIn } from "./earnings/earnings.ts"
import { matureDue, matureIn } from "./earnings/mature.ts"
import { completePayoutIn, failPayoutIn, payoutView, requestPayoutIn } from "./earnings/payout.ts"
import { statementOf } from "./earnings/statement.ts"
import { payoutRows } from "./earnings/store.ts"
import { holdIn, markIn } from "./holds/hold.ts"
import { recoverHolds, sweep } from "./holds/recover.ts"
import { releaseIn, settleIn } from "./holds/settle.ts"
import { expireDue, expireDueLots } from "./lots/expire.ts"
import { grantIn } from "./lots/grant.ts"
import { checksOf, recordRunIn, runsOf } from "./proof/runs.ts"
import { rebuildProjectionsIn } from "./proof/store-rebuild.ts"
import { verify } from "./proof/verify.ts"
import type { Mode, Owner } from "./types.ts"
import type { Ledger, LedgerDeps } from "./verbs.ts"
import { history, historyOf } from "./wallet/history.ts"
import { stampOf, usedToday, walletAt } from "./wallet/wallet.ts"
import { correctionVerbs } from "./wire-corrections.ts"

export { exportBooks } from "./archive/export.ts"
export { ImportError } from "./archive/export-format.ts"
export { EXPORT_BOOKS } from "./archive/export-pieces.ts"
export { type Imported, importBooksIn } from "./archive/import.ts"
export { CLAIM_EVERY_MS, DAILY_LOT_MS, STREAK_WINDOW_MS } from "./claims/rules.ts"
export { splitByWeights } from "./holds/rules.ts"
export { ledgerPart } from "./part.ts"
export { createVerification, type Verification } from "./proof/verification.ts"
export { type VerifyProgress, verify, verifySteps } from "./proof/verify.ts"
export type * from "./types.ts"
export type * from "./verbs.ts"
export type * from "./verbs-corrections.ts"
export { history as readHistory, historyOf as readHistoryOf } from "./wallet/history.ts"

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
