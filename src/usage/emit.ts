// Events of refused calls: the first of a day, of each reason, person and app or key. Counted before the day's count grows, in its write.
import { DAY_MS, UserId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { emitIn, isAnybodyOf } from "../webhooks/index.ts"
import { appOf, keyOf, subOf, wasRefused } from "./store-emit.ts"
import type { refusedDays } from "./tables.ts"

const FUNDS = new Set(["insufficient_credits", "credits_on_hold"])
const LIMITS = new Set(["app_daily_limit_exceeded", "spend_limit_exceeded"])

export function emitRefusedIn(tx: Tx, count: typeof refusedDays.$inferInsert): void {
  const { errorCode, clientId, userId, mode, scope } = count
  const isFunds = FUNDS.has(errorCode)
  if (!isFunds && !LIMITS.has(errorCode)) return
  // A limit of the person's own is their own affair.
  const toApp = errorCode !== "spend_limit_exceeded" && clientId !== 0 && isAnybodyOf(tx, { client: clientId })
  const toPerson = isAnybodyOf(tx, { person: userId })
  if ((!toApp && !toPerson) || wasRefused(tx, count)) return
  const app = clientId === 0 ? null : appOf(tx, clientId)
  const user = subOf(tx, userId)
  if (toApp && app !== null && user !== null) {
    const type = isFunds ? "credits.exhausted" : "limit.reached"
    const data = { user, scope, day: new Date(count.day * DAY_MS).toISOString().slice(0, 10) }
    emitIn(tx, { type, app: { id: clientId, publicId: app, mode }, subject: user, data })
  }
  if (!toPerson) return
  const data = { reason: errorCode, app, key: count.keyId === 0 ? null : keyOf(tx, count.keyId), scope }
  emitIn(tx, { type: "call.refused", person: UserId(userId), mode, subject: user ?? "", data })
}
