// The door of apps' hosts: a developer shows that the domain of the homepage is theirs, and people read the domain when they allow the app.
import { AppError, ensure, randomSecret } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { HOST_PROOF_LIMITS, lookForProof, proofWords, provableHost, systemDns } from "../../http/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { Tx } from "../../store/index.ts"
import { lookAgain } from "./again.ts"
import { hostOfApp, saveHost } from "./store.ts"
import type { AppHost, AppHostProof, AppHostRef, AppHosts, AppHostsDeps } from "./types.ts"

export { APP_HOST_LIMITS } from "./limits.ts"
export { appHostLost, appHostMissing } from "./mails.ts"
export type * from "./types.ts"

const NO_HOMEPAGE = "Give the app a homepage first, such as https://app.example.com, and save it."

export function createAppHosts(deps: AppHostsDeps): AppHosts {
  const { store } = deps
  const dns = deps.dns ?? systemDns
  return {
    provable: hostOf,
    proofOf(client) {
      const row = standing(client, hostOfApp(store.read, client.id))
      return row && proofOf(row)
    },
    verified(client) {
      const row = standing(client, hostOfApp(store.read, client.id))
      return row?.provenMs != null && isWithin(client, row.host)
        ? { host: row.host, byAdmin: row.provenBy === "admin" }
        : null
    },
    claimIn: (tx, ref) => proofOf(claimIn(deps, tx, ref)),
    async check(ctx, ref) {
      const row = await store.write(ctx, (tx) => {
        const claimed = claimIn(deps, tx, ref)
        if (claimed.triedMs !== null && tx.now - claimed.triedMs < HOST_PROOF_LIMITS.everyMs)
          throw new AppError("rate_limit_exceeded", "This was looked at a moment ago. Wait ten seconds and try again.")
        saveHost(tx, { ...claimed, triedMs: tx.now })
        return claimed
      })
      const by = await lookForProof({ dns, safeFetch: deps.safeFetch }, row)
      if (by) await store.write(ctx, (tx) => noteProvenIn(tx, ref, row, by))
      return by
    },
    lookAgain: (rows) => lookAgain({ ...deps, dns }, (client, row) => standing(client, row) !== null, rows),
    vouchIn: (tx, input) => vouchIn(deps, tx, input),
  }
}

const hostOf = ({ homepageUrl }: Client): string | null =>
  homepageUrl?.startsWith("https://") ? provableHost(homepageUrl) : null

/** The row counts for the host that the homepage is on now. */
const standing = (client: Client, row: AppHost | null): AppHost | null =>
  row && row.host === hostOf(client) && row.userId === client.ownerId ? row : null

/** A badge that named one domain while people are sent to another would lie. Addresses on the person's own machine are no domain. */
const isWithin = ({ redirectUris }: Client, host: string): boolean =>
  redirectUris
    .filter((uri) => uri.startsWith("https://"))
    .map((uri) => new URL(uri).hostname)
    .every((one) => one === host || one.endsWith(`.${host}`))

const proofOf = ({ host, token, provenMs, provenBy, triedMs, missingMs }: AppHost): AppHostProof => ({
  host,
  provenMs,
  provenBy,
  triedMs,
  missingMs,
  ...proofWords(host, token),
})

/** Another developer's app is not there. */
function ownApp({ oauth }: AppHostsDeps, { ownerId, clientPublicId }: AppHostRef): Client {
  const client = oauth.clientByPublicId(clientPublicId)
  ensure(client && client.ownerId === ownerId && client.removedMs === null, "not_found", "You have no such app.")
  return client
}

function claimIn(deps: AppHostsDeps, tx: Tx, ref: AppHostRef): AppHost {
  deps.identity.requireActiveIn(tx, ref.ownerId)
  const client = ownApp(deps, ref)
  const host = hostOf(client)
  if (host === null) throw new AppError("validation_failed", NO_HOMEPAGE, { formErrors: { homepageUrl: NO_HOMEPAGE } })
  const known = standing(client, hostOfApp(tx, client.id))
  if (known) return known
  const made: AppHost = {
    clientId: client.id,
    userId: ref.ownerId,
    host,
    token: randomSecret(16),
    provenMs: null,
    provenBy: null,
    triedMs: null,
    missingMs: null,
    createdMs: tx.now,
  }
  saveHost(tx, made)
  return made
}

/** The homepage, or the owner, may have changed while somebody looked. */
function noteProvenIn(tx: Tx, ref: AppHostRef, looked: AppHost, by: "dns" | "file"): void {
  const row = hostOfApp(tx, looked.clientId)
  if (row?.token !== looked.token || row.host !== looked.host) return
  if (row.provenMs === null || row.provenBy === "admin")
    auditIn(tx, { action: "app.host_proven", subject: ref.clientPublicId, after: { host: row.host, by } })
  saveHost(tx, { ...row, provenMs: tx.now, provenBy: by, missingMs: null })
}

function vouchIn(
  deps: AppHostsDeps,
  tx: Tx,
  { clientPublicId, verified }: { clientPublicId: string; verified: boolean },
): void {
  const client = deps.oauth.clientByPublicId(clientPublicId)
  ensure(client && client.ownerId !== null && client.removedMs === null, "not_found", "There is no such app.")
  const host = hostOf(client)
  ensure(host !== null, "conflict", "This app has no homepage on the web that could be vouched for.")
  const known = standing(client, hostOfApp(tx, client.id))
  const row = known ?? {
    clientId: client.id,
    userId: client.ownerId,
    host,
    token: randomSecret(16),
    triedMs: null,
    missingMs: null,
    createdMs: tx.now,
  }
  saveHost(tx, { ...row, missingMs: null, provenMs: verified ? tx.now : null, provenBy: verified ? "admin" : null })
  const [before, after] = [{ by: known?.provenBy ?? null }, { host, by: verified ? "admin" : null }]
  if (verified) auditIn(tx, { action: "app.host_proven", subject: client.publicId, before, after })
  else auditIn(tx, { action: "app.host_unproven", subject: client.publicId, before, after })
}
