// What `sponsors` contributes: pools without their app go back, and so do those of a developer who leaves.
import { creditsDecimal } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import { SPONSOR_LIMITS } from "./limits.ts"
import { SPONSOR_SENTENCES } from "./sentences.ts"
import { SPONSORS_PERSONAL } from "./store-personal.ts"
import type { Sponsors } from "./types.ts"

const RETURN = {
  actor: "system:return-pools",
  requestId: "job_return-pools",
  reason: "the app is gone, or another developer has it",
}
const APPS_REFUSE = "calls of their apps are refused, and a pool pays for calls alone"

export const sponsorsPart: Part<{ sponsors: Sponsors }> = {
  name: "sponsors",
  personal: SPONSORS_PERSONAL,
  sentences: SPONSOR_SENTENCES,
  run: ({ sponsors }) => ({
    jobs: [
      {
        name: "return-pools",
        everyMs: SPONSOR_LIMITS.lookEveryMs,
        async run({ rows }) {
          await sponsors.returnDue(RETURN, rows)
          return false
        },
      },
    ],
    lifecycle: {
      suspended: { nothing: APPS_REFUSE },
      reinstated: { nothing: "nothing was taken away when they were suspended" },
      passwordChanged: { nothing: "a pool opens nothing" },
      // Before the ledger, which then ends all that is in their wallet.
      erased: (tx, { id }) => sponsors.eraseIn(tx, id),
      leaving({ id }) {
        const leftNano = sponsors.leftOf(id)
        if (leftNano === 0) return {}
        return { ends: [`${creditsDecimal(leftNano)} credits in the pools of your apps are lost with the rest.`] }
      },
    },
  }),
}
