// What `developers` contributes: earnings become payable when the operator's terms say so; uses of app secret keys are written.
import { creditsDecimal, HOUR_MS, nano } from "../app/index.ts"
import { type Earnings, type Ledger, principal } from "../ledger/index.ts"
import type { Check, Leaving, Part } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import { APP_HOST_LIMITS, type AppHosts, appHostLost, appHostMissing } from "./app-hosts/index.ts"
import { APP_KEY_LIMITS, type AppKeys, appKeyReported } from "./app-keys/index.ts"
import { type AppReviews, appReviewed } from "./app-reviews/index.ts"
import { type AppTransfers, appTransferAsked, appTransferEnded, appTransferOffered } from "./app-transfers/index.ts"
import type { Developers } from "./index.ts"
import { DEVELOPER_SENTENCES } from "./sentences.ts"
import { EARNING_TERMS } from "./settings.ts"
import { DEVELOPERS_PERSONAL, eraseDeveloper } from "./store-personal.ts"
import { DEVELOPER_READS } from "./worker-reads.ts"

const APPS_STAY = "apps are clients: oauth refuses what their owner may not do, and earnings stay owed"

interface Works {
  developers: Pick<Developers, "earningTerms">
  ledger: Pick<Ledger, "matureDue" | "earningsOf">
  appKeys: Pick<AppKeys, "flushUses" | "sweepIn">
  appTransfers: Pick<AppTransfers, "sweepIn">
  appHosts: Pick<AppHosts, "lookAgain">
  appReviews: Pick<AppReviews, "countWaiting" | "sweepIn">
  store: Pick<Store, "write">
}

const SWEEP = {
  actor: "system:sweep-app-keys",
  requestId: "job_sweep-app-keys",
  reason: "revoked longer ago than they are told apart",
}

const SWEEP_OFFERS = {
  actor: "system:sweep-app-transfers",
  requestId: "job_sweep-app-transfers",
  reason: "offers that nobody answered end",
}

const SWEEP_REVIEWS = {
  actor: "system:sweep-app-reviews",
  requestId: "job_sweep-app-reviews",
  reason: "reviews of apps that are gone",
}

export const developersPart: Part<Works> = {
  name: "developers",
  personal: DEVELOPERS_PERSONAL,
  letters: [
    appKeyReported,
    appReviewed,
    appHostMissing,
    appHostLost,
    appTransferOffered,
    appTransferAsked,
    appTransferEnded,
  ],
  settings: Object.values(EARNING_TERMS),
  sentences: DEVELOPER_SENTENCES,
  reads: DEVELOPER_READS,
  run: ({ developers, ledger, appKeys, appTransfers, appHosts, appReviews, store }) => ({
    checks: [() => waiting(appReviews)],
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
      {
        name: "write-app-key-uses",
        goesOn: true,
        everyMs: APP_KEY_LIMITS.usesEveryMs,
        async run() {
          await appKeys.flushUses()
          return false
        },
      },
      {
        name: "sweep-app-keys",
        everyMs: HOUR_MS,
        run: async ({ rows }) => (await store.write(SWEEP, (tx) => appKeys.sweepIn(tx, rows))) >= rows,
      },
      {
        name: "prove-app-hosts",
        everyMs: HOUR_MS,
        sliceRows: APP_HOST_LIMITS.sliceRows,
        run: async ({ rows }) => (await appHosts.lookAgain(rows)) >= rows,
      },
      {
        name: "sweep-app-reviews",
        everyMs: HOUR_MS,
        run: async ({ rows }) => (await store.write(SWEEP_REVIEWS, (tx) => appReviews.sweepIn(tx, rows))) >= rows,
      },
      {
        name: "sweep-app-transfers",
        everyMs: HOUR_MS,
        run: async ({ rows }) => (await store.write(SWEEP_OFFERS, (tx) => appTransfers.sweepIn(tx, rows))) >= rows,
      },
    ],
    lifecycle: {
      suspended: { nothing: APPS_STAY },
      reinstated: { nothing: APPS_STAY },
      passwordChanged: { nothing: APPS_STAY },
      erased: (tx, { id }, rows) => eraseDeveloper(tx, id, rows),
      leaving: ({ id }) => leavingOf(ledger.earningsOf(principal(id), "live", developers.earningTerms())),
    },
  }),
}

function waiting(appReviews: Pick<AppReviews, "countWaiting">): Check[] {
  const count = appReviews.countWaiting()
  if (count === 0) return []
  return [{ label: "Apps", state: "ok", text: `${count} to review`, href: "/admin/apps?show=waiting" }]
}

/** Earnings are owed: nobody goes before they are paid out, or given up by agreement with the operator. */
function leavingOf({ pendingNano, payableNano, requestedNano }: Earnings): Leaving {
  const owed = nano(pendingNano + payableNano + requestedNano)
  if (owed <= 0) return {}
  const text = `${creditsDecimal(owed)} credits that your apps earned are not paid out yet. Have them paid out, or ask the people who run this service.`
  return { first: [{ text, href: "/developer" }] }
}
