// What `analytics` contributes: reads for the Worker, and its answer to the lifecycle.
import type { Part } from "../part/index.ts"
import { ANALYTICS_PERSONAL, eraseKeyDays } from "./store-personal.ts"
import { ANALYTICS_READS } from "./worker-reads.ts"

const FIGURES = "figures of calls that were made stay"

export const analyticsPart: Part = {
  name: "analytics",
  personal: ANALYTICS_PERSONAL,
  reads: ANALYTICS_READS,
  run: () => ({
    lifecycle: {
      suspended: { nothing: FIGURES },
      reinstated: { nothing: FIGURES },
      passwordChanged: { nothing: FIGURES },
      erased: (tx, { id }) => eraseKeyDays(tx, id),
    },
  }),
}
