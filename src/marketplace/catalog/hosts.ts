// Whose server it is: a publisher shows it by a DNS record or by a file on the server itself, or an admin says so. The token is public: it names who
// claims, and lets nobody in. A loopback address needs no proof: nobody but the operator can be reached there, and calls to it are refused elsewhere.
import { AppError, ensure, type PrincipalId, randomSecret, refuseFields } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { HOST_PROOF_LIMITS, lookForProof, type Proving, proofWords, provableHost } from "../../http/index.ts"
import type { Reader, Tx, WriteContext } from "../../store/index.ts"
import { type Core, publisherIn } from "./core.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import { hostOf, isLoopback } from "./rules.ts"
import { productByPublicId, productsOf, publisherById, publisherOf, saveProduct } from "./store.ts"
import { deleteHost, hostOfPublisher, hostsOf, insertHost, saveHost } from "./store-words.ts"
import type { Host, HostProof, ProvenBy } from "./types.ts"

/** When this publisher proved this host; null = they did not. */
export const provenAtIn = (tx: Reader & Pick<Tx, "now">, publisherId: number, host: string): number | null =>
  isLoopback(host) ? tx.now : (hostOfPublisher(tx, publisherId, host)?.provenMs ?? null)

export const proofOf = ({ host, token, provenMs, provenBy, triedMs, missingMs }: Host): HostProof => ({
  host,
  provenMs,
  provenBy,
  triedMs,
  missingMs,
  ...proofWords(host, token),
})

export const proofsOf = (core: Core, ownerId: PrincipalId): HostProof[] => {
  const publisher = publisherOf(core.store.read, ownerId)
  return publisher ? hostsOf(core.store.read, publisher.id).map(proofOf) : []
}

/** The claim on a host, made once. @throws AppError validation_failed, conflict */
export function claimHostIn(
  core: Core,
  tx: Tx,
  { ownerId, host: raw }: { ownerId: PrincipalId; host: string },
): HostProof {
  const publisher = publisherIn(core, tx, ownerId)
  const host = nameOf(raw)
  const known = hostOfPublisher(tx, publisher.id, host)
  if (known) return proofOf(known)
  ensure(
    hostsOf(tx, publisher.id).length < L.hostsMax,
    "conflict",
    `You have ${L.hostsMax} servers, the most there may be.`,
  )
  const row = {
    publisherId: publisher.id,
    host,
    token: randomSecret(16),
    provenMs: null,
    provenBy: null,
    triedMs: null,
    missingMs: null,
  }
  const made: Host = { ...row, createdMs: tx.now }
  insertHost(tx, made)
  return proofOf(made)
}

function nameOf(raw: string): string {
  const host = provableHost(raw)
  if (host === null) refuseFields({ host: "Enter a host name such as api.example.com." })
  return host as string
}

export function dropHostIn(core: Core, tx: Tx, { ownerId, host }: { ownerId: PrincipalId; host: string }): void {
  const publisher = publisherIn(core, tx, ownerId)
  const uses = productsOf(tx, publisher.id, L.productsMax).filter(({ upstreamUrl }) => hostOf(upstreamUrl) === host)
  ensure(
    !uses.some(({ state }) => state === "published" || state === "review"),
    "conflict",
    `${uses[0]?.title ?? "A product"} goes there and is published. Unpublish it first.`,
  )
  ensure(deleteHost(tx, publisher.id, host), "not_found", "There is no such server.")
  for (const product of uses) saveProduct(tx, { ...product, hostProvenMs: null })
}

const SLOWER = "This was looked at a moment ago. Wait ten seconds and try again."

/**
 * Looks for the record and the file. @returns how it was proven; null = neither is there yet
 * @throws AppError rate_limit_exceeded when it was looked at a moment ago, not_found
 */
export async function checkHost(
  core: Core,
  dns: Proving,
  ctx: WriteContext,
  { ownerId, host }: { ownerId: PrincipalId; host: string },
): Promise<ProvenBy | null> {
  const row = await core.store.write(ctx, (tx) => {
    const publisher = publisherIn(core, tx, ownerId)
    const found = hostOfPublisher(tx, publisher.id, host)
    ensure(found, "not_found", "There is no such server.")
    if (found.triedMs !== null && tx.now - found.triedMs < HOST_PROOF_LIMITS.everyMs)
      throw new AppError("rate_limit_exceeded", SLOWER)
    saveHost(tx, { ...found, triedMs: tx.now })
    return found
  })
  const by = await lookForProof({ dns, safeFetch: core.safeFetch }, row)
  if (by) await core.store.write(ctx, (tx) => noteProvenIn(tx, row.publisherId, row.host, by))
  return by
}

function noteProvenIn(tx: Tx, publisherId: number, host: string, by: ProvenBy): void {
  const row = hostOfPublisher(tx, publisherId, host)
  if (!row) return
  const after: Host = { ...row, provenMs: row.provenMs ?? tx.now, provenBy: by, missingMs: null }
  saveHost(tx, after)
  for (const product of productsOf(tx, publisherId, L.productsMax))
    if (hostOf(product.upstreamUrl) === host && product.hostProvenMs === null)
      saveProduct(tx, { ...product, hostProvenMs: after.provenMs })
  const publisher = publisherById(tx, publisherId)
  auditIn(tx, { action: "publisher.host_proven", subject: publisher?.publicId ?? "", after: { host, by } })
}

/** An admin's word in place of a proof, for the host that a product goes to. */
export function vouchForHostIn(core: Core, tx: Tx, { productPublicId }: { productPublicId: string }): void {
  const product = productByPublicId(tx, productPublicId)
  ensure(product, "not_found", "There is no such product.")
  const host = hostOf(product.upstreamUrl)
  if (!hostOfPublisher(tx, product.publisherId, host))
    insertHost(tx, {
      publisherId: product.publisherId,
      host,
      token: randomSecret(16),
      provenMs: null,
      provenBy: null,
      triedMs: null,
      missingMs: null,
      createdMs: core.clock.now(),
    })
  noteProvenIn(tx, product.publisherId, host, "admin")
}
