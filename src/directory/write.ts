// What a developer does with the listing of an app: write it, picture it, send it in, take it back.
import { AppError, ensure, refuseFields, slugOf } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { APP_REVIEWS, type Client, isClosed } from "../oauth/index.ts"
import type { Reader, Tx, WriteContext } from "../store/index.ts"
import { DIRECTORY_LIMITS as L } from "./limits.ts"
import { publishIn, withdrawCardIn } from "./publish.ts"
import { draftProblems, type Need, needsOf, TAKEN, tagsOf, tidy } from "./rules.ts"
import { DIRECTORY_REVIEWS } from "./settings.ts"
import { countShots, deleteShot, insertShot, isSlugTaken, listingOf, saveListing, saveShot, shotsOf } from "./store.ts"
import { cardOf } from "./store-cards.ts"
import type { AddShot, DirectoryDeps, Listing, ListingDraft, OwnRef } from "./types.ts"

/** Read again where it is written: what a page was made of may be over. @throws AppError not_found, account_suspended */
export function ownIn(deps: Pick<DirectoryDeps, "oauth" | "identity">, tx: Tx, { ownerId, client }: OwnRef): Client {
  deps.identity.requireActiveIn(tx, ownerId)
  const now = deps.oauth.clientByPublicId(client.publicId)
  ensure(now && now.ownerId === ownerId && now.removedMs === null, "not_found", "You have no such app.")
  return now
}

const blank = (client: Client, nowMs: number): Listing => ({
  clientId: client.id,
  slug: `app-${client.publicId.slice(-12).toLowerCase()}`,
  state: "draft",
  tagline: "",
  description: "",
  category: "",
  tags: "",
  url: "",
  sourceUrl: "",
  priceWords: "",
  savedMs: nowMs,
  askedMs: null,
  remark: null,
  remarkedMs: null,
  createdMs: nowMs,
})

const NOT_IN = "Nobody but you can sign in to this app yet. Have it reviewed first."
/** Not its developer. */
const SUSPENDED = "This listing is suspended. It can be changed when it is let in again."

/** What changes goes back from the queue: an admin decides about what they read. */
function changedIn(tx: Tx, listing: Listing): void {
  ensure(listing.state !== "suspended", "conflict", SUSPENDED)
  saveListing(tx, { ...listing, savedMs: Math.max(tx.now, listing.savedMs + 1), askedMs: null })
}

/** What stands in the form at first. */
export function draftOf(reader: Reader, client: Client): ListingDraft {
  const found = listingOf(reader, client.id)
  if (found) return { ...found, tags: found.tags === "" ? [] : found.tags.split(" ") }
  const slug = slugOf(client.name)
  const isFree = slug.length >= 3 && !isSlugTaken(reader, slug, client.id)
  return {
    slug: isFree ? slug : "",
    tagline: "",
    description: client.description ?? "",
    category: "",
    tags: [],
    url: client.homepageUrl ?? "",
    sourceUrl: "",
    priceWords: "",
  }
}

/** @throws AppError not_found, validation_failed, conflict (suspended) */
export function saveDraftIn(deps: DirectoryDeps, tx: Tx, ref: OwnRef & { draft: ListingDraft }): void {
  const client = ownIn(deps, tx, ref)
  const before = listingOf(tx, client.id)
  ensure(before?.state !== "suspended", "conflict", SUSPENDED)
  const isFixed = before !== null && before.state !== "draft"
  const draft = {
    ...ref.draft,
    slug: isFixed ? before.slug : ref.draft.slug,
    tagline: tidy(ref.draft.tagline),
    priceWords: tidy(ref.draft.priceWords),
    description: ref.draft.description.replace(/\r\n?/g, "\n").trim(),
    tags: tagsOf(ref.draft.tags),
  }
  const problems = draftProblems(draft, client)
  refuseFields({ ...problems, slug: problems.slug ?? (isSlugTaken(tx, draft.slug, client.id) ? TAKEN : null) })
  const { slug, tagline, description, category, url, sourceUrl, priceWords } = draft
  const words = { slug, tagline, description, category, tags: draft.tags.join(" "), url, sourceUrl, priceWords }
  changedIn(tx, { ...(before ?? blank(client, tx.now)), ...words })
  auditIn(tx, { action: "listing.saved", subject: client.publicId, after: { slug, category } })
}

function altProblem(alt: string): string | null {
  if (alt === "") return "Say in a few words what it shows, for people who cannot see it."
  return alt.length > L.altChars ? `Use at most ${L.altChars} characters.` : null
}

/** @throws AppError those of `media.storeImage`, not_found, conflict */
export async function addShot(deps: DirectoryDeps, ctx: WriteContext, input: AddShot): Promise<void> {
  const alt = tidy(input.alt)
  refuseFields({ alt: altProblem(alt) })
  const { ownerId, bytes, crop, client } = input
  // Before the picture is decoded, which costs something.
  roomFor(deps.store.read, client)
  const { id } = await deps.media.storeImage(ctx, { ownerId, bytes, crop, purpose: "screenshot" })
  await deps.store.write(ctx, (tx) => {
    const now = ownIn(deps, tx, input)
    roomFor(tx, now)
    const publicId = deps.ids.next("sht")
    const position = (shotsOf(tx, now.id).at(-1)?.position ?? 0) + 1
    insertShot(tx, { publicId, clientId: now.id, position, alt, removedMs: null, createdMs: tx.now })
    deps.media.showIn(tx, { purpose: "screenshot", subject: publicId }, { id, ownerId })
    changedIn(tx, listingOf(tx, now.id) ?? freeBlank(tx, now))
    auditIn(tx, { action: "listing.shot_added", subject: now.publicId, after: { shot: publicId } })
  })
}

