// What `billing` contributes: the question after orders that nobody told the end of, its line of truth, and what the audit log says.
import { type Log, MINUTE_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import { INVOICE_SETTINGS } from "./invoices/index.ts"
import { RECHARGE_LETTERS } from "./recharge/index.ts"
import { rechargeHandlers, rechargeJobs } from "./recharge/part.ts"
import { BILLING_SENTENCES } from "./sentences.ts"
import { countParked } from "./store.ts"
import type { Billing } from "./types.ts"

const STAYS = "what was paid for stays paid for; who may not call cannot spend it"

export const billingPart: Part<{ billing: Billing; store: Pick<Store, "read">; log: Log }> = {
  name: "billing",
  settings: INVOICE_SETTINGS,
  sentences: BILLING_SENTENCES,
  letters: RECHARGE_LETTERS,
  run: ({ billing, store }) => ({
    jobs: billing.isOn
      ? [
          ...rechargeJobs(billing.recharges),
          {
            name: "reconcile-orders",
            everyMs: 5 * MINUTE_MS,
            atStart: true,
            // One question an order, a slice of orders a run.
            run: () => billing.reconcile().then(() => false),
          },
        ]
      : [],
    handlers: rechargeHandlers(billing.recharges),
    checks: [
      () => {
        const parked = countParked(store.read)
        if (parked === 0) return []
        const remedy =
          "The log names each (billing.parked): look at it at the payment service, then correct the wallet by hand."
        return { label: "Payments", state: "bad", text: `${parked} that somebody has to look at`, remedy }
      },
    ],
    metrics: [
      {
        kind: "gauge",
        name: "billing_parked",
        help: "What the payment service told and nobody could make sense of.",
        read: () => countParked(store.read),
      },
    ],
    lifecycle: {
      suspended: (tx, { id }) => billing.recharges.suspendIn(tx, id, true),
      reinstated: (tx, { id }) => billing.recharges.suspendIn(tx, id, false),
      passwordChanged: { nothing: STAYS },
    },
  }),
}
