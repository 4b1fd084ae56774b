// Proofs of servers are looked at again each week. One that is not found is looked for each day of another week, with a mail at its beginning and
// one at its end, when its APIs leave the marketplace. Whoever subscribed goes on: a record lost in a move of name servers breaks nobody's program.
import { eachAlone, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { lookForProof, type Proving, seenAgain } from "../../http/index.ts"
import type { Letter } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Core } from "./core.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import { type HostData, hostLost, hostMissing } from "./mails.ts"
import { hostOf } from "./rules.ts"
import { moveIn } from "./states.ts"
import { productsOf, publisherById, saveProduct } from "./store.ts"
import { hostOfPublisher, hostsDue, saveHost } from "./store-words.ts"
import type { Host } from "./types.ts"

const CTX = {
  actor: "system:market-hosts",
  requestId: "job_prove-market-hosts",
  reason: "looked for proofs of servers",
}

/** @returns how many were looked at */
export async function lookAgain(core: Core, dns: Proving, rows: number): Promise<number> {
  const { store, safeFetch } = core
  const nowMs = core.clock.now()
  const before = { seenBeforeMs: nowMs - L.hostEveryMs, missingBeforeMs: nowMs - L.hostMissingEveryMs }
  const due = hostsDue(store.read, before, rows)
  await eachAlone(
    due,
    ({ host }) => host,
    async (row) => {
      const by = await lookForProof({ dns, safeFetch }, row)
      await store.write(CTX, (tx) => noteIn(core, tx, row, by))
    },
  )
  return due.length
}

/** The claim, or who proved it, may have changed while somebody looked. */
function noteIn(core: Core, tx: Tx, row: Host, by: "dns" | "file" | null): void {
  const now = hostOfPublisher(tx, row.publisherId, row.host)
  if (now?.token !== row.token || now.provenMs !== row.provenMs || now.provenBy !== row.provenBy) return
  const seen = seenAgain(now, by, { nowMs: tx.now, keptMs: L.hostMissingMs })
  // What is lost is a claim as on its first day.
  const after = seen.provenMs === null ? { ...seen, createdMs: tx.now } : seen
  saveHost(tx, { ...after, triedMs: tx.now })
  if (after.provenMs === null) loseIn(core, tx, after)
  else if (now.missingMs === null && after.missingMs !== null)
    tellIn(core, tx, after, hostMissing, onHost(tx, after).filter(({ state }) => state === "published").length)
}

const onHost = (tx: Tx, { publisherId, host }: Host) =>
  productsOf(tx, publisherId, L.productsMax).filter(({ upstreamUrl }) => hostOf(upstreamUrl) === host)

function loseIn(core: Core, tx: Tx, host: Host): void {
  const publisher = publisherById(tx, host.publisherId)
  auditIn(tx, { action: "publisher.host_unproven", subject: publisher?.publicId ?? "", after: { host: host.host } })
  let withdrawn = 0
  for (const product of onHost(tx, host)) {
    const unproven = { ...product, hostProvenMs: null }
    const reason = `Nothing on ${host.host} shows any more that it is yours.`
    if (product.state === "published") {
      moveIn(tx, unproven, "unpublished", reason)
      withdrawn++
    } else if (product.state === "review") moveIn(tx, unproven, "draft", reason)
    else saveProduct(tx, unproven)
  }
  tellIn(core, tx, host, hostLost, withdrawn)
}

function tellIn(core: Core, tx: Tx, host: Host, letter: Letter<HostData>, apis: number): void {
  const publisher = publisherById(tx, host.publisherId)
  const owner = publisher && core.makers.userById(UserId(publisher.ownerId))
  const data = { host: host.host, apis }
  if (owner) core.mails.queueIn(tx, letter, { to: owner.email, data, uselessAfterMs: null })
}
