// One try of one delivery. 2xx: taken. 410: the endpoint wants nothing any more. Anything else, redirects too: not taken, tried again as the
// outbox' schedule of this topic says. What is given up is over here and for the outbox: a receiver that is away is no matter of the operator's.
import { createHash } from "node:crypto"
import { SafeFetchError, type SafeResponse } from "../http/index.ts"
import { type Delivery as Message, PutOff } from "../part/index.ts"
import type { Tx } from "../store/index.ts"
import { WEBHOOK_LIMITS as L } from "./limits.ts"
import { headersOf, isTaken, keptHeaders, restMs } from "./rules.ts"
import { signing } from "./secrets.ts"
import { endpointById, healthOf } from "./store.ts"
import {
  countTry,
  type Due,
  dueById,
  endDelivery,
  insertTry,
  markIll,
  markWell,
  switchOff,
} from "./store-deliveries.ts"
import type { DeliveryTry, Endpoint, WebhookDeps } from "./types.ts"

const CTX = { actor: "system:webhooks", reason: "deliver an event" }

/** Rejects = not taken: the outbox tries again. */
export async function deliver(deps: WebhookDeps, message: Message): Promise<void> {
  const { store, clock } = deps
  const { delivery } = message.payload as { delivery: string }
  const due = dueById(store.read, delivery)
  // Taken before a crash between that and the outbox' own word, or swept.
  if (due?.state !== "waiting") return
  const endpoint = endpointById(store.read, due.endpointId)
  const ctx = { ...CTX, requestId: message.eventId }
  if (!endpoint || endpoint.offBecause !== null)
    return void (await store.write(ctx, (tx) => endDelivery(tx, due, "dropped", due.tries)))
  const isLate = clock.now() - (due.resentMs ?? due.createdMs) > L.givenUpMs
  if (isLate) return void (await store.write(ctx, (tx) => giveUpIn(tx, endpoint, due)))
  const { restsUntilMs } = healthOf(store.read, endpoint.id)
  // A press of a button is tried now.
  if (restsUntilMs > clock.now() && !(due.resentMs !== null && message.tries === 0)) throw new PutOff(restsUntilMs)
  const tried = await send(deps, endpoint, due)
  const isLast = message.tries >= L.waitsMs.length
  await store.write(ctx, (tx) => bookIn(tx, { endpoint, due, tried, isLast }))
  if (!isTaken(tried.status ?? 0) && tried.status !== GONE && !isLast) throw new NotTaken(tried)
}

const GONE = 410

/** For the outbox' row and the log: neither what was sent nor what came. */
class NotTaken extends Error {
  override name = "NotTaken"
  constructor({ status, problem }: DeliveryTry) {
    super(problem ?? `answered ${status}`)
  }
}

function bookIn(
  tx: Tx,
  { endpoint, due, tried, isLast }: { endpoint: Endpoint; due: Due; tried: DeliveryTry; isLast: boolean },
): void {
  const tries = due.tries + 1
  insertTry(tx, due.id, tried)
  if (isTaken(tried.status ?? 0)) {
    endDelivery(tx, due, "delivered", tries)
    markWell(tx, endpoint.id)
    return
  }
  countTry(tx, due.id, tries)
  markIll(tx, endpoint.id, tx.now + restMs(healthOf(tx, endpoint.id).failures + 1))
  if (tried.status === GONE) {
    endDelivery(tx, due, "failed", tries)
    switchOff(tx, endpoint.id, "gone")
  } else if (isLast) giveUpIn(tx, endpoint, { ...due, tries })
}

/** The endpoint goes off with it, when it took nothing else for days either. */
function giveUpIn(tx: Tx, endpoint: Endpoint, due: Due): void {
  endDelivery(tx, due, "failed", due.tries)
  const { failingMs } = healthOf(tx, endpoint.id)
  if (failingMs !== null && tx.now - failingMs >= L.failingMs) switchOff(tx, endpoint.id, "failing")
}

async function send(deps: WebhookDeps, endpoint: Endpoint, due: Due): Promise<DeliveryTry> {
  const { store, keyring, clock, safeFetch } = deps
  const atMs = clock.now()
  const started = performance.now()
  const sent = {
    "content-type": "application/json",
    "user-agent": "Purser-Webhooks/1",
    ...headersOf(due.eventId, atMs, due.body, signing(store.read, keyring, endpoint.id, atMs)),
  }
  const request = { method: "POST", headers: sent, body: due.body } as const
  const took = () => Math.round(performance.now() - started)
  const bounds = { bytesMax: L.answerBytesMax, deadlineMs: deps.deadlineMs ?? L.deadlineMs }
  try {
    const answer = await safeFetch(endpoint.url, { ...request, ...bounds })
    return { atMs, tookMs: took(), status: answer.status, problem: null, sent, ...kept(answer) }
  } catch (error) {
    if (!(error instanceof SafeFetchError)) throw error
    return { atMs, tookMs: took(), status: null, problem: error.message, sent, answered: null, answer: null }
  }
}

/** What of an answer is kept: text as it came, else that it was none. */
function kept({ headers, bytes }: SafeResponse): Pick<DeliveryTry, "answered" | "answer"> {
  const part = bytes.subarray(0, L.answerKeptBytes)
  const text = new TextDecoder().decode(part)
  const isText = !text.includes("\u0000")
  const digest = () => createHash("sha256").update(bytes).digest("hex")
  return {
    answered: keptHeaders(headers),
    answer: isText ? text : `(${bytes.length} bytes that are no text; SHA-256 ${digest()})`,
  }
}
