// One mail about many notices: sent an hour after the first that was one too many, with all that waited by then.
import { eachAlone, type UserId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { NOTICE_LIMITS as L } from "./limits.ts"
import { type DigestData, digest } from "./mails.ts"
import { digestsDue, heldOf, takeDigest } from "./store-digest.ts"
import type { NoticesDeps } from "./types.ts"

const CTX = { actor: "system:notice-digests", requestId: "job_notice-digests", reason: "many notices in one mail" }

type Deps = Pick<NoticesDeps, "store" | "clock" | "people" | "mails">

/** @returns whether more may be left */
export async function sendDigests(deps: Deps, rows: number): Promise<boolean> {
  const due = digestsDue(deps.store.read, deps.clock.now(), rows)
  await eachAlone(
    due,
    (userId) => userId,
    (userId) => deps.store.write(CTX, (tx) => sendIn(deps, tx, userId)),
  )
  return due.length >= rows
}

function sendIn({ people, mails }: Deps, tx: Tx, userId: UserId): void {
  const held = heldOf(tx, userId)
  if (!takeDigest(tx, userId) || held.length === 0) return
  const person = people.userById(userId)
  if (!person || people.isSuspended(userId)) return
  mails.queueIn(tx, digest, { to: person.email, data: dataOf(held), uselessAfterMs: null })
}

function dataOf(held: readonly { kind: string; title: string }[]): DigestData {
  const kinds = Map.groupBy(held, ({ kind }) => kind)
  return {
    kinds: [...kinds]
      .map(([kind, rows]) => ({
        kind,
        count: rows.length,
        titles: rows.slice(0, L.digestTitlesMax).map(({ title }) => title),
      }))
      .toSorted((one, other) => other.count - one.count),
  }
}
