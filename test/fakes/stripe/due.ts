// What time brings: periods end, drafts become final, refused payments are tried again, sessions expire. In the order of their moments.
import { expire } from "./checkout.ts"
import { collect, finalize, makeInvoice, methodFor, subscriptionOf, voided } from "./invoices.ts"
import { periodAt } from "./periods.ts"
import { nextPhase, release } from "./schedules.ts"
import { end, isTaxed, periodLines, takeLater } from "./subscriptions.ts"
import type { Invoice, Schedule, Session, Subscription } from "./types.ts"
import type { World } from "./world.ts"

/** A renewal can be changed for an hour before it is final. */
const DRAFT_SECONDS = 3_600
/** A first invoice that is not paid within a day never is. */
const INCOMPLETE_SECONDS = 82_800

interface Due {
  at: number
  act(): void
}

/** @param of who lives by the clock that went on; everybody without a test clock by default */
export function catchUp(world: World, until: number, of: (customer: string | null) => boolean): void {
  for (let turns = 0; turns < 10_000; turns++) {
    const next = dueOf(world, of)
      .filter(({ at }) => at <= until)
      .toSorted((a, b) => a.at - b.at)[0]
    if (!next) return
    world.at(next.at, next.act)
  }
  throw new Error("what is due never ends")
}

function dueOf(world: World, of: (customer: string | null) => boolean): Due[] {
  return [
    ...world
      .all<Session>("checkout.session")
      .filter(({ status, customer }) => status === "open" && of(customer))
      .map((session) => ({ at: session.expires_at, act: () => void expire(world, session) })),
    ...world
      .all<Subscription>("subscription")
      .filter(({ status, customer }) => !["canceled", "incomplete_expired"].includes(status) && of(customer))
      .map((subscription) => ofSubscription(world, subscription)),
    ...world
      .all<Invoice>("invoice")
      .filter(({ customer }) => of(customer))
      .flatMap((invoice) => ofInvoice(world, invoice)),
  ]
}

function ofSubscription(world: World, subscription: Subscription): Due {
  if (subscription.status === "incomplete")
    return {
      at: subscription.created + INCOMPLETE_SECONDS,
      act() {
        subscription.status = "incomplete_expired"
        world.emit("customer.subscription.updated", subscription, { status: "incomplete" })
      },
    }
  const at = Math.min(
    subscription.items.data[0]!.current_period_end,
    subscription.cancel_at ?? Number.POSITIVE_INFINITY,
  )
  return { at, act: () => renew(world, subscription, at) }
}

function renew(world: World, subscription: Subscription, at: number): void {
  if (subscription.cancel_at !== null && subscription.cancel_at <= at) {
    if (subscription.schedule) release(world, world.find<Schedule>("subscription_schedule", subscription.schedule))
    end(world, subscription)
    return
  }
  const before = { items: structuredClone(subscription.items) }
  nextPhase(world, subscription, at)
  // Another interval is counted from where it begins.
  if (intervalOf(subscription) !== before.items.data[0]!.price.recurring!.interval)
    subscription.billing_cycle_anchor = at
  for (const item of subscription.items.data) {
    const { start, end: until } = periodAt(subscription.billing_cycle_anchor, item.price.recurring!, at)
    Object.assign(item, { current_period_start: start, current_period_end: until })
  }
  const [item] = subscription.items.data
  world.emit("customer.subscription.updated", subscription, before)
  if (subscription.status === "unpaid") return
  const invoice = makeInvoice(world, {
    customer: subscription.customer,
    subscription,
    lines: [...takeLater(subscription), ...periodLines(world, subscription)],
    reason: "subscription_cycle",
    period: { start: before.items.data[0]!.current_period_start, end: item!.current_period_start },
    discounts: subscription.discounts,
    isTaxed: isTaxed(subscription),
    finalizesAt: at + DRAFT_SECONDS,
  })
  // What comes while nothing is collected is void, for good.
  if (subscription.pause_collection?.behavior === "void") voided(world, invoice)
}

const intervalOf = ({ items }: Subscription) => items.data[0]!.price.recurring!.interval

function ofInvoice(world: World, invoice: Invoice): Due[] {
  const take = (): boolean => {
    const method = methodFor(world, invoice.customer, subscriptionOf(world, invoice))
    return collect(world, invoice, { method, offSession: true })
  }
  if (invoice.status === "draft" && invoice.automatically_finalizes_at !== null)
    return [
      {
        at: invoice.automatically_finalizes_at,
        act() {
          finalize(world, invoice)
          if (invoice.status === "open") take()
        },
      },
    ]
  if (invoice.status !== "open" || invoice.next_payment_attempt === null || !invoice.auto_advance) return []
  return [
    {
      at: invoice.next_payment_attempt,
      act() {
        invoice.next_payment_attempt = null
        if (take() || invoice.next_payment_attempt !== null) return
        const subscription = subscriptionOf(world, invoice)
        if (subscription && subscription.status !== "canceled") end(world, subscription)
      },
    },
  ]
}
