// For tests of subscriptions only: real books, invoices and settings on real SQLite, a clock that is turned by hand, keys and calls by hand.

import { AppError, createIds, type Nano, nano, silentLog, UserId, VirtualClock } from "../../app/index.ts"
import { creditNoteIn, INVOICE_SETTINGS, issueInvoiceIn } from "../../billing/invoices/testing.ts"
import { BRAND } from "../../brand/index.ts"
import { createLedger, principal } from "../../ledger/index.ts"
import { createSettings } from "../../settings/index.ts"
import { insertRow, type NotPromise, openTestStore, type StoreFaults, type Tx, testCtx } from "../../store/index.ts"
import { marketCalls } from "../calls/tables.ts"
import { COMMISSION } from "../catalog/settings.ts"
import { createProductPlans, type NewPlan, type ProductPlan, type TermsInput } from "../plans/index.ts"
import { seedProduct, terms } from "../plans/testing.ts"
import { marketOverages } from "../tables.ts"
import { createSubscriptions, type Subscription } from "./index.ts"
import { SUBSCRIPTION_SETTINGS } from "./settings.ts"

export const ANN = UserId(1)
export const BOB = UserId(2)
/** Who publishes. */
export const PUB = UserId(9)

const FREE = { discountNano: nano(0), taxNano: nano(0), taxInclusive: false, reverseCharge: false }

export async function openSubscriptions(startMs = Date.UTC(2026, 0, 31, 10, 30), faults: StoreFaults = {}) {
  const clock = new VirtualClock(startMs)
  const { store, close } = await openTestStore({ clock, faults })
  const ids = createIds(clock)
  const ledger = createLedger({ store, clock, ids, bootId: "boot-1" })
  const settings = createSettings({
    store,
    settings: [...SUBSCRIPTION_SETTINGS, COMMISSION, ...INVOICE_SETTINGS, BRAND.name],
  })
  const plans = createProductPlans({ store, ids })
  const suspended = new Set<number>()
  const identity = {
    userById: (id: UserId) =>
      ({ id, publicId: `usr_${id}`, email: `p${id}@example.com`, name: `Person ${id}`, company: null }) as never,
    isSuspended: (id: UserId) => suspended.has(id),
    requireActiveIn(_: Tx, id: UserId) {
      if (suspended.has(id)) throw new AppError("account_suspended", "This account is suspended.")
      return {} as never
    },
  }
  const mails: { kind: string; to: string; data: Record<string, unknown> }[] = []
  const asked: number[] = []
  const keys: { subscriptionId: number }[] = []
  const resets: number[] = []
  /** Whether a card is charged when credits are short. */
  const recharge = { isOn: false }
  const subscriptions = createSubscriptions(
    {
      store,
      clock,
      ids,
      log: silentLog,
      settings,
      mails: {
        queueIn: (_: Tx, { kind }: { kind: string }, { to, data }: { to: string; data: unknown }) =>
          void mails.push({ kind, to, data: data as never }),
      } as never,
      teams: { nameOf: () => null, circleOf: (_, id) => [id] },
      consoleUrl: "https://purser.example",
      identity: identity as never,
      makers: identity as never,
      ledger,
      billing: {
        productInvoiceIn: (tx, { userId, key, lines }) =>
          issueInvoiceIn({ settings, buyers: identity }, tx, {
            userId,
            key,
            kind: "product",
            lines,
            ...FREE,
            paidMs: tx.now,
          }),
        creditNoteIn: (tx, input) => creditNoteIn({ settings, buyers: identity }, tx, input),
        recharges: {
          needIn(_, userId) {
            asked.push(userId)
            return recharge.isOn
          },
          brings: () => nano(0),
          of: () => ({ rule: null, isHeld: false, cards: [], monthUsedNano: nano(0), addsTax: false, open: null }),
        },
      },
    },
    plans,
    () => ({
      issueKeyIn(_, { subscriptionId }) {
        keys.push({ subscriptionId })
        return { publicId: `mky_${keys.length}`, secret: `api_live_${keys.length}` }
      },
      resetQuotaIn: (_, id) => void resets.push(id),
      quotaOf: () => [],
    }),
  )
  const write = <T>(body: (tx: Tx) => NotPromise<T>): Promise<T> => store.write(testCtx, body)
  await write((tx) => {
    for (const id of [...Array(9).keys()].map((at) => UserId(at + 1))) addUser(tx, id)
  })
  let grants = 0
  const kit = {
    store,
    clock,
    ledger,
    plans,
    subscriptions,
    settings,
    suspended,
    mails,
    asked,
    keys,
    resets,
    recharge,
    close,
    write,
    product: (slug: string, commissionBp: number | null = null) =>
      write((tx) => seedProduct(tx, slug, PUB, commissionBp)),
    plan: (
      productId: number,
      name: string,
      more: Partial<TermsInput> = {},
      plan: Partial<NewPlan> = {},
    ): Promise<ProductPlan> => write((tx) => plans.createPlanIn(tx, { productId, name, terms: terms(more), ...plan })),
    /** Bought credits, or a gift. */
    grant: (userId: UserId, amountNano: Nano, paid = true) =>
      write((tx) =>
        ledger.grantIn(tx, {
          owner: principal(userId),
          mode: "live",
          type: paid ? "topup" : "bonus",
          bucket: paid ? "purchase" : "bonus",
          amountNano,
          paid,
          key: `test:${++grants}`,
        }),
      ),
    has: (userId: UserId): number => Number(ledger.paidSpendableOf(principal(userId), "live")),
    subscribe: (userId: UserId, plan: ProductPlan, key = `form ${Math.random()}`) =>
      write((tx) => subscriptions.subscribeIn(tx, { userId, planId: plan.id, key })),
    now: (publicId: string): Subscription => subscriptions.byPublicId(publicId)!,
    /** Turns the clock to a moment, and runs the jobs there. */
    async at(ms: number) {
      clock.set(ms)
      while (await subscriptions.renewDue(100));
      while (await subscriptions.billOverages(100));
      while (await subscriptions.tellTrialEnds(100));
    },
    /** A call above the quota, as calls charge it. */
    overage: (subscription: Subscription, units: number, unitNano: Nano, commissionNano: Nano) =>
      write((tx) => overageIn(tx, ledger, subscription, { units, unitNano, commissionNano })),
  }
  return kit
}

