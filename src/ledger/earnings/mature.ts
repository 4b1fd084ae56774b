// Maturity: a UTC day's earnings move from pending to payable once enough days have passed. One transaction per developer and
// run; a day moves once, whatever restarts, repeats or comes late.
import { AccountId, type Clock, dayOf, type Ids, type Nano, nano } from "../../app/index.ts"
import type { Store, Tx } from "../../store/index.ts"
import { principal } from "../books/rules.ts"
import { ensureAccount, post } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import { maturedThrough } from "./rules.ts"
import { closeDays, dueAccounts, dueNano, ownerOfAccount, pendingIdOf } from "./store.ts"
import type { Maturity } from "./types.ts"

const ACTOR = "system:mature-earnings"
const REASON = "earnings became payable"
const ACCOUNTS_PER_ROUND = 200

/** @returns n$ moved */
export function matureIn(
  tx: Tx,
  ids: Ids,
  input: { owner: Owner; mode: Mode; maturity: Maturity },
): { maturedNano: Nano } {
  const { owner, mode, maturity } = input
  const pendingId = pendingIdOf(tx, owner, mode)
  return { maturedNano: pendingId === null ? nano(0) : matureAccount(tx, ids, pendingId, owner, mode, maturity) }
}

function matureAccount(tx: Tx, ids: Ids, pendingId: AccountId, owner: Owner, mode: Mode, maturity: Maturity): Nano {
  const through = maturedThrough(dayOf(tx.now), maturity)
  const amountNano = nano(dueNano(tx, pendingId, through.paidDay, through.promoDay))
  if (amountNano === 0) return nano(0)
  const { id } = post(tx, ids, {
    type: "adjustment",
    mode,
    // Says in the hashed books which days these are; the same days of one developer never move twice.
    key: `mature:${pendingId}:${through.paidDay}:${through.promoDay}`,
    entries: [
      { accountId: pendingId, amountNano: -amountNano, lotId: null },
      { accountId: ensureAccount(tx, owner, mode, "payable"), amountNano, lotId: null },
    ],
    actor: ACTOR,
    reason: REASON,
  })
  closeDays(tx, { transactionId: id, accountId: pendingId, ...through, amountNano })
  return nano(amountNano)
}

/** The job: a developer and mode per mutation. */
export async function matureDue(
  store: Store,
  clock: Clock,
  ids: Ids,
  maturity: Maturity,
): Promise<{ developers: number; maturedNano: Nano }> {
  const ctx = { actor: ACTOR, requestId: "job:mature", reason: REASON }
  const through = maturedThrough(dayOf(clock.now()), maturity)
  let developers = 0
  let maturedNano = 0
  for (let afterId = AccountId(0); ; ) {
    const due = dueAccounts(store.read, through.paidDay, through.promoDay, afterId, ACCOUNTS_PER_ROUND)
    const moved = await Promise.all(
      due.map((id) =>
        store.write(ctx, (tx) => {
          const { ownerId, mode } = ownerOfAccount(tx, id)!
          return matureAccount(tx, ids, id, principal(ownerId), mode, maturity)
        }),
      ),
    )
    developers += moved.filter((amount) => amount > 0).length
    maturedNano += moved.reduce((sum, amount) => sum + amount, 0)
    if (due.length < ACCOUNTS_PER_ROUND)
      return { developers, maturedNano: nano(Math.min(maturedNano, Number.MAX_SAFE_INTEGER)) }
    afterId = due.at(-1)!
  }
}
