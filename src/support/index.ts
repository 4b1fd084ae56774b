// The door of `support`: questions of people to the operator, in the order of their plans and of how long they wait.
import { ensure, type UserId } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { askIn, settleIn, writeIn } from "./ask.ts"
import { decideIn } from "./decide.ts"
import { SUPPORT_LIMITS as L } from "./limits.ts"
import { countsOf, deleteOld, messagesOf, queueOf, threadOf, threadsOf } from "./store.ts"
import type { Decision, Question, State, SupportDeps, SupportMessage, SupportThread } from "./types.ts"

export { SUPPORT_LIMITS } from "./limits.ts"
export { supportPart } from "./part.ts"
export { TOPICS, topicWords } from "./rules.ts"
export { PRIORITY_MAIL, SUPPORT_MAIL } from "./settings.ts"
export type * from "./types.ts"

const SWEEP = { actor: "system:sweep-support", requestId: "job_sweep-support", reason: "questions beyond their time" }

export type Support = ReturnType<typeof createSupport>

export function createSupport(deps: SupportDeps) {
  const { store } = deps
  const { read } = store
  return {
    /** A person's own, newest first. */
    of: (userId: UserId): SupportThread[] => threadsOf(read, userId),
    /** @throws AppError not_found: also for somebody else's */
    own(userId: UserId, publicId: string): SupportThread {
      const thread = threadOf(read, publicId)
      ensure(thread?.userId === userId, "not_found", "There is no such question.")
      return thread
    },
    /** For admins. @throws AppError not_found */
    one(publicId: string): SupportThread {
      const thread = threadOf(read, publicId)
      ensure(thread, "not_found", "There is no such question.")
      return thread
    },
    /** Oldest first. */
    messages: (threadId: number): SupportMessage[] => messagesOf(read, threadId),
    /** @param page from 0 */
    queue(state: State, page: number): { rows: SupportThread[]; hasNext: boolean } {
      const found = queueOf(read, state, page)
      return { rows: found.slice(0, L.queueRows), hasNext: found.length > L.queueRows }
    },
    counts: () => countsOf(read),

    askIn: (tx: Tx, question: Question) => askIn(deps, tx, question),
    ask: (ctx: WriteContext, question: Question) => store.write(ctx, (tx) => askIn(deps, tx, question)),
    write: (ctx: WriteContext, input: { userId: UserId; publicId: string; text: string }) =>
      store.write(ctx, (tx) => writeIn(deps, tx, input)),
    settle: (ctx: WriteContext, input: { userId: UserId; publicId: string }) =>
      store.write(ctx, (tx) => settleIn(tx, input)),
    decide: (ctx: WriteContext, decision: Decision) => store.write(ctx, (tx) => decideIn(deps, tx, decision)),
    /** @returns at most so many rows: that many = more may be left */
    sweep: (rows: number) => store.write(SWEEP, (tx) => deleteOld(tx, tx.now - L.keptMs, rows)),
  }
}
