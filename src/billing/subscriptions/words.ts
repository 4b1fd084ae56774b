// What plans are called in mails.
import type { Reader } from "../../store/index.ts"
import type { BillingDeps } from "../types.ts"
import { priceById } from "./store.ts"

export { dayWords, mailIn } from "../receipts/tell.ts"

export function planNameOf({ plans }: BillingDeps, reader: Reader, priceId: string): string {
  const planId = priceById(reader, priceId)?.planId
  return plans.list().find(({ id }) => id === planId)?.name ?? "your plan"
}
