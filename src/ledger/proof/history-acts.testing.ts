// What mutations of a random history do: every verb that writes, with terms drawn beforehand.
import { ClientId, DAY_MS, HOUR_MS, nano, PrincipalId, RouteId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { HoldRef, Ledger, Mode, Principal } from "../index.ts"
import { chargeOf, DEV, person } from "../testing.ts"
import type { History } from "./history.testing.ts"

type Act = (tx: Tx, ledger: Ledger) => void
type Draw = (run: History) => Act | undefined

const someone = (run: History): { owner: Principal; mode: Mode } => ({
  owner: person(1 + run.int(4)),
  mode: run.int(5) === 0 ? "test" : "live",
})

const grant: Draw = (run) => {
  const paid = run.int(2) === 0
  const now = run.clock.now()
  const expiresMs = run.int(2) === 0 ? null : now + 1 + run.int(2 * DAY_MS)
  const rollover =
    expiresMs !== null && run.int(2) === 0
      ? { maxNano: nano(run.int(900)), capNano: nano(500 + run.int(900)), lifetimeMs: 1 + run.int(2 * DAY_MS) }
      : null
  const key = `g${++run.named}`
  const terms = { priority: run.pick([50, 50, 10, 90])!, amountNano: nano(1 + run.int(2_000)), ...someone(run) }
  return (tx, ledger) => {
    const type = paid ? ("topup" as const) : ("bonus" as const)
    const bucket = paid ? ("purchase" as const) : ("bonus" as const)
    const { lotId, transactionId } = ledger.grantIn(tx, { ...terms, type, bucket, paid, expiresMs, rollover, key })
    const { id } = tx.get<{ id: string }>("SELECT public_id AS id FROM lots WHERE id = ?", lotId)!
    tx.afterCommit(() => {
      run.keep(run.lots, { key, publicId: id })
      run.keep(run.transactions, transactionId)
    })
  }
}

const hold: Draw = (run) => {
  const callId = `req_c${++run.named}`
  const amountNano = nano(run.int(6) === 0 ? 0 : run.int(1_200))
  const app = run.int(4) === 0 ? null : ClientId(1 + run.int(2))
  const input = {
    ...someone(run),
    amountNano,
    leastNano: nano(run.int(2) === 0 ? amountNano : Math.floor(amountNano / 3)),
    callId,
    scope: run.pick(["llm", "a b"])!,
    leaseMs: run.int(3) * DAY_MS,
    inputCostNano: nano(Math.floor(amountNano / 3)),
    stage: run.pick(["held", "sent"] as const)!,
    developer: DEV,
    split: { upstream: 2, developer: 1, platform: 1 },
    promoCapNano: run.int(2) === 0 ? null : nano(run.int(400)),
    promoEligible: run.int(5) > 0,
    callerId: PrincipalId(1 + run.int(3)),
    routeId: RouteId(1 + run.int(2)),
  }
  const dailyNano = run.int(3) === 0 ? null : nano(3_000)
  return (tx, ledger) => {
    const { id, accountId } = ledger.holdIn(tx, app === null ? input : { ...input, clientId: app, dailyNano })
    tx.afterCommit(() => run.keep(run.holds, { id, accountId, callId }))
  }
}

/** With one of the newest holds, resolved ones among them. */
const ofHold =
  (act: (run: History, ref: HoldRef) => Act): Draw =>
  (run) => {
    const ref = run.pick(run.holds)
    return ref && act(run, ref)
  }

const settle = ofHold((run, ref) => {
  const charge = chargeOf(run.int(5) === 0 ? 0 : run.int(1_500))
  const withinHold = run.int(4) === 0
  return (tx, ledger) => {
    const { transactionId } = ledger.settleIn(tx, { hold: ref, charge, developer: DEV, withinHold })
    if (transactionId !== null) tx.afterCommit(() => run.keep(run.charges, transactionId))
  }
})

const release = ofHold((_, ref) => (tx, ledger) => void ledger.releaseIn(tx, ref))
const raise = ofHold((run, ref) => {
  const amountNano = run.int(500)
  return (tx, ledger) => void ledger.raiseIn(tx, ref, amountNano, 3_000)
})
const mark = ofHold((run, ref) => {
  const knownCostNano = nano(run.int(600))
  return (tx, ledger) => void ledger.markIn(tx, ref, { stage: "streaming", knownCostNano, leaseMs: HOUR_MS })
})
const renew = ofHold((_, ref) => (tx, ledger) => void ledger.renewIn(tx, ref, 2 * HOUR_MS))

const claim: Draw = (run) => {
  const input = { ...someone(run), amountNano: nano(1 + run.int(300)), freeBudgetNano: nano(900), auto: false }
  return (tx, ledger) => void ledger.claimDailyIn(tx, input)
}

const refund: Draw = (run) => {
  const transactionId = run.pick(run.charges)
  const key = `r${++run.named}`
  const part = run.int(2) === 0 ? {} : { amountNano: nano(1 + run.int(400)) }
  return (tx, ledger) => {
    if (transactionId === undefined) return
    const back = ledger.refundChargeIn(tx, { transactionId, key, ...part })
    tx.afterCommit(() => run.keep(run.transactions, back.transactionId))
  }
}

const reverse: Draw = (run) => {
  const transactionId = run.pick(run.int(2) === 0 ? run.charges : run.transactions)
  return transactionId === undefined ? undefined : (tx, ledger) => void ledger.reverseIn(tx, { transactionId })
}

const adjust: Draw = (run) => {
  const amountNano = nano((run.int(2) ? 1 : -1) * (1 + run.int(500)))
  const input = { ...someone(run), amountNano, key: `a${++run.named}` }
  return (tx, ledger) => void ledger.adjustIn(tx, input)
}

const setBalance: Draw = (run) => {
  const input = { ...someone(run), balanceNano: nano(run.int(1_500)), key: `b${++run.named}` }
  return (tx, ledger) => void ledger.setBalanceIn(tx, input)
}

const clawBack: Draw = (run) => {
  const lot = run.pick(run.lots)
  const through = run.pick(["cash", "disputes", "promo"] as const)!
  const input = { amountNano: nano(1 + run.int(800)), through, key: `w${++run.named}` }
  return (
    lot &&
    ((tx, ledger) => {
      ledger.clawBackIn(tx, { lotKey: lot.key, ...input })
      tx.afterCommit(() => run.keep(run.claws, input.key))
    })
  )
}

const endClaw: Draw = (run) => {
  const clawKey = run.pick(run.claws)
  const isLost = run.int(3) === 0
  const key = `e${++run.named}`
  if (clawKey === undefined) return undefined
  return (tx, ledger) =>
    void (isLost ? ledger.settleDisputeIn(tx, { clawKey, key }) : ledger.restoreClawIn(tx, { clawKey, key }))
}

const freeze: Draw = (run) => {
  const lot = run.pick(run.lots)
  const key = `f${++run.named}`
  return (
    lot &&
    ((tx, ledger) => {
      ledger.freezeLotIn(tx, { lotKey: lot.key, key })
      tx.afterCommit(() => run.keep(run.freezes, key))
    })
  )
}

const thaw: Draw = (run) => {
  const freezeKey = run.pick(run.freezes)
  return freezeKey === undefined
    ? undefined
    : (tx, ledger) => void ledger.thawLotIn(tx, { freezeKey, key: `${freezeKey}:thaw` })
}

const voidLot: Draw = (run) => {
  const lot = run.pick(run.lots)
  const key = `v${++run.named}`
  return lot && ((tx, ledger) => void ledger.voidLotIn(tx, { lotId: lot.publicId, key }))
}

const repay: Draw = (run) => {
  const { owner, mode } = someone(run)
  return (tx, ledger) => void ledger.repayDebtIn(tx, owner, mode)
}

const payout: Draw = (run) => {
  const input = { owner: DEV, mode: "live" as const, amountNano: nano(1 + run.int(60)), minimumNano: nano(1) }
  const key = `p${++run.named}`
  const ends = run.pick(run.payouts)
  const dice = run.int(3)
  return (tx, ledger) => {
    if (ends !== undefined && dice === 0) ledger.completePayoutIn(tx, ends)
    else if (ends !== undefined && dice === 1) ledger.failPayoutIn(tx, ends)
    else {
      const { id } = ledger.requestPayoutIn(tx, { ...input, key })
      tx.afterCommit(() => run.keep(run.payouts, id))
    }
  }
}

const clear: Draw = (run) => {
  const input = { ...someone(run), beforeMs: run.clock.now() - run.int(2 * DAY_MS) }
  return (tx, ledger) => void ledger.clearCallsIn(tx, input)
}

const clearOld: Draw = (run) => {
  const input = { beforeMs: run.clock.now() - run.int(3 * DAY_MS), rows: 1 + run.int(20) }
  return (tx, ledger) => void ledger.clearOldCallsIn(tx, input)
}

/** Calls are most of it, as in life. */
const TIMES: readonly [Draw, number][] = [
  [grant, 3],
  [hold, 6],
  [settle, 7],
  [release, 1],
  [raise, 2],
  [mark, 1],
  [renew, 1],
  [claim, 1],
  [refund, 3],
  [reverse, 1],
  [adjust, 1],
  [setBalance, 1],
  [clawBack, 2],
  [endClaw, 1],
  [freeze, 1],
  [thaw, 1],
  [voidLot, 1],
  [repay, 1],
  [payout, 1],
  [clear, 1],
  [clearOld, 1],
]
export const ACTS: readonly Draw[] = TIMES.flatMap(([draw, times]) => Array<Draw>(times).fill(draw))
