// Who uses a listed app: different people of the last 30 UTC days, as the sums of analytics have them, counted again each hour.
import { DAY_MS } from "../app/index.ts"
import { DIRECTORY_LIMITS as L } from "./limits.ts"
import { indexIn } from "./publish.ts"
import { cardOf, dueCards, setPeople } from "./store-cards.ts"
import type { DirectoryDeps } from "./types.ts"

const CTX = { actor: "system:directory-people", requestId: "job_directory-people", reason: "who uses listed apps" }

/** One slice. Names may have changed too: the index is made anew with it. @returns whether more wait */
export async function countPeople(deps: DirectoryDeps): Promise<boolean> {
  const { store, clock, analytics, oauth } = deps
  const now = clock.now()
  const ids = dueCards(store.read, now - L.peopleEveryMs, L.peopleRows)
  if (ids.length === 0) return false
  const due = ids.map(([clientId]) => clientId)
  const today = Math.floor(now / DAY_MS)
  const span = { from: today - L.peopleDays + 1, to: today }
  const { rows } = await analytics.report({ clientIds: due, span, by: "app", filter: {} })
  const people = new Map(rows.map(({ key, activeUsers }) => [String(key), activeUsers]))
  await store.write(CTX, (tx) => {
    for (const [clientId, publicId] of ids) {
      if (!cardOf(tx, clientId)) continue
      setPeople(tx, clientId, people.get(publicId) ?? 0)
      const client = oauth.clientByPublicId(publicId)
      if (client) indexIn(deps, tx, client)
    }
  })
  return ids.length === L.peopleRows
}
