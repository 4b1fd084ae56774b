// A person asks, writes again, and says that it is settled. Pressed twice it is said once.
import { AppError, DAY_MS, ensure, HOUR_MS, refuseFields, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { operatorEmail } from "../billing/index.ts"
import { BRAND } from "../brand/index.ts"
import type { Tx } from "../store/index.ts"
import { SUPPORT_LIMITS as L } from "./limits.ts"
import { supportAsked } from "./mails.ts"
import { subjectProblem, textProblem, tidy, tidyLine, topicWords, unanswered } from "./rules.ts"
import { PRIORITY_MAIL, SUPPORT_MAIL } from "./settings.ts"
import {
  countOpen,
  countSince,
  insertMessage,
  insertThread,
  messagesOf,
  saveState,
  threadOf,
  threadsOf,
} from "./store.ts"
import type { Question, SupportDeps, SupportThread } from "./types.ts"

const tooMany = (message: string, seconds: number) =>
  new AppError("rate_limit_exceeded", message, { retryAfterSeconds: seconds })

/** @returns `sup_…` @throws AppError validation_failed, rate_limit_exceeded */
export function askIn(deps: SupportDeps, tx: Tx, { userId, topic, ...typed }: Question): string {
  deps.identity.requireActiveIn(tx, userId)
  const [subject, text] = [tidyLine(typed.subject), tidy(typed.text)]
  refuseFields({ subject: subjectProblem(subject), text: textProblem(text) })
  const last = threadsOf(tx, userId)[0]
  if (last?.subject === subject && last.state === "waiting" && messagesOf(tx, last.id).at(-1)?.text === text)
    return last.publicId
  if (countOpen(tx, userId) >= L.openMax)
    throw tooMany(`You have ${L.openMax} open questions. Settle one, or write in one of them.`, HOUR_MS / 1_000)
  if (countSince(tx, userId, tx.now - DAY_MS) >= L.newPerDayMax)
    throw tooMany(
      `You asked ${L.newPerDayMax} questions today. Write in one of them, or ask tomorrow.`,
      HOUR_MS / 1_000,
    )
  const thread = {
    publicId: deps.ids.next("sup"),
    userId,
    topic,
    subject,
    state: "waiting" as const,
    isPriority: isPriorityIn(deps, tx, userId),
    sinceMs: tx.now,
    createdMs: tx.now,
  }
  const threadId = insertThread(tx, thread)
  insertMessage(tx, { threadId, side: "person", text })
  auditIn(tx, { action: "support.asked", subject: thread.publicId, after: { topic } })
  tellOperatorIn(deps, tx, { ...thread, isNew: true })
  return thread.publicId
}

/** Somebody else's is not there. */
export function ownIn(tx: Tx, userId: UserId, publicId: string): SupportThread {
  const thread = threadOf(tx, publicId)
  ensure(thread?.userId === userId, "not_found", "There is no such question.")
  return thread
}

export function writeIn(deps: SupportDeps, tx: Tx, input: { userId: UserId; publicId: string; text: string }): void {
  deps.identity.requireActiveIn(tx, input.userId)
  const thread = ownIn(tx, input.userId, input.publicId)
  const text = tidy(input.text)
  refuseFields({ text: textProblem(text) })
  const messages = messagesOf(tx, thread.id)
  const last = messages.at(-1)
  if (last?.side === "person" && last.text === text) return
  const waits = unanswered(messages)
  if (waits >= L.unansweredMax)
    throw tooMany(`You wrote ${waits} times. Wait until somebody has answered.`, HOUR_MS / 1_000)
  ensure(messages.length < L.messagesMax, "conflict", "This question is very long. Ask a new one.")
  insertMessage(tx, { threadId: thread.id, side: "person", text })
  const isPriority = isPriorityIn(deps, tx, input.userId)
  // Who writes once more does not move to the end of those who wait.
  const sinceMs = thread.state === "waiting" ? thread.sinceMs : tx.now
  saveState(tx, thread.id, "waiting", sinceMs, isPriority)
  auditIn(tx, { action: "support.written", subject: thread.publicId })
  if (thread.state !== "waiting") tellOperatorIn(deps, tx, { ...thread, isPriority, isNew: false })
}

export function settleIn(tx: Tx, { userId, publicId }: { userId: UserId; publicId: string }): void {
  const thread = ownIn(tx, userId, publicId)
  if (thread.state === "closed") return
  saveState(tx, thread.id, "closed", tx.now, thread.isPriority)
  auditIn(tx, { action: "support.closed_by_person", subject: thread.publicId })
}

const isPriorityIn = ({ plans }: SupportDeps, tx: Tx, userId: UserId): boolean =>
  plans.entitlementsOfIn(tx, userId).prioritySupport

/** Once for each time that it begins to wait: more words of who waits already are no news. */
function tellOperatorIn(
  { mails, settings }: SupportDeps,
  tx: Tx,
  { publicId, topic, isPriority, isNew }: Pick<SupportThread, "publicId" | "topic" | "isPriority"> & { isNew: boolean },
): void {
  const usual = settings.get(SUPPORT_MAIL, tx) || settings.get(BRAND.support, tx) || operatorEmail(settings)
  const to = (isPriority && settings.get(PRIORITY_MAIL, tx)) || usual
  if (to === "") return
  const data = { question: publicId, topic: topicWords(topic), isPriority, isNew }
  mails.queueIn(tx, supportAsked, { to, data, uselessAfterMs: null })
}
