// The one answer of an interaction: kept sealed beside its id, so that it counts once, and repeated to the same person for some
// seconds, because people click twice and a browser without scripts then sends the form twice.
import { ensure } from "../../app/index.ts"
import { type SealedColumn, sealIn } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import { clientById } from "../client/store.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { AuthSession, Redirect, ResumeInput } from "../types.ts"
import { expiresMsOf, type Interaction } from "./interaction.ts"
import { answeredById, insertAnswered } from "./store.ts"
import { askingApp } from "./view.ts"

const PURPOSE = "interaction-answer"
const placeOf = (id: string): string => `oauth_interactions:answer:${id}`

export const SEALED_ANSWERS: SealedColumn = {
  what: "answers of the consent page",
  table: "oauth_interactions",
  blob: "answer",
  assign: "answer = ?",
  purpose: PURPOSE,
  columns: ["id"],
  place: placeOf,
}

/** Keeps the answer. The caller has seen in the same body that there was none. */
export function answerIn(
  core: Core,
  tx: Tx,
  interaction: Interaction,
  session: AuthSession,
  outcome: Redirect,
): Redirect {
  insertAnswered(tx, {
    id: interaction.id,
    userId: session.userId,
    answer: sealIn(tx, core.keyring, SEALED_ANSWERS, [interaction.id], outcome.location),
    // Longer than any interaction that began with the same pushed request.
    expiresMs: expiresMsOf(interaction) + OAUTH_LIMITS.pushedRequestMs,
  })
  return outcome
}

/** A pushed request gets one answer, at once or after pages (RFC 9126 §4). @throws AppError invalid_request */
export function requireUnansweredIn(tx: Tx, interaction: Interaction): void {
  ensure(answeredById(tx, interaction.id) === null, "invalid_request", "This was answered already. Go back to the app.")
}

/** The answer that was given a moment ago; null when there was none. @throws AppError invalid_request when it is too late */
export function repeatIn(
  core: Core,
  tx: Tx,
  interaction: Interaction,
  { session, formSent }: Pick<ResumeInput, "session" | "formSent">,
): Redirect | null {
  const row = answeredById(tx, interaction.id)
  if (!row) return null
  const client = clientById(tx, interaction.request.clientId)
  ensure(
    client && formSent && row.userId === session?.userId && tx.now - row.answeredMs < OAUTH_LIMITS.answerRepeatMs,
    "invalid_request",
    "This was answered already. Go back to the app.",
  )
  const location = core.keyring.open(PURPOSE, placeOf(interaction.id), row.answer)
  return { kind: "redirect", location, app: askingApp(client, interaction.request) }
}
