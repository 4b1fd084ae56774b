// A model without a price that an operator does not want to be asked about. It stays refused; setting a price brings it back.
import { ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { saveLeftOut } from "./store.ts"

/** @throws AppError validation_failed for names that no model can have */
export function leaveOutIn(tx: Tx, provider: string, model: string, leftOut: boolean): void {
  const isName = /^[\w.-]{1,64}$/.test(provider) && model.length >= 1 && model.length <= 200
  ensure(isName, "validation_failed", "Name the provider and the model.")
  saveLeftOut(tx, provider, model, leftOut)
  auditIn(tx, {
    action: leftOut ? "model_price.left_out" : "model_price.asked_again",
    subject: `model_price:${provider}/${model}`,
  })
}