/** The address that the name suggests, or one that nobody else has. */
function freeBlank(tx: Tx, client: Client): Listing {
  const slug = slugOf(client.name)
  const row = blank(client, tx.now)
  return slug.length >= 3 && !isSlugTaken(tx, slug, client.id) ? { ...row, slug } : row
}

/** @throws AppError conflict */
function roomFor(reader: Reader, client: Client): void {
  const shown = shotsOf(reader, client.id).length
  ensure(shown < L.shotsMax, "conflict", `There are ${L.shotsMax} screenshots. Remove one first.`)
  const words = "Many screenshots were changed since the last review. Send the listing in, then change more."
  ensure(countShots(reader, client.id) < L.shotsKeptMax, "conflict", words)
}

function shotIn(tx: Tx, client: Client, publicId: string) {
  const shots = shotsOf(tx, client.id)
  const shot = shots.find((one) => one.publicId === publicId)
  ensure(shot, "not_found", "There is no such screenshot.")
  return { shot, shots }
}

/** The copy that everybody sees keeps it until it is made anew. */
export function removeShotIn(deps: DirectoryDeps, tx: Tx, ref: OwnRef & { shot: string }): void {
  const client = ownIn(deps, tx, ref)
  const { shot } = shotIn(tx, client, ref.shot)
  changedIn(tx, listingOf(tx, client.id)!)
  if (cardOf(tx, client.id)?.shots.includes(shot.publicId)) saveShot(tx, { ...shot, removedMs: tx.now })
  else {
    deleteShot(tx, shot.id)
    deps.media.showIn(tx, { purpose: "screenshot", subject: shot.publicId }, null)
  }
  auditIn(tx, { action: "listing.shot_removed", subject: client.publicId, after: { shot: shot.publicId } })
}

/** The first is the one on cards. */
export function firstShotIn(deps: DirectoryDeps, tx: Tx, ref: OwnRef & { shot: string }): void {
  const client = ownIn(deps, tx, ref)
  const { shot, shots } = shotIn(tx, client, ref.shot)
  const order = [shot, ...shots.filter((one) => one !== shot)]
  for (const [at, one] of order.entries()) saveShot(tx, { ...one, position: at + 1 })
  changedIn(tx, listingOf(tx, client.id)!)
}

export function needs(deps: Pick<DirectoryDeps, "media">, reader: Reader, client: Client): Need[] {
  const hasIcon = deps.media.addressOf({ purpose: "icon", subject: client.publicId }, 128) !== undefined
  return needsOf(client, listingOf(reader, client.id), { shots: shotsOf(reader, client.id).length, hasIcon })
}

/**
 * Sends it to an admin, or lists it where the operator wants no reviews.
 * @returns whether everybody sees it now
 */
export function askIn(deps: DirectoryDeps, tx: Tx, ref: OwnRef): boolean {
  const client = ownIn(deps, tx, ref)
  const listing = listingOf(tx, client.id)
  ensure(listing, "conflict", "Write the listing first.")
  ensure(listing.state !== "suspended", "conflict", SUSPENDED)
  ensure(
    client.suspendedMs === null && client.endsMs === null,
    "conflict",
    "This app is suspended, or about to be deleted.",
  )
  ensure(!isClosed(client, deps.settings.get(APP_REVIEWS, tx) === "wanted"), "conflict", NOT_IN)
  const missing = needs(deps, tx, client).find(({ isMet }) => !isMet)
  if (missing) throw new AppError("conflict", `Something is missing: ${missing.label}.`)
  if (deps.settings.get(DIRECTORY_REVIEWS, tx) === "none") {
    publishIn(deps, tx, { client, listing })
    return true
  }
  saveListing(tx, { ...listing, askedMs: listing.askedMs ?? tx.now })
  auditIn(tx, { action: "listing.asked", subject: client.publicId })
  return false
}

/** Out of the queue again; what everybody sees stays. */
export function withdrawIn(deps: DirectoryDeps, tx: Tx, ref: OwnRef): void {
  const client = ownIn(deps, tx, ref)
  const listing = listingOf(tx, client.id)
  ensure(listing?.askedMs != null, "conflict", "It does not wait for a review.")
  saveListing(tx, { ...listing, askedMs: null })
  auditIn(tx, { action: "listing.withdrawn", subject: client.publicId })
}

export function unlistIn(deps: DirectoryDeps, tx: Tx, ref: OwnRef): void {
  const client = ownIn(deps, tx, ref)
  const listing = listingOf(tx, client.id)
  ensure(listing?.state === "listed", "conflict", "It is not in the directory.")
  saveListing(tx, { ...listing, state: "unlisted", askedMs: null })
  withdrawCardIn(deps, tx, client.id)
  auditIn(tx, { action: "listing.unlisted", subject: client.publicId })
}
