// What `developers` contributes: earnings become payable when the operator's terms say so.
import { creditsDecimal, HOUR_MS, nano } from "../app/index.ts"
import { type Earnings, type Ledger, principal } from "../ledger/index.ts"
import { type Leaving, type Part, said } from "../part/index.ts"
import type { Developers } from "./index.ts"
import { EARNING_TERMS } from "./settings.ts"
import { DEVELOPERS_PERSONAL, eraseDeveloper } from "./store-personal.ts"

const APPS_STAY = "apps are clients: oauth refuses what their owner may not do, and earnings stay owed"

interface Works {
  developers: Pick<Developers, "earningTerms">
  ledger: Pick<Ledger, "matureDue" | "earningsOf">
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
      leaving: ({ id }) => leavingOf(ledger.earningsOf(principal(id), "live", developers.earningTerms())),
    },
  }),
}

/** Earnings are owed: nobody goes before they are paid out, or given up by agreement with the operator. */
function leavingOf({ pendingNano, payableNano, requestedNano }: Earnings): Leaving {
  const owed = nano(pendingNano + payableNano + requestedNano)
  if (owed <= 0) return {}
  const text = `${creditsDecimal(owed)} credits that your apps earned are not paid out yet. Have them paid out, or ask the people who run this service.`
  return { first: [{ text, href: "/developer" }] }
}
