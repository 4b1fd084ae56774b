// The copy that everybody sees: made of the words as they stand, and taken away with all that hung on it.
import { type ClientId, invariant } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Client } from "../oauth/index.ts"
import type { Tx } from "../store/index.ts"
import { deleteShot, removedShots, saveListing, shotsOf } from "./store.ts"
import { cardOf, deleteCard, putWords, saveCard } from "./store-cards.ts"
import type { DirectoryDeps, Listing } from "./types.ts"

type Deps = Pick<DirectoryDeps, "media" | "developerName">

export function publishIn(deps: Deps, tx: Tx, { client, listing }: { client: Client; listing: Listing }): void {
  const { clientId, tagline, description, category, tags, url, sourceUrl, priceWords } = listing
  const before = cardOf(tx, clientId)
  const shots = shotsOf(tx, clientId).map(({ publicId: id, alt }) => ({ id, alt }))
  saveCard(tx, {
    clientId,
    tagline,
    description,
    category,
    tags,
    url,
    sourceUrl,
    priceWords,
    shots: JSON.stringify(shots),
    featuredMs: before?.featuredMs ?? null,
    listedMs: before?.listedMs ?? tx.now,
    publishedMs: Math.max(tx.now, listing.savedMs),
    people: before?.people ?? 0,
    peopleMs: before?.peopleMs ?? 0,
  })
  saveListing(tx, { ...listing, state: "listed", askedMs: null, remark: null, remarkedMs: null })
  forgetShotsIn(deps, tx, clientId)
  indexIn(deps, tx, client)
  auditIn(tx, { action: "listing.published", subject: client.publicId, after: { slug: listing.slug } })
}

/** Its words in the index, as its name and its developer's are now. */
export function indexIn({ developerName }: Pick<Deps, "developerName">, tx: Tx, client: Client): void {
  const card = cardOf(tx, client.id)
  invariant(card, "a card that is indexed is there")
  const developer = client.ownerId === null ? "" : developerName(client.ownerId)
  const { tagline, tags, category, description } = card
  putWords(tx, client.id, { name: client.name, tagline, tags: `${tags} ${category}`, developer, description })
}

export function withdrawCardIn(deps: Pick<Deps, "media">, tx: Tx, clientId: ClientId): void {
  deleteCard(tx, clientId)
  forgetShotsIn(deps, tx, clientId)
}

/** Screenshots that their developer took away, and that nobody sees any more. */
function forgetShotsIn({ media }: Pick<Deps, "media">, tx: Tx, clientId: ClientId): void {
  for (const { id, publicId } of removedShots(tx, clientId)) {
    deleteShot(tx, id)
    media.showIn(tx, { purpose: "screenshot", subject: publicId }, null)
  }
}
