// What `kept` contributes: how long, and the end of what is over.
import { HOUR_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import { KEPT_LIMITS } from "./limits.ts"
import { SEALED_EXCHANGES } from "./sealed.ts"
import { KEPT_SENTENCES } from "./sentences.ts"
import { KEPT_DAYS, KEPT_KEEPS } from "./settings.ts"
import { eraseAnswers, KEPT_PERSONAL } from "./store-personal.ts"
import type { Kept } from "./types.ts"

const CTX = {
  actor: "system:sweep-answers",
  requestId: "job_sweep-answers",
  reason: "delete kept answers that are over",
}

export const keptPart: Part<{ kept: Pick<Kept, "sweep"> }> = {
  name: "kept",
  personal: KEPT_PERSONAL,
  settings: [KEPT_DAYS],
  keeps: KEPT_KEEPS,
  sealed: [SEALED_EXCHANGES],
  sentences: KEPT_SENTENCES,
  run: ({ kept }) => ({
    jobs: [
      {
        name: "sweep-answers",
        everyMs: HOUR_MS,
        atStart: true,
        sliceRows: KEPT_LIMITS.sweepRows,
        run: async ({ rows }) => (await kept.sweep(CTX, rows)) >= rows,
      },
    ],
    lifecycle: {
      suspended: { nothing: "nobody reads them: calls of a suspended person are refused" },
      reinstated: { nothing: "nothing was taken away when they were suspended" },
      passwordChanged: { nothing: "they open nothing; tokens that could read them end in oauth" },
      erased: (tx, { id }, rows) => eraseAnswers(tx, id, rows),
    },
  }),
}
