// What an admin decides about listings, and what anybody may say against one.
import { AppError, type ClientId, DAY_MS, ensure, refuseFields, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Client } from "../oauth/index.ts"
import type { Tx } from "../store/index.ts"
import { emitIn } from "../webhooks/index.ts"
import { DIRECTORY_LIMITS as L } from "./limits.ts"
import { listingDecided } from "./mails.ts"
import { publishIn, withdrawCardIn } from "./publish.ts"
import {
  countBy,
  countOpen,
  countSince,
  hasReported,
  insertReport,
  listingOf,
  saveListing,
  settleReports,
} from "./store.ts"
import { appBySlug, cardOf, setFeatured } from "./store-cards.ts"
import type { DirectoryDeps, Listing, ReportKind } from "./types.ts"

function foundIn(
  { oauth }: Pick<DirectoryDeps, "oauth">,
  tx: Tx,
  publicId: string,
): { client: Client; listing: Listing } {
  const client = oauth.clientByPublicId(publicId)
  const listing = client && listingOf(tx, client.id)
  ensure(client && listing, "not_found", "There is no such listing.")
  return { client, listing }
}

type Decided = Parameters<(typeof listingDecided)["subject"]>[0]["decided"]

/** What the app's endpoints are told. */
const EVENTS = { published: "approved", remarked: "changes_requested", suspended: "rejected" } as const

function tellIn(deps: DirectoryDeps, tx: Tx, of: { client: Client; slug: string; decided: Decided; note?: string }) {
  const { identity, mails } = deps
  const { client, slug, decided, note = null } = of
  if (decided !== "reinstated") {
    const data = { about: "listing" as const, decision: EVENTS[decided], note }
    emitIn(tx, { type: "app.reviewed", app: client, subject: client.publicId, data })
  }
  const owner = client.ownerId === null ? null : identity.userById(client.ownerId)
  if (!owner) return
  const data = { app: client.name, id: client.publicId, slug, decided }
  mails.queueIn(tx, listingDecided, { to: owner.email, data, uselessAfterMs: null })
}

const CHANGED = "Its developer changed it, or took it back, since you opened this page. Look again."

/** @param savedMs of the words that the admin read. @throws AppError not_found, conflict */
export function approveIn(deps: DirectoryDeps, tx: Tx, input: { publicId: string; savedMs: number }): void {
  const { client, listing } = foundIn(deps, tx, input.publicId)
  ensure(listing.askedMs !== null && input.savedMs === listing.savedMs, "conflict", CHANGED)
  ensure(client.removedMs === null, "conflict", "This app is gone.")
  publishIn(deps, tx, { client, listing })
  tellIn(deps, tx, { client, slug: listing.slug, decided: "published" })
}

/** Back to its developer, with what has to change, also of what is listed already; what everybody sees stays. */
export function remarkIn(
  deps: DirectoryDeps,
  tx: Tx,
  { publicId, remark }: { publicId: string; remark: string },
): void {
  const { client, listing } = foundIn(deps, tx, publicId)
  ensure(listing.askedMs !== null || listing.state === "listed", "conflict", CHANGED)
  saveListing(tx, { ...listing, askedMs: null, remark, remarkedMs: tx.now })
  auditIn(tx, { action: "listing.remarked", subject: publicId, after: { remark } })
  tellIn(deps, tx, { client, slug: listing.slug, decided: "remarked", note: remark })
}

/** Out of the directory with this commit, and it stays out until an admin says otherwise. The app itself goes on. */
export function suspendIn(
  deps: DirectoryDeps,
  tx: Tx,
  { publicId, remark }: { publicId: string; remark: string },
): void {
  const { client, listing } = foundIn(deps, tx, publicId)
  ensure(listing.state !== "suspended", "conflict", "It is suspended already.")
  saveListing(tx, { ...listing, state: "suspended", askedMs: null, remark, remarkedMs: tx.now })
  withdrawCardIn(deps, tx, client.id)
  settleReports(tx, client.id)
  auditIn(tx, { action: "listing.suspended", subject: publicId, before: { state: listing.state }, after: { remark } })
  tellIn(deps, tx, { client, slug: listing.slug, decided: "suspended", note: remark })
}

/** Its developer may send it in again. */
export function reinstateIn(deps: DirectoryDeps, tx: Tx, publicId: string): void {
  const { client, listing } = foundIn(deps, tx, publicId)
  ensure(listing.state === "suspended", "conflict", "It is not suspended.")
  saveListing(tx, { ...listing, state: "unlisted", remark: null, remarkedMs: null })
  auditIn(tx, { action: "listing.reinstated", subject: publicId })
  tellIn(deps, tx, { client, slug: listing.slug, decided: "reinstated" })
}

export function featureIn(deps: DirectoryDeps, tx: Tx, { publicId, on }: { publicId: string; on: boolean }): void {
  const { client } = foundIn(deps, tx, publicId)
  const card = cardOf(tx, client.id)
  ensure(card, "conflict", "Only what is listed can be featured.")
  if ((card.featuredMs !== null) === on) return
  setFeatured(tx, client.id, on ? tx.now : null)
  auditIn(tx, { action: on ? "listing.featured" : "listing.unfeatured", subject: publicId })
}

/** The reports were looked at; the listing stays. */
export function settleReportsIn(deps: DirectoryDeps, tx: Tx, publicId: string): void {
  const { client } = foundIn(deps, tx, publicId)
  const reports = settleReports(tx, client.id)
  ensure(reports > 0, "conflict", "There is no report that waits.")
  auditIn(tx, { action: "listing.reports_settled", subject: publicId, after: { reports } })
}

export interface ReportInput {
  slug: string
  /** Null: somebody who is not signed in. */
  userId: UserId | null
  kind: ReportKind
  words: string
}

const MANY = "There are many reports today. Try again tomorrow; an admin looks at those first."

/** The same answer whatever became of it: twice is once, and what is too much is let go. @throws AppError not_found, validation_failed, rate_limit_exceeded */
export function reportIn(tx: Tx, input: ReportInput): void {
  const app = appBySlug(tx, input.slug)
  ensure(app, "not_found", "There is no such app. The directory lists them all.")
  const words = input.words.replace(/\r\n?/g, "\n").trim()
  const isLong = words.length > L.reportChars
  refuseFields({
    words: isLong
      ? `Use at most ${L.reportChars.toLocaleString("en-US")} characters.`
      : words === "" && input.kind === "other"
        ? "Say what is wrong with it."
        : null,
  })
  const since = tx.now - DAY_MS
  const { userId, kind } = input
  if (
    countSince(tx, since) >= L.reportsDayMax ||
    (userId !== null && countBy(tx, userId, since) >= L.reportsUserDayMax)
  )
    throw new AppError("rate_limit_exceeded", MANY, { retryAfterSeconds: DAY_MS / 1_000 })
  const clientId = app.clientId as ClientId
  if (countOpen(tx, clientId) >= L.reportsOpenMax || (userId !== null && hasReported(tx, userId, clientId))) return
  insertReport(tx, { clientId, userId, kind, words, createdMs: tx.now, decidedMs: null })
  auditIn(tx, { action: "listing.reported", subject: app.publicId, after: { kind } })
}
