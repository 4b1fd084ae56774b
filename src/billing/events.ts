// What the processor sends: proven, noted once, and taken as a hint to ask. Note and effect are one write, so a webhook that comes twice, late
// or in another order changes nothing.
import { AppError } from "../app/index.ts"
import { applySessionIn } from "./orders.ts"
import { insertEvent, orderById, orderBySession } from "./store.ts"
import { type EventFacts, type Processor, ProcessorError, type SessionFacts } from "./stripe/index.ts"
import type { BillingDeps, BillingEvent, Received } from "./types.ts"

type Deps = BillingDeps & { processor: Processor }
type Noted = Pick<BillingEvent, "state" | "note">

const OF_SESSIONS = /^checkout\.session\./
const IGNORED: Noted = { state: "ignored", note: null }
const APPLIED: Noted = { state: "applied", note: null }
const parked = (note: string): Noted => ({ state: "parked", note })

export async function receive(deps: Deps, body: string, signature: string, requestId: string): Promise<Received> {
  const event = await proven(deps, body, signature)
  const session = await sessionOf(deps, event)
  const ctx = { actor: "system:billing", requestId, reason: `${event.type} ${event.id}` }
  const noted = await deps.store.write(ctx, (tx): Noted => {
    const row = {
      eventId: event.id,
      type: event.type,
      objectId: event.objectId,
      createdMs: event.createdMs,
      receivedMs: tx.now,
    }
    const meant = foreign(deps, event) ?? (session === null ? IGNORED : ofSessionIn(deps, tx, session))
    insertEvent(tx, { ...row, ...meant })
    return meant
  })
  if (noted.state === "parked") deps.log.error("billing.parked", { event: event.id, type: event.type, why: noted.note })
  // Money that only this disk has is lost with it: who is told "late" sends it again.
  return noted.state === "applied" && (await deps.replica.holds()) === "late" ? "late" : "taken"
}

/** @throws AppError invalid_request */
async function proven({ processor, clock, log }: Deps, body: string, signature: string): Promise<EventFacts> {
  try {
    return await processor.readEvent(body, signature, clock.now())
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("billing.unsigned", { why: error.message })
    throw new AppError("invalid_request", "This is not signed by the payment service, or too old.")
  }
}

/** Asked by id: what a webhook says of it may be older than what is known. @throws AppError unavailable */
async function sessionOf({ processor, log }: Deps, event: EventFacts): Promise<SessionFacts | null> {
  if (!OF_SESSIONS.test(event.type) || event.isLive === processor.isTest || event.accountId !== null) return null
  try {
    return await processor.session(event.objectId)
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("billing.not_asked", { event: event.id, kind: error.kind, why: error.message })
    throw new AppError("unavailable", "What this is about cannot be asked now. Send it again.")
  }
}

function foreign({ processor }: Deps, { isLive, accountId }: EventFacts): Noted | null {
  if (accountId !== null) return parked(`it is of another account, ${accountId}`)
  if (isLive === processor.isTest) return parked(`it is of the ${isLive ? "live" : "test"} mode, the key is not`)
  return null
}

function ofSessionIn(deps: Deps, tx: Parameters<typeof applySessionIn>[1], session: SessionFacts): Noted {
  const order = orderBySession(tx, session.id) ?? (session.orderId ? orderById(tx, session.orderId) : null)
  if (!order) return session.orderId ? parked(`there is no order ${session.orderId}`) : IGNORED
  const verdict = applySessionIn(deps, tx, order, session)
  return verdict.kind === "park" ? parked(verdict.why) : APPLIED
}
