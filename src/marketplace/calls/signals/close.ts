// Somebody looked at a sign of abuse: the publisher of the product, or an admin.
import { ensure } from "../../../app/index.ts"
import { auditIn } from "../../../audit/index.ts"
import type { Tx } from "../../../store/index.ts"
import { close, signalById } from "./store.ts"

export interface CloseSignal {
  /** Whose product it is, whoever asks has looked. */
  product: { id: number; publicId: string }
  signalId: number
  /** What was found; null = nothing to say. */
  note?: string | null
}

/** Twice is once. @throws AppError not_found for that of another product */
export function closeSignalIn(tx: Tx, { product, signalId, note = null }: CloseSignal): void {
  const signal = signalById(tx, signalId)
  ensure(signal?.productId === product.id && signal, "not_found", "This API has no such sign.")
  if (signal.closedMs !== null) return
  close(tx, signal.id, note)
  auditIn(tx, { action: "product.sign_closed", subject: product.publicId, after: { rule: signal.rule } })
}
