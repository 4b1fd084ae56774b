// What `referrals` contributes: purchases decide, what is old goes, and what stays of somebody who leaves.
import { HOUR_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import { REFERRAL_LIMITS } from "./limits.ts"
import { REFERRAL_SENTENCES } from "./sentences.ts"
import { REFERRAL_AMOUNT, REFERRAL_MOST, REFERRAL_PURCHASE } from "./settings.ts"
import { REFERRALS_PERSONAL } from "./store-personal.ts"
import type { Referrals } from "./types.ts"

const SETTLE = {
  actor: "system:settle-referrals",
  requestId: "job_settle-referrals",
  reason: "somebody who was brought bought credits, or was paid back",
}
const SWEEP = { actor: "system:sweep-referrals", requestId: "job_sweep-referrals", reason: "older than they are kept" }

export const referralsPart: Part<{ referrals: Referrals; store: Pick<Store, "write"> }> = {
  name: "referrals",
  personal: REFERRALS_PERSONAL,
  settings: [REFERRAL_AMOUNT, REFERRAL_PURCHASE, REFERRAL_MOST],
  sentences: REFERRAL_SENTENCES,
  run: ({ referrals, store }) => ({
    jobs: [
      {
        name: "settle-referrals",
        everyMs: REFERRAL_LIMITS.settleEveryMs,
        async run({ rows }) {
          await referrals.settle(SETTLE, rows)
          return false
        },
      },
      {
        name: "sweep-referrals",
        everyMs: HOUR_MS,
        run: async ({ rows }) => (await store.write(SWEEP, (tx) => referrals.sweepIn(tx, rows))) >= rows,
      },
    ],
    lifecycle: {
      suspended: { nothing: "whoever is suspended is rewarded for nobody: it is asked when somebody buys" },
      reinstated: { nothing: "nothing was taken away when they were suspended" },
      passwordChanged: { nothing: "a link lets nobody in" },
      erased: (tx, person) => referrals.eraseIn(tx, person),
    },
  }),
}
