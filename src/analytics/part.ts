// What `analytics` contributes: reads for the Worker, and its answer to the lifecycle.
import { type Clock, DAY_MS, dayOf, HOUR_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store } from "../store/index.ts"
import { CALLS_DAYS } from "../usage/index.ts"
import { ANALYTICS_LIMITS as L } from "./limits.ts"
import { OldKinds } from "./old-kinds.ts"
import { packOld } from "./old-packs.ts"
import { idSince } from "./store-packs.ts"
import { dropOldIn, erasePacksIn } from "./store-packs-end.ts"
import { ANALYTICS_PERSONAL, eraseKeyDays } from "./store-personal.ts"
import { ANALYTICS_READS } from "./worker-reads.ts"

function oldKinds(store: Pick<Store, "read" | "write">): () => Promise<boolean> {
  const kinds = new OldKinds()
  return () => kinds.run(store, L.foldRows)
}

const FIGURES = "figures of calls that were made stay"
const DROP = { actor: "system:analytics", requestId: "job:analytics", reason: "calls are kept so long" }

interface Works {
  store: Pick<Store, "read" | "write">
  settings: Pick<Settings, "get">
  clock: Pick<Clock, "now">
}

/** Beside `forget-calls` of usage: what is told of calls one by one goes with them. */
const dropOld =
  ({ store, settings, clock }: Works) =>
  async ({ rows }: { rows: number }): Promise<boolean> => {
    const beforeDay = dayOf(clock.now()) - settings.get(CALLS_DAYS)
    const belowId = idSince(store.read, beforeDay * DAY_MS)
    return (await store.write(DROP, (tx) => dropOldIn(tx, { belowId, beforeDay, rows }))) >= rows
  }

export const analyticsPart: Part<Works> = {
  name: "analytics",
  personal: ANALYTICS_PERSONAL,
  reads: ANALYTICS_READS,
  run: ({ store, settings, clock }) => ({
    jobs: [
      {
        name: "sum-people-by-kind",
        everyMs: HOUR_MS,
        atStart: true,
        run: oldKinds(store),
      },
      { name: "pack-old-calls", everyMs: HOUR_MS, atStart: true, run: () => packOld(store, L.foldRows) },
      { name: "forget-packed-calls", everyMs: HOUR_MS, run: dropOld({ store, settings, clock }) },
    ],
    lifecycle: {
      suspended: { nothing: FIGURES },
      reinstated: { nothing: FIGURES },
      passwordChanged: { nothing: FIGURES },
      erased: (tx, { id }, rows) => eraseKeyDays(tx, id) + erasePacksIn(tx, id, rows),
    },
  }),
}
