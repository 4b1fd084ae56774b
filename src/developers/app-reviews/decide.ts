// An admin's word about an app: about what they read, told to its developer by mail and to its endpoints, in the write that makes it so.
import { ensure, refuseFields } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { AppReviewState, Client } from "../../oauth/index.ts"
import type { Tx } from "../../store/index.ts"
import { emitIn } from "../../webhooks/index.ts"
import { APP_REVIEW_LIMITS as L } from "./limits.ts"
import { appReviewed } from "./mails.ts"
import { versionOf, wordsOf } from "./rules.ts"
import { insertNote, notesOf, reviewOf, saveReview } from "./store.ts"
import type { AppDecision, AppReviewsDeps, DecideApp } from "./types.ts"

const CHANGED = "It was changed, or somebody wrote or decided, since you opened this page. Look again."

const ACTS = {
  approved: "app.approved",
  changes_requested: "app.changes_requested",
  rejected: "app.rejected",
  none: "app.review_note",
} as const satisfies Record<AppDecision, string>

/** What it becomes. Who is in is not sent back by asking for a change: that would lock everybody out who signs in. */
function stateAfter({ review }: Client, decision: AppDecision): AppReviewState {
  ensure(review !== null, "conflict", "Nobody has to look at this app: everybody can sign in to it.")
  if (decision === "approved") return "approved"
  if (decision === "none" || (decision === "changes_requested" && review === "approved")) return review
  ensure(review !== "approved", "conflict", "This app is in. Suspend it to keep people out.")
  ensure(review !== decision, "conflict", "That was decided already.")
  return decision === "rejected" ? "rejected" : "draft"
}

export function decideIn(deps: AppReviewsDeps, tx: Tx, input: DecideApp): void {
  const { decision, by } = input
  const text = input.text.replace(/\r\n?/g, "\n").trim()
  const client = deps.oauth.clientIn(tx, input.clientPublicId)
  ensure(client && client.removedMs === null, "not_found", "There is no such app.")
  const review = stateAfter(client, decision)
  ensure(input.version === null || input.version === versionOf(client, notesOf(tx, client.id)), "conflict", CHANGED)
  const isMissing = text === "" && decision !== "approved"
  refuseFields({
    text: isMissing
      ? "Say what its developer has to know."
      : text.length > L.noteChars
        ? `Use at most ${L.noteChars.toLocaleString("en-US")} characters.`
        : null,
  })
  const owner = client.ownerId === null ? null : deps.identity.userById(client.ownerId)
  insertNote(tx, {
    clientId: client.id,
    userId: by,
    side: "admin",
    decision: decision === "none" ? null : decision,
    text,
    createdMs: tx.now,
  })
  const before = reviewOf(tx, client.id)
  saveReview(tx, {
    clientId: client.id,
    askedMs: review === "waiting" ? (before?.askedMs ?? null) : null,
    decidedMs: decision === "none" ? (before?.decidedMs ?? null) : tx.now,
    seen: decision === "approved" ? wordsOf(client, owner?.publicId ?? "") : (before?.seen ?? null),
  })
  deps.oauth.setReviewIn(tx, { clientPublicId: client.publicId, review })
  const [was, is] = [{ review: client.review }, { review, ...(text === "" ? {} : { note: text }) }]
  auditIn(tx, { action: ACTS[decision], subject: client.publicId, before: was, after: is })
  if (decision !== "none") {
    const data = { about: "app" as const, decision, note: text || null }
    emitIn(tx, { type: "app.reviewed", app: client, subject: client.publicId, data })
  }
  const letter = { app: client.name, clientId: client.publicId, decision }
  if (owner) deps.mails.queueIn(tx, appReviewed, { to: owner.email, data: letter, uselessAfterMs: null })
}
