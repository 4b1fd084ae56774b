// What `billing` contributes: the question after orders that nobody told the end of, its line of truth, and what the audit log says.
import { HOUR_MS, type Log, MINUTE_MS } from "../app/index.ts"
import type { Check, Job, Part } from "../part/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store } from "../store/index.ts"
import { CONNECTION_SENTENCES, SEALED_SECRETS } from "./connection/index.ts"
import { FORGET_TOPIC, type Forgotten } from "./customers.ts"
import { paymentChecks, paymentStep } from "./health.ts"
import { INVOICE_READS, INVOICE_SETTINGS } from "./invoices/index.ts"
import { RECEIPT_LETTERS } from "./receipts/mails.ts"
import { RECHARGE_LETTERS } from "./recharge/index.ts"
import { rechargeHandlers, rechargeJobs } from "./recharge/jobs.ts"
import { REFUND_LETTERS } from "./refunds/index.ts"
import { BILLING_SENTENCES } from "./sentences.ts"
import { SELLS } from "./settings.ts"
import { STATEMENT_READS } from "./statement/index.ts"
import { countParked } from "./store.ts"
import { BILLING_PERSONAL, isBuyer, leavingOf } from "./store-personal.ts"
import { PLAN_LETTERS, planHandlers } from "./subscriptions/index.ts"
import type { Billing } from "./types.ts"

const STAYS = "what was paid for stays paid for; who may not call cannot spend it"

const PURGE = { actor: "system:purge-coupon-tries", requestId: "job", reason: "delete what is over" }

/** One entry a noun. A key may be entered at any time: without one there is nothing to ask. */
const jobs = (billing: Billing): Job[] => [
  {
    name: "read-statement",
    everyMs: HOUR_MS,
    atStart: true,
    run: ({ signal }) => (billing.isOn ? billing.statement.read(signal).then(() => false) : Promise.resolve(false)),
  },
  { name: "keep-webhook", everyMs: HOUR_MS, atStart: true, run: () => billing.connection.keep().then(() => false) },
  ...rechargeJobs(billing.recharges),
  {
    name: "reconcile-orders",
    everyMs: 5 * MINUTE_MS,
    atStart: true,
    // One question an order, a slice of orders a run.
    run: () => billing.reconcile().then(() => false),
  },
  {
    name: "remind-of-plans",
    everyMs: 15 * MINUTE_MS,
    run: () => billing.plans.remind().then(() => false),
  },
  {
    name: "purge-coupon-tries",
    goesOn: true,
    everyMs: HOUR_MS,
    run: async ({ rows }) => (await billing.coupons.purge(PURGE, rows)) >= rows,
  },
]

const disputesLine = (billing: Billing): Check[] => {
  const { count, dueMs } = billing.refunds.openDisputes()
  if (count === 0) return []
  const due = dueMs === null ? "" : `, the first to be answered by ${new Date(dueMs).toISOString().slice(0, 10)}`
  const remedy = "Answer them at the payment service; Orders lists them."
  return [
    { label: "Disputes", state: "warn", text: `${count} open${due}`, remedy, href: "/admin/orders?state=disputed" },
  ]
}

export const billingPart: Part<{
  billing: Billing
  store: Pick<Store, "read">
  settings: Pick<Settings, "get">
  log: Log
}> = {
  name: "billing",
  personal: BILLING_PERSONAL,
  settings: [SELLS, ...INVOICE_SETTINGS],
  reads: { ...INVOICE_READS, ...STATEMENT_READS },
  letters: [...RECEIPT_LETTERS, ...PLAN_LETTERS, ...RECHARGE_LETTERS, ...REFUND_LETTERS],
  sentences: { ...BILLING_SENTENCES, ...CONNECTION_SENTENCES },
  sealed: [SEALED_SECRETS],
  keeps: [
    { what: "Orders, invoices and credit notes", goes: "Papers that the law asks for.", kept: "for ever", job: null },
  ],
  run: ({ billing, store, settings }) => ({
    jobs: jobs(billing),
    handlers: {
      ...rechargeHandlers(billing.recharges),
      ...planHandlers(billing.plans),
      [FORGET_TOPIC]: ({ payload }) => billing.forget(payload as Forgotten),
    },
    checks: [() => paymentChecks(billing), () => disputesLine(billing)],
    firstRun: [paymentStep(billing, settings)],
    metrics: [
      {
        kind: "gauge",
        name: "billing_parked",
        help: "What the payment service told and nobody could make sense of.",
        read: () => countParked(store.read),
      },
    ],
    lifecycle: {
      suspended(tx, { id }) {
        billing.recharges.suspendIn(tx, id, true)
        billing.plans.collectionIn(tx, id)
      },
      reinstated(tx, { id }) {
        billing.recharges.suspendIn(tx, id, false)
        billing.plans.collectionIn(tx, id)
      },
      passwordChanged: { nothing: STAYS },
      erased(tx, { id }, rows) {
        if (isBuyer(tx, id)) billing.plans.cancelAllIn(tx, id)
        return billing.eraseIn(tx, id, rows)
      },
      leaving: ({ id }) => leavingOf(store.read, id),
    },
  }),
}
