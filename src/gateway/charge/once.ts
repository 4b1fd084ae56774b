// Idempotency-Key: a repeat of a call is the same call (SPEC GW-7, draft-ietf-httpapi-idempotency-key-header). The key is taken in the body
// of the hold and finished in that of the settle, so that no crash comes between a charge and what is known of it.
import { AppError, amountJson, creditsDecimal, HOUR_MS, type Keyring, type Nano, sha256Hex } from "../../app/index.ts"
import { digestOf } from "../../http/index.ts"
import { type SealedColumn, sealIn } from "../../part/index.ts"
import type { Store, Tx } from "../../store/index.ts"
import { CORS } from "../envelope.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { AskedOnce, Caller, ChargedCall, Outcome, Receipt } from "../types.ts"
import {
  chargeOf,
  deleteExpired,
  deleteOnce,
  findOnce,
  finishOnce,
  largeAnswersOf,
  type OnceRow,
  openOnce,
} from "./store-once.ts"

const HEADER = "idempotency-key"
const KEPT_MS = 24 * HOUR_MS
const IN_FLIGHT_RETRY_SECONDS = 1
const PURPOSE = "idempotent-answer"
/** Printable ASCII without blanks: two headers of this name arrive joined by `, `, and are refused by that. */
const VISIBLE = /^[!-~]+$/
/** For documents of the API. */
export const oncePattern: string = VISIBLE.source

/**
 * What a client sent along with a call that it may repeat; null without the header. To be asked before the body is read.
 * @throws AppError invalid_request
 */
export function askedOnce(request: Request): AskedOnce | null {
  const key = request.headers.get(HEADER)
  if (key === null) return null
  if (!VISIBLE.test(key) || key.length > GATEWAY_LIMITS.idempotencyKeyCharsMax) {
    const most = GATEWAY_LIMITS.idempotencyKeyCharsMax
    const words = `\`Idempotency-Key\` must be 1 to ${most} visible ASCII characters, without blanks.`
    throw new AppError("invalid_request", words, { param: "Idempotency-Key" })
  }
  return { key, bodyHash: digestOf(request) }
}

/** A key with all that it is told apart by. */
export interface OnceCall {
  readonly scopeHash: string
  readonly bodyHash: string
}

/** Of a call, as its key sees it. */
export type Named = Pick<ChargedCall, "once" | "endpoint" | "requestId"> & {
  caller: Pick<Caller, "payer" | "userId" | "clientId" | "keyId" | "kind" | "mode" | "actor">
}

export function onceCallOf({ once, caller, endpoint }: Named): OnceCall | null {
  if (!once) return null
  const { payer, userId, clientId, keyId, kind, mode, actor } = caller
  const scope = [payer.id, userId, kind, clientId, keyId, actor, mode, endpoint, once.key]
  return { scopeHash: sha256Hex(JSON.stringify(scope)), bodyHash: once.bodyHash() }
}

/** Thrown out of the body of a hold, which it undoes: this call was made before. */
export class Repeated extends Error {
  constructor(readonly row: OnceRow) {
    super("a repeated call")
  }
}

/** Takes the key for this call. @throws Repeated when another call has it */
export function takeKeyIn(tx: Tx, call: Named, { scopeHash, bodyHash }: OnceCall): void {
  const row = findOnce(tx, scopeHash)
  const had = row && row.expiresMs > tx.now ? standing(tx, row) : null
  if (had) throw new Repeated(had)
  const { caller, requestId } = call
  openOnce(tx, { scopeHash, bodyHash, userId: caller.userId, callId: requestId, expiresMs: tx.now + KEPT_MS })
}

/** A call that lost its process was ended by recovery, which knows no keys: its charge tells. Null: nothing was charged. */
function standing(tx: Tx, row: OnceRow): OnceRow | null {
  if (row.status !== null) return row
  const charge = chargeOf(tx, row.callId)
  if (!charge) return row
  return charge.chargeNano === 0 ? null : { ...row, status: 500, chargedNano: charge.collectedNano }
}

