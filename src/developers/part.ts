// What `developers` contributes: earnings become payable when the operator's terms say so.
import { HOUR_MS } from "../app/index.ts"
import type { Ledger } from "../ledger/index.ts"
import { type Part, said } from "../part/index.ts"
import type { Developers } from "./index.ts"
import { EARNING_TERMS } from "./settings.ts"
import { DEVELOPERS_PERSONAL, eraseDeveloper } from "./store-personal.ts"

const APPS_STAY = "apps are clients: oauth refuses what their owner may not do, and earnings stay owed"

interface Works {
  developers: Pick<Developers, "earningTerms">
  ledger: Pick<Ledger, "matureDue">
}

export const developersPart: Part<Works> = {
  name: "developers",
  personal: DEVELOPERS_PERSONAL,
  settings: Object.values(EARNING_TERMS),
  sentences: {
    "developer.accepted": {
      topic: "apps",
      label: "Developer agreement accepted",
      say: ({ what }) => said`${what} accepted the developer agreement`,
    },
  },
  run: ({ developers, ledger }) => ({
    jobs: [
      {
        name: "mature-earnings",
        everyMs: HOUR_MS,
        atStart: true,
        // A developer's day a write; the verb itself goes round by round.
        async run() {
          await ledger.matureDue(developers.earningTerms())
          return false
        },
      },
    ],
    lifecycle: {
      suspended: { nothing: APPS_STAY },
      reinstated: { nothing: APPS_STAY },
      passwordChanged: { nothing: APPS_STAY },
      erased: (tx, { id }) => eraseDeveloper(tx, id),
    },
  }),
}
