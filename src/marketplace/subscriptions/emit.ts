// What happens to a subscription is told to endpoints of its person, and of whoever publishes the API.
import { UserId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { type DataOf, emitIn, isAnybodyOf } from "../../webhooks/index.ts"
import { planName, productById } from "./store.ts"
import type { Subscription } from "./types.ts"

export type Change = DataOf<"subscription.changed">["change"]

export function changedIn(tx: Tx, subscription: Subscription, change: Change): void {
  const { publicId, userId } = subscription
  const product = productById(tx, subscription.productId)
  const publisher = product && UserId(product.ownerId)
  const told = isAnybodyOf(tx, { person: userId }) || (publisher !== null && isAnybodyOf(tx, { person: publisher }))
  if (!product || publisher === null || !told) return
  const plan = planName(tx, subscription.planId)
  const data = { subscription: publicId, product: product.publicId, plan, change }
  emitIn(tx, { type: "subscription.changed", person: userId, subject: publicId, data })
  emitIn(tx, { type: "subscriber.changed", person: publisher, subject: publicId, data })
}