/** Null: it is not kept. */
export function sealAnswerIn(
  tx: Tx,
  keyring: Keyring,
  { scopeHash }: OnceCall,
  answer: string | undefined,
): string | null {
  if (answer === undefined || Buffer.byteLength(answer) > GATEWAY_LIMITS.idempotentAnswerBytesMax) return null
  return sealIn(tx, keyring, SEALED_REPEATS, [scopeHash], answer)
}

const placeOf = (scopeHash: string): string => `idempotency_keys:answer_sealed:${scopeHash}`

export const SEALED_REPEATS: SealedColumn = {
  what: "answers kept for idempotency keys",
  table: "idempotency_keys",
  blob: "answer_sealed",
  assign: "answer_sealed = ?",
  purpose: PURPOSE,
  columns: ["scope_hash"],
  place: placeOf,
}

/** What became of the call. One that failed and cost nothing gives its key back. */
export function finishKeyIn(
  tx: Tx,
  { requestId, caller }: Named,
  { scopeHash }: OnceCall,
  outcome: Pick<Outcome, "status">,
  receipt: Receipt & { chargeNano: Nano },
  sealed: string | null,
): void {
  const { status } = outcome
  if (status >= 400 && receipt.chargeNano === 0) {
    deleteOnce(tx, scopeHash, requestId)
    return
  }
  const isLarge = sealed !== null && sealed.length > GATEWAY_LIMITS.idempotentLargeChars
  const isKept = !isLarge || largeAnswersOf(tx, caller.userId) < GATEWAY_LIMITS.idempotentLargeAnswersMax
  finishOnce(
    tx,
    { scopeHash, callId: requestId },
    {
      status,
      chargedNano: receipt.chargedNano,
      remainingNano: receipt.balanceAfterNano,
      answerSealed: isKept ? sealed : null,
      isLarge: isLarge && isKept ? 1 : 0,
    },
  )
}

/** One document, as its caller gets it at first and again. */
export const documentOf = (
  text: string,
  callId: string,
  receipt: Receipt,
  more: Readonly<Record<string, string>> = {},
): Response =>
  new Response(text, {
    headers: {
      ...CORS,
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": callId,
      ...more,
      "x-credits-charged": creditsDecimal(receipt.chargedNano),
      "x-credits-remaining": creditsDecimal(receipt.balanceAfterNano),
    },
  })

/** The answer to a repeat. @throws AppError idempotency_mismatch, request_in_flight, already_completed */
export function answerRepeat(
  keyring: Keyring,
  { headers }: Pick<ChargedCall, "headers">,
  { bodyHash }: OnceCall,
  row: OnceRow,
): Response {
  const fields = { request_id: row.callId }
  if (row.bodyHash !== bodyHash) {
    throw new AppError(
      "idempotency_mismatch",
      "This Idempotency-Key was used with another body. Send the same bytes again, or take a new key.",
      { param: "Idempotency-Key" },
    )
  }
  if (row.status === null) {
    throw new AppError(
      "request_in_flight",
      "The first call with this Idempotency-Key is still running. Ask again soon.",
      {
        fields,
        retryAfterSeconds: IN_FLIGHT_RETRY_SECONDS,
      },
    )
  }
  const charged = creditsDecimal(row.chargedNano)
  if (row.answerSealed === null) {
    throw new AppError(
      "already_completed",
      "This call was made and its answer is not kept. GET /v1/requests shows what it cost; use a new key to call again.",
      {
        fields: { ...fields, charged: amountJson(row.chargedNano) },
        headers: { "x-credits-charged": charged },
      },
    )
  }
  const text = keyring.open(PURPOSE, placeOf(row.scopeHash), row.answerSealed)
  const receipt = { chargedNano: row.chargedNano, balanceAfterNano: row.remainingNano }
  return documentOf(text, row.callId, receipt, { ...headers?.(row.callId), "idempotent-replayed": "true" })
}

/** Keys that are over count no more, whether they are deleted or not. @returns rows deleted */
export const forgetKeys = (store: Store, rows: number): Promise<number> =>
  store.write(SWEEP, (tx) => deleteExpired(tx, rows))
const SWEEP = {
  actor: "system:forget-idempotency-keys",
  requestId: "job:forget-idempotency-keys",
  reason: "a day is over",
}
