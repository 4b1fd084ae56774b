// What the processor sends: proven, noted once, and taken as a hint to ask. Note and effect are one write, so a webhook that comes twice, late
// or in another order changes nothing.
import { AppError } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { type Handler, IGNORED, parked } from "./handler.ts"
import { handlerOf } from "./handlers.ts"
import { noteEvent } from "./store.ts"
import { type EventFacts, ProcessorError } from "./stripe/index.ts"
import type { BillingDepsOn, Noted, Received } from "./types.ts"

export async function receive(
  deps: BillingDepsOn,
  body: string,
  signature: string,
  requestId: string,
): Promise<Received> {
  const event = await proven(deps, body, signature)
  const ctx = { actor: "system:billing", requestId, reason: `${event.type} ${event.id}` }
  const noted = await take(deps, event, ctx)
  // Money that only this disk has is lost with it: who is told "late" sends it again.
  return noted.state === "applied" && (await deps.replica.holds()) === "late" ? "late" : "taken"
}

/**
 * Asks for what it is about, applies that, and notes the event, in one write.
 * @param alsoIn what else belongs into that write
 * @throws AppError unavailable when what it is about cannot be asked
 */
export async function take(
  deps: BillingDepsOn,
  event: EventFacts,
  ctx: WriteContext,
  alsoIn?: (tx: Tx, noted: Noted) => void,
): Promise<Noted> {
  const refusal = foreign(deps, event)
  const handler = refusal === null ? handlerOf(event.type) : null
  const facts = handler && (await asked(deps, event, handler))
  const noted = await deps.store.write(ctx, (tx): Noted => {
    const row = {
      eventId: event.id,
      type: event.type,
      objectId: event.objectId,
      createdMs: event.createdMs,
      receivedMs: tx.now,
    }
    const meant = refusal ?? (handler && facts !== null ? handler.applyIn(deps, tx, facts, event) : IGNORED)
    noteEvent(tx, { ...row, ...meant })
    alsoIn?.(tx, meant)
    return meant
  })
  if (noted.state === "parked") deps.log.error("billing.parked", { event: event.id, type: event.type, why: noted.note })
  return noted
}

/** @throws AppError invalid_request */
async function proven(
  { processor, clock, wall = clock, log }: BillingDepsOn,
  body: string,
  signature: string,
): Promise<EventFacts> {
  try {
    return await processor.readEvent(body, signature, wall.now())
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("billing.unsigned", { why: error.message })
    throw new AppError("invalid_request", "This is not signed by the payment service, or too old.")
  }
}

/** By id: what a webhook says of it may be older than what is known. @throws AppError unavailable */
async function asked({ processor, log }: BillingDepsOn, event: EventFacts, handler: Handler): Promise<unknown> {
  try {
    return await handler.ask(processor, event)
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("billing.not_asked", { event: event.id, kind: error.kind, why: error.message })
    throw new AppError("unavailable", "What this is about cannot be asked now. Send it again.")
  }
}

function foreign({ processor }: BillingDepsOn, { isLive, accountId }: EventFacts): Noted | null {
  if (accountId !== null) return parked(`it is of another account, ${accountId}`)
  if (isLive === processor.isTest) return parked(`it is of the ${isLive ? "live" : "test"} mode, the key is not`)
  return null
}
