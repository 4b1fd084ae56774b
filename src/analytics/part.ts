// What `analytics` contributes: reads for the Worker, and its answer to the lifecycle.
import { HOUR_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import { ANALYTICS_LIMITS as L } from "./limits.ts"
import { OldKinds } from "./old-kinds.ts"
import { ANALYTICS_PERSONAL, eraseKeyDays } from "./store-personal.ts"
import { ANALYTICS_READS } from "./worker-reads.ts"

function oldKinds(store: Pick<Store, "read" | "write">): () => Promise<boolean> {
  const kinds = new OldKinds()
  return () => kinds.run(store, L.foldRows)
}

const FIGURES = "figures of calls that were made stay"

export const analyticsPart: Part<{ store: Pick<Store, "read" | "write"> }> = {
  name: "analytics",
  personal: ANALYTICS_PERSONAL,
  reads: ANALYTICS_READS,
  run: ({ store }) => ({
    jobs: [
      {
        name: "sum-people-by-kind",
        everyMs: HOUR_MS,
        atStart: true,
        run: oldKinds(store),
      },
    ],
    lifecycle: {
      suspended: { nothing: FIGURES },
      reinstated: { nothing: FIGURES },
      passwordChanged: { nothing: FIGURES },
      erased: (tx, { id }) => eraseKeyDays(tx, id),
    },
  }),
}
