// After a restore the books may be older than what the processor knows: everything that waits is asked about, whatever its age, and money
// that came for orders which are not here is named.
import type { Tx } from "../store/index.ts"
import { type CatchUp, type Counted, countedOf } from "./counted.ts"
import { BILLING_LIMITS as L } from "./limits.ts"
import { applySessionIn } from "./orders.ts"
import { askRecharge } from "./recharge/charge.ts"
import { refundsAfter } from "./refunds/catch-up.ts"
import { orderById, waitingAfter } from "./store.ts"
import type { SessionFacts } from "./stripe/index.ts"
import { subscriptionsAfter } from "./subscriptions/catch-up.ts"
import type { BillingDepsOn, Order } from "./types.ts"

export interface AskedAbout extends Counted {
  /** Plural: "orders". */
  what: string
}

/** Paid, for an order that this house does not know. */
export interface LostPayment {
  /** `pi_…` */
  id: string
  orderId: string
  customerId: string | null
  cents: number
}

export interface CaughtUp {
  asked: AskedAbout[]
  /** At most so many; `lostMore`: how many beside them. */
  lost: LostPayment[]
  lostMore: number
}

/** One line for each noun that the processor knows better. */
const NOUNS: readonly (readonly [what: string, run: CatchUp])[] = [
  ["orders", ordersAfter],
  ["subscriptions", subscriptionsAfter],
  ["refunds and disputes", refundsAfter],
]

const CTX = { actor: "system:restore", requestId: "restore", reason: "asked after a restore" }

/** Whether nothing is left to ask. */
export const isWhole = ({ asked }: CaughtUp): boolean => asked.every(({ unanswered }) => unanswered === 0)

export async function catchUp(deps: BillingDepsOn, sinceMs: number): Promise<CaughtUp> {
  const asked: AskedAbout[] = []
  for (const [what, run] of NOUNS) {
    const counts = await run(deps, sinceMs)
    asked.push({ what, ...counts })
    if (counts.unanswered > 0) return { asked, lost: [], lostMore: 0 }
  }
  const counted = countedOf(deps.log)
  const lost = await counted.of(() => lostAfter(deps, sinceMs))
  if (lost === null) asked.push({ what: "payments", ...counted.counts })
  const all = lost ?? []
  const shown = all.slice(0, L.lostShownMax)
  return { asked, lost: shown, lostMore: all.length - shown.length }
}

async function ordersAfter(deps: BillingDepsOn, sinceMs: number): Promise<Counted> {
  const { store, processor } = deps
  const { counts, of } = countedOf(deps.log)
  const fromMs = sinceMs - L.orderLifeMs
  const pages = (await of(() => processor.sessionsSince(fromMs))) ?? []
  counts.asked = 0
  const byOrder = new Map(pages.map((page) => [page.orderId, page]))
  const seen = new Set<string>()
  for (let after = 0; ; ) {
    const waiting = waitingAfter(store.read, after, L.reconcileMax)
    for (const order of waiting) {
      after = order.id
      seen.add(order.publicId)
      const now = await of(() => askAbout(deps, order, byOrder.get(order.publicId)), order.publicId)
      if (now !== null && now.state !== order.state) counts.changed++
    }
    if (waiting.length < L.reconcileMax) break
  }
  // Over by what the backup says, and paid since.
  for (const page of pages) {
    const order = page.orderId === null || seen.has(page.orderId) ? null : orderById(store.read, page.orderId)
    if (order === null || page.payment !== "paid" || order.state === "paid") continue
    counts.asked++
    if ((await appliedBy(deps, order, page)).state === "paid") counts.changed++
  }
  return counts
}

/** @param listed its page, where the backup does not know that there is one */
async function askAbout(deps: BillingDepsOn, order: Order, listed: SessionFacts | undefined): Promise<Order> {
  if (order.sessionId !== null) return await appliedBy(deps, order, await deps.processor.session(order.sessionId))
  if (order.kind === "recharge") return await askRecharge(deps, order)
  return listed === undefined ? order : await appliedBy(deps, order, await deps.processor.session(listed.id))
}

const appliedBy = (deps: BillingDepsOn, { publicId }: Order, page: SessionFacts): Promise<Order> =>
  deps.store.write(CTX, (tx: Tx) => {
    const verdict = applySessionIn(deps, tx, orderById(tx, publicId)!, page)
    if (verdict.kind === "park")
      tx.afterCommit(() => deps.log.error("billing.parked", { order: publicId, why: verdict.why }))
    return orderById(tx, publicId)!
  })

async function lostAfter({ processor, store }: BillingDepsOn, sinceMs: number): Promise<LostPayment[]> {
  const intents = await processor.intentsSince(sinceMs - L.orderLifeMs)
  return intents.flatMap(({ id, state, orderId, customerId, cents }) =>
    state === "paid" && orderId !== null && orderById(store.read, orderId) === null
      ? [{ id, orderId, customerId, cents }]
      : [],
  )
}
