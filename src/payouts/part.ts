// What payouts contribute: settings, letters, sentences, what is sealed, and the sweep of places that money no longer goes to.
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../app/index.ts"
import { type Part, takeSteps } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import { deleteEnded, SEALED_DOCUMENTS } from "./documents/index.ts"
import type { Payouts } from "./index.ts"
import { PAYOUT_LIMITS as L } from "./limits.ts"
import { PAYOUT_LETTERS } from "./mails.ts"
import { SEALED_METHODS } from "./sealed.ts"
import { PAYOUT_SENTENCES } from "./sentences.ts"
import { PAYOUT_SETTINGS } from "./settings.ts"
import { forgetEnded } from "./store-methods.ts"
import { erasePayouts, PAYOUTS_PERSONAL } from "./store-personal.ts"
import { SEALED_TAX_NUMBERS } from "./tax/index.ts"

interface Works {
  payouts: Pick<Payouts, "askMonthly" | "passHoldsIn" | "eraseDocumentsIn" | "sendPayouts" | "syncAllStripe">
  store: Pick<Store, "write">
}

const SWEEP = {
  actor: "system:forget-payout-methods",
  requestId: "job_forget-payout-methods",
  reason: "nothing was sent there for long",
}
const SWEEP_DOCUMENTS = {
  actor: "system:forget-payout-documents",
  requestId: "job_forget-payout-documents",
  reason: "the time that the law asks for is over",
}
const NOT_ASKED = "whoever is suspended cannot ask, and is not approved; what is under way is the operator's to decide"

export const payoutsPart: Part<Works> = {
  name: "payouts",
  letters: PAYOUT_LETTERS,
  settings: PAYOUT_SETTINGS,
  sealed: [SEALED_METHODS, SEALED_DOCUMENTS, SEALED_TAX_NUMBERS],
  sentences: PAYOUT_SENTENCES,
  personal: PAYOUTS_PERSONAL,
  run: ({ store, payouts }) => ({
    jobs: [
      {
        name: "ask-monthly-payouts",
        everyMs: HOUR_MS,
        atStart: true,
        run: ({ rows }) => payouts.askMonthly(rows),
      },
      {
        name: "send-payouts",
        everyMs: MINUTE_MS,
        atStart: true,
        // What Stripe does not take now is asked again in a minute, not at once.
        async run() {
          await payouts.sendPayouts(L.sendsPerRound)
          return false
        },
      },
      {
        name: "ask-stripe-payees",
        everyMs: HOUR_MS,
        async run({ rows }) {
          await payouts.syncAllStripe(rows)
          return false
        },
      },
      {
        name: "forget-payout-documents",
        everyMs: HOUR_MS,
        run: async ({ rows }) => (await store.write(SWEEP_DOCUMENTS, (tx) => deleteEnded(tx, rows))) >= rows,
      },
      {
        name: "forget-payout-methods",
        everyMs: HOUR_MS,
        run: async ({ rows }) =>
          (await store.write(SWEEP, (tx) => forgetEnded(tx, tx.now - L.methodDays * DAY_MS, rows))) >= rows,
      },
    ],
    lifecycle: {
      suspended: { nothing: NOT_ASKED },
      reinstated: { nothing: NOT_ASKED },
      passwordChanged: { nothing: "where money goes was set by a person who proved who they are" },
      erased(tx, { id }, rows) {
        payouts.passHoldsIn(tx, id)
        return takeSteps(rows, [(left) => payouts.eraseDocumentsIn(tx, id, left), (left) => erasePayouts(tx, id, left)])
      },
    },
  }),
}
