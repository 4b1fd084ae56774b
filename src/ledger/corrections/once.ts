// Idempotency of corrections: a key does one thing. The first answer is kept with what was asked.
import { AppError, invariant, type LotId, type Nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { isKeyTaken } from "../lots/store.ts"
import { findCorrection, insertCorrection } from "./store.ts"
import type { CorrectionVerb } from "./types.ts"

export interface Asked {
  key: string
  verb: CorrectionVerb
  /** What the same key must ask again. */
  request: unknown
  /** Key of the correction that this one ends. */
  ofKey?: string
}

export interface Done<R> {
  answer: R
  lotId?: LotId
  amountNano: Nano
}

/** `act` posts under the key, or nothing at all. @throws AppError `conflict` when the key was used for anything else */
export function once<R extends object>(tx: Tx, asked: Asked, act: () => Done<R>): R & { already: boolean } {
  const { key, verb, ofKey = null } = asked
  invariant(key !== "", "a correction has a key")
  const request = JSON.stringify(asked.request)
  const known = findCorrection(tx, key)
  if (known ? known.verb !== verb || known.request !== request : isKeyTaken(tx, key)) {
    throw new AppError("conflict", "This key was used for something else. Use a new one.", {}, key)
  }
  if (known) return { ...(JSON.parse(known.result) as R), already: true }
  const { answer, lotId = null, amountNano } = act()
  insertCorrection(tx, { key, verb, request, result: JSON.stringify(answer), lotId, amountNano, ofKey })
  return { ...answer, already: false }
}
