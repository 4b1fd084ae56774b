// Proofs are looked at again each week. One that is not found is looked for each day of another week, with a mail at its beginning and one when
// the app is no longer verified: a record that is lost in a move of name servers costs nobody a badge.
import { eachAlone } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { lookForProof, type Proving, seenAgain } from "../../http/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { Tx } from "../../store/index.ts"
import { APP_HOST_LIMITS as L } from "./limits.ts"
import { appHostLost, appHostMissing } from "./mails.ts"
import { hostOfApp, hostsDue, saveHost } from "./store.ts"
import type { AppHost, AppHostsDeps } from "./types.ts"

const CTX = { actor: "system:app-hosts", requestId: "job_prove-app-hosts", reason: "looked for the proof of a domain" }

/** @param isStanding the proof counts for the app as it is now @returns how many were looked at */
export async function lookAgain(
  deps: AppHostsDeps & { dns: Proving },
  isStanding: (client: Client, row: AppHost) => boolean,
  rows: number,
): Promise<number> {
  const { store, clock, oauth } = deps
  const nowMs = clock.now()
  const due = hostsDue(store.read, { seenBeforeMs: nowMs - L.everyMs, missingBeforeMs: nowMs - L.missingEveryMs }, rows)
  const look = async (row: AppHost) => {
    const client = oauth.clientById(row.clientId)
    const isRead = client !== null && client.removedMs === null && isStanding(client, row)
    // What nobody reads is put off, not judged: the app may come back, or its homepage.
    const by = isRead ? await lookForProof(deps, row) : null
    await store.write(CTX, (tx) => noteIn(deps, tx, { row, by, client: isRead ? client : null }))
  }
  await eachAlone(due, ({ host }) => host, look)
  return due.length
}

interface Seen {
  row: AppHost
  by: "dns" | "file" | null
  /** Null: nobody reads the proof now. */
  client: Client | null
}

/** The claim, or who proved it, may have changed while somebody looked. */
function noteIn(deps: AppHostsDeps, tx: Tx, { row, by, client }: Seen): void {
  const now = hostOfApp(tx, row.clientId)
  if (now?.token !== row.token || now.host !== row.host || now.provenMs !== row.provenMs) return
  const after = client === null ? now : seenAgain(now, by, { nowMs: tx.now, keptMs: L.missingMs })
  saveHost(tx, { ...after, triedMs: tx.now })
  if (client === null) return
  if (after.provenMs === null) {
    const [before, told] = [{ by: now.provenBy }, { host: row.host, by: null }]
    auditIn(tx, { action: "app.host_unproven", subject: client.publicId, before, after: told })
  }
  const letter = after.provenMs === null ? appHostLost : appHostMissing
  const isNews = after.provenMs === null || (now.missingMs === null && after.missingMs !== null)
  const owner = isNews ? deps.identity.userById(row.userId) : null
  const data = { app: client.name, clientId: client.publicId, host: row.host }
  if (owner) deps.mails.queueIn(tx, letter, { to: owner.email, data, uselessAfterMs: null })
}
