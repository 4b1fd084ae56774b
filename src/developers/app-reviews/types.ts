// The nouns of reviews of apps: where an app is on its way past an admin, and what the two say to each other.
import type { UserId } from "../../app/index.ts"
import type { Mails } from "../../mail/index.ts"
import type { Client, Oauth } from "../../oauth/index.ts"
import type { Settings } from "../../settings/index.ts"
import type { Store, Tx } from "../../store/index.ts"
import type { appReviewNotes, appReviews } from "../tables.ts"

export type AppReview = typeof appReviews.$inferSelect
export type AppReviewNote = typeof appReviewNotes.$inferSelect

/** What an admin may say of an app; `none`: only a message. */
export type AppDecision = "approved" | "changes_requested" | "rejected" | "none"

/** An app's review as both sides read it. */
export interface AppReviewShown {
  askedMs: number | null
  decidedMs: number | null
  /** Oldest first. */
  notes: Pick<AppReviewNote, "side" | "decision" | "text" | "createdMs">[]
  /** Of what stands on the page: a decision is about that, and no other. */
  version: string
  /** What was let in, and what is there now; null: the same, or never let in. */
  changed: { before: string; after: string } | null
  /** What is still to be done before it can be sent in, in words. */
  lacking: string | null
}

export interface OwnApp {
  ownerId: UserId
  clientPublicId: string
}

export interface DecideApp {
  clientPublicId: string
  decision: AppDecision
  text: string
  /** What the admin read; null: whatever there is. */
  version: string | null
  by: UserId
}

export interface AppReviewsDeps {
  store: Store
  oauth: Pick<Oauth, "clientIn" | "setReviewIn">
  settings: Pick<Settings, "get">
  mails: Pick<Mails, "queueIn">
  identity: {
    requireActiveIn(tx: Tx, userId: UserId): unknown
    userById(id: UserId): { email: string; publicId: string } | null
  }
}

export interface AppReviews {
  /** The operator wants reviews now. */
  areWanted(): boolean
  of(client: Client): AppReviewShown
  countWaiting(): number
  /** To the queue. @throws AppError not_found, conflict, validation_failed */
  askIn(tx: Tx, input: OwnApp & { text: string }): void
  /** Out of it. @throws AppError not_found, conflict */
  withdrawIn(tx: Tx, ref: OwnApp): void
  /** A message of its developer. @throws AppError not_found, conflict, validation_failed, rate_limit_exceeded */
  writeIn(tx: Tx, input: OwnApp & { text: string }): void
  /** An admin's word. @throws AppError not_found, conflict, validation_failed */
  decideIn(tx: Tx, input: DecideApp): void
  sweepIn(tx: Tx, rows: number): number
}
