// What plans and days are called in mails, and the mail itself.
import type { UserId } from "../../app/index.ts"
import type { Letter } from "../../part/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { BillingDeps } from "../types.ts"
import { priceById } from "./store.ts"

export const dayWords = (ms: number): string =>
  new Date(ms).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })

export function planNameOf({ plans }: BillingDeps, reader: Reader, priceId: string): string {
  const planId = priceById(reader, priceId)?.planId
  return plans.list().find(({ id }) => id === planId)?.name ?? "your plan"
}

export function mailIn<T>(deps: BillingDeps, tx: Tx, userId: UserId, letter: Letter<T>, data: T): void {
  const user = deps.identity.userById(userId)
  if (user) deps.mails.queueIn(tx, letter, { to: user.email, data, uselessAfterMs: null })
}
