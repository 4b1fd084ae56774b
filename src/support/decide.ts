// An admin answers, closes, or opens again: about what they read, told to its person in the write that makes it so.
import { ensure, refuseFields } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { SUPPORT_LIMITS as L } from "./limits.ts"
import { supportAnswered } from "./mails.ts"
import { saysSomething, stateAfter, textProblem, tidy } from "./rules.ts"
import { insertMessage, messagesOf, saveState, threadOf } from "./store.ts"
import type { Act, Decision, State, SupportDeps } from "./types.ts"

const ACTIONS = {
  answer: "support.answered",
  answer_close: "support.answered",
  close: "support.closed",
  reopen: "support.reopened",
} as const satisfies Record<Act, string>

/** @returns where it stands now @throws AppError not_found, conflict, validation_failed */
export function decideIn(deps: SupportDeps, tx: Tx, { publicId, act, read, ...typed }: Decision): State {
  const thread = threadOf(tx, publicId)
  ensure(thread, "not_found", "There is no such question.")
  const text = tidy(typed.text)
  const says = saysSomething(act)
  refuseFields({ text: says ? textProblem(text) : text === "" ? null : "Choose to answer, or leave this empty." })
  const messages = messagesOf(tx, thread.id)
  const last = messages.at(-1)
  if (says && last?.side === "admin" && last.text === text) return thread.state
  ensure(
    read === null || read === (last?.id ?? 0),
    "conflict",
    "Somebody wrote since you opened this page. Read it, then answer.",
  )
  const state = stateAfter(thread.state, act)
  ensure(state !== null, "conflict", `This question is ${thread.state} already.`)
  ensure(!says || messages.length < L.messagesMax, "conflict", "This question is very long. Close it.")
  if (says) insertMessage(tx, { threadId: thread.id, side: "admin", text })
  saveState(tx, thread.id, state, tx.now, thread.isPriority)
  auditIn(tx, { action: ACTIONS[act], subject: publicId, before: { state: thread.state }, after: { state } })
  const person = says ? deps.identity.userById(thread.userId) : null
  const data = { question: publicId, subject: thread.subject, isClosed: state === "closed" }
  if (person) deps.mails.queueIn(tx, supportAnswered, { to: person.email, data, uselessAfterMs: null })
  return state
}
