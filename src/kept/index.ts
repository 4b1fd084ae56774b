// The door of `kept`: answers that a person lets apps go on from. Sealed; theirs and the app's; gone when it is turned off or over.
import { AppError, DAY_MS, ensure, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { sealIn } from "../part/index.ts"
import type { Tx } from "../store/index.ts"
import { KEPT_LIMITS } from "./limits.ts"
import { PURPOSE, place, SEALED_EXCHANGES } from "./sealed.ts"
import { KEPT_DAYS } from "./settings.ts"
import {
  addBytes,
  answerOf,
  clientOf,
  countOf,
  deleteAnswer,
  deleteKeeping,
  deleteRows,
  insertAnswer,
  insertKeeping,
  keepingOf,
  oldestOf,
  overRows,
  recentOf,
  touch,
} from "./store.ts"
import type { Exchange, KeepAnswer, Keeper, Kept, KeptDeps } from "./types.ts"

export { KEPT_LIMITS } from "./limits.ts"
export { keptPart } from "./part.ts"
export { KEPT_DAYS } from "./settings.ts"
export type * from "./types.ts"

export function createKept({ store, clock, keyring, settings }: KeptDeps): Kept {
  const overMs = (nowMs: number): number => nowMs - settings.get(KEPT_DAYS) * DAY_MS
  const opened = (keeper: Keeper, publicId: string, sealed: string): Exchange =>
    JSON.parse(keyring.open(PURPOSE, place(keeper, publicId), sealed)) as Exchange

  function one(keeper: Keeper, publicId: string) {
    const row = answerOf(store.read, keeper, publicId, overMs(clock.now()))
    return row && { ...row, exchange: opened(keeper, publicId, row.sealed) }
  }

  function conversation(keeper: Keeper, publicId: string): Exchange[] | null {
    const found: Exchange[] = []
    let chars = 0
    for (let next: string | null = publicId; next !== null; ) {
      const row = one(keeper, next)
      if (!row) return null
      chars += row.sealed.length
      const isTooLong = found.length >= KEPT_LIMITS.conversationMax || chars > KEPT_LIMITS.conversationCharsMax
      ensure(!isTooLong, "invalid_request", "This conversation is too long to go on from. Begin a new one.")
      found.unshift(row.exchange)
      next = row.previous
    }
    return found
  }

  return {
    isOn: (userId) => keepingOf(store.read, userId) !== null,
    turnIn,
    turn: (ctx, person) => store.write(ctx, (tx) => turnIn(tx, person)),
    async keep(ctx, answer) {
      const text = JSON.stringify({ input: answer.input, answer: answer.answer })
      if (text.length > KEPT_LIMITS.answerCharsMax) return false
      const seal = (tx: Tx) => sealIn(tx, keyring, SEALED_EXCHANGES, [String(answer.userId), answer.publicId], text)
      return store.write(ctx, (tx) => keepIn(tx, answer, seal, overMs(tx.now)))
    },
    one: (keeper, publicId) => one(keeper, publicId)?.exchange ?? null,
    recent: (keeper, limit) =>
      recentOf(store.read, keeper, overMs(clock.now()), limit).map(({ publicId, sealed }) =>
        opened(keeper, publicId, sealed),
      ),
    conversation,
    remove: (ctx, keeper, publicId) => store.write(ctx, (tx) => removeIn(tx, keeper, publicId, overMs(tx.now))),
    sum: (userId) => ({ answers: countOf(store.read, userId), bytes: keepingOf(store.read, userId)?.bytes ?? 0 }),
    days: () => settings.get(KEPT_DAYS),
    sweep: (ctx, rows) => store.write(ctx, (tx) => sweepIn(tx, overMs(tx.now), rows)),
  }
}

function keepIn(tx: Tx, answer: KeepAnswer, seal: (tx: Tx) => string, afterMs: number): boolean {
  const { userId, publicId, mode, previous } = answer
  if (!keepingOf(tx, userId)) return false
  const before = previous === null ? [] : chainIn(tx, answer, previous, afterMs)
  // It was deleted while the model answered.
  if (before === null) return false
  const sealed = seal(tx)
  const bytes = sealed.length
  makeRoomIn(tx, userId, bytes)
  insertAnswer(tx, { publicId, userId, clientId: clientOf(answer), mode, previous, sealed, bytes })
  addBytes(tx, userId, bytes)
  touch(tx, userId, before)
  return true
}

function removeIn(tx: Tx, keeper: Keeper, publicId: string, afterMs: number): void {
  // What is over is not there, even while its row still is.
  const isThere = answerOf(tx, keeper, publicId, afterMs) !== null
  if (!isThere) throw new AppError("not_found", "There is no such answer here. It may be deleted already.")
  addBytes(tx, keeper.userId, -deleteAnswer(tx, keeper, publicId))
}

function sweepIn(tx: Tx, untilMs: number, rows: number): number {
  const over = overRows(tx, untilMs, rows)
  for (const { userId, bytes, isCounted } of over) if (isCounted) addBytes(tx, userId, -bytes)
  deleteRows(
    tx,
    over.map(({ id }) => id),
  )
  return over.length
}

/** The answers up to this one, itself included; null when one is not there. */
function chainIn(tx: Tx, keeper: Keeper, publicId: string, afterMs: number): string[] | null {
  const ids: string[] = []
  for (let next: string | null = publicId; next !== null; ) {
    const row = answerOf(tx, keeper, next, afterMs)
    if (!row || ids.length >= KEPT_LIMITS.conversationMax) return null
    ids.push(next)
    next = row.previous
  }
  return ids
}

/** The oldest go, a bounded number of them for each new one. */
function makeRoomIn(tx: Tx, userId: UserId, bytes: number): void {
  const keeping = keepingOf(tx, userId)!
  let used = keeping.bytes + bytes
  if (used <= KEPT_LIMITS.personBytesMax) return
  const gone: number[] = []
  for (const old of oldestOf(tx, userId, keeping.sinceMs, KEPT_LIMITS.pushedOutMax)) {
    if (used <= KEPT_LIMITS.personBytesMax) break
    used -= old.bytes
    addBytes(tx, userId, -old.bytes)
    gone.push(old.id)
  }
  deleteRows(tx, gone)
}

const turnIn: Kept["turnIn"] = (tx, { userId, userPublicId, on }) => {
  if ((keepingOf(tx, userId) !== null) === on) return
  if (on) insertKeeping(tx, userId)
  else {
    deleteKeeping(tx, userId)
    deleteRows(
      tx,
      oldestOf(tx, userId, 0, KEPT_LIMITS.turnedOffRows).map(({ id }) => id),
    )
  }
  auditIn(tx, { action: on ? "answers.kept" : "answers.dropped", subject: `user:${userPublicId}` })
}
