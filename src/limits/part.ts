// What `limits` contributes: its sentences, counters whose window is over, and what refused.
import { HOUR_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import { LIMITER_LIMITS } from "./limits.ts"
import { LIMIT_SENTENCES } from "./sentences.ts"
import { eraseLimits, LIMITS_PERSONAL } from "./store-personal.ts"
import type { Limits } from "./types.ts"

export const limitsPart: Part<{ limits: Pick<Limits, "forget" | "flushHits"> }> = {
  name: "limits",
  personal: LIMITS_PERSONAL,
  sentences: LIMIT_SENTENCES,
  keeps: [
    {
      what: "How often limits refused",
      goes: "Numbers by rule and day are deleted.",
      kept: `${LIMITER_LIMITS.hitsDays} days`,
      job: "forget-limit-counts",
    },
  ],
  run: ({ limits }) => ({
    jobs: [
      {
        name: "forget-limit-counts",
        everyMs: HOUR_MS,
        run: async ({ rows }) => (await limits.forget(rows)) >= rows,
      },
      {
        name: "write-limit-hits",
        goesOn: true,
        everyMs: LIMITER_LIMITS.hitsEveryMs,
        // One row for each rule that refused.
        async run() {
          await limits.flushHits()
          return false
        },
      },
    ],
    lifecycle: {
      suspended: { nothing: "whoever is suspended is refused before limits are looked at" },
      reinstated: { nothing: "what was counted before counts on until its window is over" },
      passwordChanged: { nothing: "no password made a limit" },
      erased: (tx, { id }) => eraseLimits(tx, id),
    },
  }),
}