let calls = 0

function overageIn(
  tx: Tx,
  ledger: ReturnType<typeof createLedger>,
  { id, productId, termsId, payerId, periodStartMs }: Subscription,
  { units, unitNano, commissionNano }: { units: number; unitNano: Nano; commissionNano: Nano },
): void {
  const totalNano = nano(units * unitNano)
  const developerNano = nano(totalNano - commissionNano)
  const developer = principal(PUB)
  const hold = ledger.holdIn(tx, {
    owner: principal(payerId),
    mode: "live",
    amountNano: totalNano,
    callId: `req_${++calls}`,
    scope: "llm",
    paidOnly: true,
    leaseMs: 60_000,
    inputCostNano: totalNano,
    developer,
    split: { upstream: 0, developer: developerNano, platform: commissionNano },
  })
  const charge = { totalNano, upstreamNano: nano(0), developerNano, platformNano: commissionNano }
  ledger.settleIn(tx, { hold, charge, developer, withinHold: true })
  insertRow(tx, marketCalls, {
    requestId: `req_${calls}`,
    atMs: tx.now,
    productId,
    subscriptionId: id,
    keyId: 1,
    endpointId: 0,
    method: "GET",
    path: "/",
    status: 200,
    latencyMs: 1,
    units,
    chargedNano: totalNano,
    bytesOut: 0,
  })
  insertRow(
    tx,
    marketOverages,
    { subscriptionId: id, periodStartMs, termsId, endpointId: 0, unitNano, units, nano: totalNano, commissionNano },
    `ON CONFLICT DO UPDATE SET units = units + excluded.units, nano = nano + excluded.nano,
       commission_nano = commission_nano + excluded.commission_nano`,
  )
}

function addUser(tx: Tx, id: UserId): void {
  tx.run("INSERT INTO principals (id, kind, created_ms) VALUES (?, 'user', ?)", id, tx.now)
  tx.run(
    "INSERT INTO users (id, public_id, email, name, created_ms, updated_ms) VALUES (?1, 'usr_' || ?1, 'p' || ?1 || '@example.com', 'Person', ?2, ?2)",
    id,
    tx.now,
  )
}
