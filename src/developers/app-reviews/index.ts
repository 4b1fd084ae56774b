// The door of reviews of apps: a developer sends an app in, an admin lets it in, sends it back or says no, and both write to each other. Until
// then only its developer can sign in to it: that `oauth` asks with every sign-in.
import { AppError, ensure, MINUTE_MS, refuseFields, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { APP_REVIEWS, type Client } from "../../oauth/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { decideIn } from "./decide.ts"
import { APP_REVIEW_LIMITS as L } from "./limits.ts"
import { lackingOf, unanswered, versionOf, wordsOf } from "./rules.ts"
import { countWaiting, deleteOfGone, insertNote, notesOf, reviewOf, saveReview } from "./store.ts"
import type { AppReviewNote, AppReviewShown, AppReviews, AppReviewsDeps, OwnApp } from "./types.ts"

export { APP_REVIEW_LIMITS } from "./limits.ts"
export { appReviewed } from "./mails.ts"
export { forgetNotes } from "./store.ts"
export type * from "./types.ts"

export function createAppReviews(deps: AppReviewsDeps): AppReviews {
  const { read } = deps.store
  return {
    areWanted: () => deps.settings.get(APP_REVIEWS) === "wanted",
    of: (client) => shown(deps, read, client),
    countWaiting: () => countWaiting(read),
    askIn: (tx, input) => askIn(deps, tx, input),
    withdrawIn: (tx, ref) => withdrawIn(deps, tx, ref),
    writeIn: (tx, input) => writeIn(deps, tx, input),
    decideIn: (tx, input) => decideIn(deps, tx, input),
    sweepIn: (tx, rows) => deleteOfGone(tx, rows),
  }
}

function shown({ identity }: AppReviewsDeps, reader: Reader, client: Client): AppReviewShown {
  const review = reviewOf(reader, client.id)
  const notes = notesOf(reader, client.id)
  const owner = client.ownerId === null ? null : identity.userById(client.ownerId)
  const after = wordsOf(client, owner?.publicId ?? "")
  const before = review?.seen ?? null
  return {
    askedMs: review?.askedMs ?? null,
    decidedMs: review?.decidedMs ?? null,
    notes,
    version: versionOf(client, notes),
    changed: before === null || before === after ? null : { before, after },
    lacking: lackingOf(client),
  }
}

/** Another developer's app is not there. */
function ownIn(deps: AppReviewsDeps, tx: Tx, { ownerId, clientPublicId }: OwnApp): Client {
  deps.identity.requireActiveIn(tx, ownerId)
  const client = deps.oauth.clientIn(tx, clientPublicId)
  ensure(client && client.ownerId === ownerId && client.removedMs === null, "not_found", "You have no such app.")
  ensure(client.review !== null, "conflict", "Nobody has to look at this app: everybody can sign in to it.")
  return client
}

const tidy = (text: string): string => text.replace(/\r\n?/g, "\n").trim()

export const textProblem = (text: string): string | null =>
  text.length > L.noteChars ? `Use at most ${L.noteChars.toLocaleString("en-US")} characters.` : null

type Said = { client: Client; userId: UserId; text: string; decision: "asked" | null }

function sayIn(tx: Tx, { client, userId, text, decision }: Said): void {
  const waits = unanswered(notesOf(tx, client.id))
  if (waits >= L.unansweredMax)
    throw new AppError("rate_limit_exceeded", `You wrote ${waits} times. Wait until somebody has answered.`, {
      retryAfterSeconds: (60 * MINUTE_MS) / 1_000,
    })
  const note: Omit<AppReviewNote, "id"> = {
    clientId: client.id,
    userId,
    side: "developer",
    decision,
    text,
    createdMs: tx.now,
  }
  insertNote(tx, note)
}

function askIn(deps: AppReviewsDeps, tx: Tx, { text: typed, ...ref }: OwnApp & { text: string }): void {
  const client = ownIn(deps, tx, ref)
  const text = tidy(typed)
  ensure(client.review === "draft", "conflict", "It waits for a review already, or was decided about.")
  ensure(client.suspendedMs === null, "conflict", "An app that is suspended or deleted is not reviewed.")
  const lacking = lackingOf(client)
  ensure(lacking === null, "conflict", lacking ?? "")
  refuseFields({ text: textProblem(text) })
  sayIn(tx, { client, userId: ref.ownerId, text, decision: "asked" })
  const before = reviewOf(tx, client.id)
  saveReview(tx, {
    clientId: client.id,
    askedMs: tx.now,
    decidedMs: before?.decidedMs ?? null,
    seen: before?.seen ?? null,
  })
  deps.oauth.setReviewIn(tx, { clientPublicId: client.publicId, review: "waiting" })
  auditIn(tx, { action: "app.review_asked", subject: client.publicId })
}

function withdrawIn(deps: AppReviewsDeps, tx: Tx, ref: OwnApp): void {
  const client = ownIn(deps, tx, ref)
  const review = reviewOf(tx, client.id)
  ensure(client.review === "waiting" && review, "conflict", "It does not wait for a review.")
  saveReview(tx, { ...review, askedMs: null })
  deps.oauth.setReviewIn(tx, { clientPublicId: client.publicId, review: "draft" })
  auditIn(tx, { action: "app.review_withdrawn", subject: client.publicId })
}

function writeIn(deps: AppReviewsDeps, tx: Tx, { text: typed, ...ref }: OwnApp & { text: string }): void {
  const client = ownIn(deps, tx, ref)
  const text = tidy(typed)
  refuseFields({ text: text === "" ? "Write a message." : textProblem(text) })
  // Pressed twice it is said once.
  const last = notesOf(tx, client.id).at(-1)
  if (last?.side === "developer" && last.text === text) return
  sayIn(tx, { client, userId: ref.ownerId, text, decision: null })
  auditIn(tx, { action: "app.review_note", subject: client.publicId })
}
