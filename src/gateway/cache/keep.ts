// Keeps an answer for whoever asks the same again. Never in the way of the answer: what cannot be kept is left out.
import type { Keyring, Log } from "../../app/index.ts"
import { type SealedColumn, sealIn } from "../../part/index.ts"
import type { Reader, Store, Tx } from "../../store/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { ChargedCall } from "../types.ts"
import { type CachedRow, cachedOf, deleteCached, findCached, insertCached, oldestOf, wholeCharge } from "./store.ts"

interface KeepDeps {
  store: Store
  keyring: Keyring
  log: Log
}

/** Where an answer goes, and for how long. */
export interface Place {
  scopeHash: string
  seconds: number
}

const PURPOSE = "cached-answer"
const placeOf = (scopeHash: string): string => `cached_answers:answer_sealed:${scopeHash}`

export const SEALED_CACHED: SealedColumn = {
  what: "answers kept for the same question",
  table: "cached_answers",
  blob: "answer_sealed",
  assign: "answer_sealed = ?",
  purpose: PURPOSE,
  columns: ["scope_hash"],
  place: placeOf,
}

export const openCached = (keyring: Keyring, row: { scopeHash: string; answerSealed: string }): string =>
  keyring.open(PURPOSE, placeOf(row.scopeHash), row.answerSealed)

/** An answer that is no older than its caller wants, and whose own time is not over. */
export function foundIn(sql: Reader, { scopeHash, seconds }: Place, nowMs: number): CachedRow | null {
  const row = findCached(sql, scopeHash)
  return row && nowMs < Math.min(row.expiresMs, row.createdMs + seconds * 1_000) ? row : null
}

type Kept = Pick<ChargedCall, "requestId" | "caller" | "stream">

/** The answer as it left, kept on its way. @returns the same answer */
export async function keeping(deps: KeepDeps, call: Kept, place: Place, response: Response): Promise<Response> {
  if (response.status !== 200 || !response.body) return response
  const { status, headers } = response
  if (call.stream) return new Response(keptStream(deps, call, place, response.body), { status, headers })
  const text = await response.text()
  await keep(deps, call, place, text)
  return new Response(text, { status, headers })
}

/** Passes on what comes as fast as it is read, and keeps it once it came to its end. */
function keptStream(
  deps: KeepDeps,
  call: Kept,
  place: Place,
  body: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text: string | null = ""
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read()
        if (done) {
          if (text !== null) await keep(deps, call, place, withoutComments(text + decoder.decode()))
          return controller.close()
        }
        if (text !== null) text += decoder.decode(value, { stream: true })
        if (text !== null && text.length > GATEWAY_LIMITS.cachedAnswerBytesMax) text = null
        controller.enqueue(value)
      },
      cancel: (why) => reader.cancel(why),
    },
    { highWaterMark: 0 },
  )
}

/** Comments of a stream say how long it took and what it cost, which is no part of the answer. */
export const withoutComments = (text: string): string =>
  text
    .split("\n\n")
    .map((block) =>
      block
        .split("\n")
        .filter((line) => !line.startsWith(":"))
        .join("\n"),
    )
    .filter((block, at, all) => block !== "" || at === all.length - 1)
    .join("\n\n")

async function keep({ store, keyring, log }: KeepDeps, call: Kept, place: Place, text: string): Promise<void> {
  const bytes = Buffer.byteLength(text)
  if (bytes === 0 || bytes > GATEWAY_LIMITS.cachedAnswerBytesMax) return
  const { caller, requestId } = call
  const ctx = { actor: caller.actor, onBehalfOf: `user:${caller.userPublicId}`, requestId, reason: "cache" }
  try {
    await store.write(ctx, (tx) => keepIn(tx, keyring, call, place, { text, bytes }))
  } catch (error) {
    log.warn("gateway.cache_failed", { request: requestId, error })
  }
}

function keepIn(
  tx: Tx,
  keyring: Keyring,
  { requestId, caller: { userId } }: Kept,
  { scopeHash, seconds }: Place,
  { text, bytes }: { text: string; bytes: number },
): void {
  const charge = wholeCharge(tx, requestId)
  if (!charge) return
  makeRoomIn(tx, userId, bytes)
  insertCached(tx, {
    scopeHash,
    userId,
    callId: requestId,
    createdMs: tx.now,
    expiresMs: tx.now + seconds * 1_000,
    ...charge,
    bytes,
    answerSealed: sealIn(tx, keyring, SEALED_CACHED, [scopeHash], text),
  })
}

/** The oldest go first. */
function makeRoomIn(tx: Tx, userId: Kept["caller"]["userId"], bytes: number): void {
  const kept = cachedOf(tx, userId)
  let answers = kept.answers + 1
  let total = kept.bytes + bytes
  const { cachedAnswersMax, cachedBytesMax } = GATEWAY_LIMITS
  if (answers <= cachedAnswersMax && total <= cachedBytesMax) return
  for (const oldest of oldestOf(tx, userId, answers)) {
    if (answers <= cachedAnswersMax && total <= cachedBytesMax) return
    deleteCached(tx, oldest.id)
    answers--
    total -= oldest.bytes
  }
}
