// Reads what is new of the processor's statement, page by page, and books what it kept: each line is a row once, each fee a transaction
// once. What was read before a failure stays; the next reading begins where the last whole one did.

import type { Tx } from "../../store/index.ts"
import { connectionRow, saveReadThrough } from "../connection/index.ts"
import { BILLING_LIMITS } from "../limits.ts"
import { nanoOfCents } from "../money.ts"
import type { Movement, Processor } from "../stripe/index.ts"
import { isFee, usdFeeOf } from "./rules.ts"
import {
  adoptMovements,
  firstCustomerMs,
  insertMovement,
  isKnown,
  isOfOurs,
  saveBooked,
  unbookedFees,
} from "./store.ts"
import type { StatementDeps } from "./types.ts"

const CTX = { actor: "system:read-statement", requestId: "read-statement", reason: "the processor's statement" }

/** @returns lines that were new @throws ProcessorError */
export async function readStatement(deps: StatementDeps, processor: Processor, signal?: AbortSignal): Promise<number> {
  const { store, clock } = deps
  const beganMs = clock.now()
  const fromMs = fromOf(deps)
  let found = 0
  if (fromMs !== null) {
    let after: string | null = null
    do {
      const page: { movements: Movement[]; isMore: boolean } = await processor.movements({ fromMs, after })
      found += await store.write(CTX, (tx) => page.movements.filter((one) => noteIn(tx, one)).length)
      after = page.isMore ? (page.movements.at(-1)?.id ?? null) : null
    } while (after !== null && !signal?.aborted)
    await store.write(CTX, adoptMovements)
    await bookFees(deps)
  }
  if (!signal?.aborted) await store.write(CTX, (tx) => saveReadThrough(tx, beganMs))
  return found
}

/** null: nothing was ever sold. */
function fromOf({ store }: StatementDeps): number | null {
  const firstMs = firstCustomerMs(store.read)
  const { readThroughMs } = connectionRow(store.read)
  if (firstMs === null) return null
  return Math.max(firstMs, (readThroughMs ?? 0) - BILLING_LIMITS.statementAgainMs)
}

/** @returns whether it is new */
function noteIn(tx: Tx, { id, ...movement }: Movement): boolean {
  if (isKnown(tx, id)) return false
  const usdFeeCents = usdFeeOf({ id, ...movement })
  const isOurs = isFee(movement.type) || isOfOurs(tx, movement)
  insertMovement(tx, { movementId: id, ...movement, usdFeeCents, isOurs, transactionId: null })
  return true
}

async function bookFees({ store, ledger }: StatementDeps): Promise<void> {
  for (;;) {
    const booked = await store.write(CTX, (tx) => {
      const fees = unbookedFees(tx, BILLING_LIMITS.feesOfWrite)
      for (const { movementId, usdFeeCents } of fees) {
        const key = `stripe:${movementId}:fee`
        const { transactionId } = ledger.bookFeeIn(tx, { mode: "live", amountNano: nanoOfCents(usdFeeCents), key })
        saveBooked(tx, movementId, transactionId)
      }
      return fees.length
    })
    if (booked < BILLING_LIMITS.feesOfWrite) return
  }
}
