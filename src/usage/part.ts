// What `usage` contributes: its answer to the lifecycle (calls are history, whoever made them), and whether there was a first one.
import { type Clock, DAY_MS, dayOf, HOUR_MS } from "../app/index.ts"
import type { Keys } from "../keys/index.ts"
import type { Ledger } from "../ledger/index.ts"
import type { Job, Part } from "../part/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store } from "../store/index.ts"
import { CALLS_DAYS, REFUSED_DAYS, USAGE_KEEPS } from "./settings.ts"
import { deleteSponsoredBefore } from "./store-payers.ts"
import { eraseRefused, USAGE_PERSONAL } from "./store-personal.ts"
import { deleteRefusedBefore } from "./store-refused.ts"
import type { Usage } from "./types.ts"

const HISTORY = "calls that were made stay made"

const FORGET = {
  actor: "system:forget-refused-calls",
  requestId: "job_forget-refused-calls",
  reason: "older than they are kept",
}

const CLEAR = { actor: "system:forget-calls", requestId: "job_forget-calls", reason: "older than they are kept" }

interface Works {
  usage: Pick<Usage, "wasCalled">
  ledger: Pick<Ledger, "clearOldCallsIn">
  keys: Pick<Keys, "sumSpend">
  store: Pick<Store, "write">
  settings: Pick<Settings, "get">
  clock: Pick<Clock, "now">
}

/** Whole days: what is a little older than it is kept goes with its day. */
function forgetCalls({ store, settings, ledger, keys, clock }: Omit<Works, "usage">): Job {
  let summedDay = -1
  return {
    name: "forget-calls",
    everyMs: HOUR_MS,
    async run({ rows }) {
      const today = dayOf(clock.now())
      // What a key spent is summed by the key that calls name: before they forget it, once for each day that goes.
      if (summedDay < today) await keys.sumSpend()
      summedDay = today
      const beforeMs = (today - settings.get(CALLS_DAYS)) * DAY_MS
      return (
        (await store.write(CLEAR, (tx) => {
          const { cleared } = ledger.clearOldCallsIn(tx, { beforeMs, rows })
          return cleared + deleteSponsoredBefore(tx, beforeMs, Math.max(0, rows - cleared))
        })) >= rows
      )
    },
  }
}

export const usagePart: Part<Works> = {
  name: "usage",
  personal: USAGE_PERSONAL,
  settings: [CALLS_DAYS, REFUSED_DAYS],
  keeps: USAGE_KEEPS,
  run: ({ usage, store, settings, ...works }) => ({
    jobs: [
      forgetCalls({ store, settings, ...works }),
      {
        name: "forget-refused-calls",
        everyMs: HOUR_MS,
        async run({ rows }) {
          const keptMs = settings.get(REFUSED_DAYS) * DAY_MS
          return (await store.write(FORGET, (tx) => deleteRefusedBefore(tx, tx.now - keptMs, rows))) >= rows
        },
      },
    ],
    lifecycle: {
      suspended: { nothing: HISTORY },
      reinstated: { nothing: HISTORY },
      passwordChanged: { nothing: HISTORY },
      erased: (tx, { id }, rows) => eraseRefused(tx, id, rows),
    },
    firstRun: [
      {
        key: "call",
        order: 40,
        label: "An app or a key made its first call",
        isDone: () => usage.wasCalled(),
        remedy:
          "Create an app under Developer, whose page makes a test call, or make a key under API keys and call with it.",
        way: { href: "/developer", label: "Open Developer" },
      },
    ],
  }),
}
