// What somebody does about an event: asked for once more and applied as if it had just come, or set aside because it is settled by hand.
import { AppError, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { take } from "./events.ts"
import { eventById, saveEventState } from "./store.ts"
import { type EventFacts, ProcessorError } from "./stripe/index.ts"
import type { BillingDepsOn, BillingEvent } from "./types.ts"

/** @throws AppError not_found, conflict when the processor has it no more, unavailable when it does not answer */
export async function replay(deps: BillingDepsOn, ctx: WriteContext, eventId: string): Promise<BillingEvent> {
  ensure(eventById(deps.store.read, eventId), "not_found", "There is no such event.")
  await take(deps, await fetched(deps, eventId), ctx, (tx, noted) =>
    auditIn(tx, { action: "payments.event_replayed", subject: eventId, after: noted }),
  )
  return eventById(deps.store.read, eventId)!
}

async function fetched({ processor, log }: BillingDepsOn, eventId: string): Promise<EventFacts> {
  try {
    return await processor.event(eventId)
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("billing.not_asked", { event: eventId, kind: error.kind, why: error.message })
    if (error.kind === "gone")
      throw new AppError(
        "conflict",
        "Stripe keeps events for 30 days and has this one no more. Look at its object there.",
      )
    throw new AppError("unavailable", `Stripe does not answer now: ${error.message}. Try again in a minute.`)
  }
}

/** It was settled by hand: nobody has to look any more. @throws AppError not_found; conflict when it is not parked */
export function setAsideIn(tx: Tx, eventId: string): BillingEvent {
  const event = eventById(tx, eventId)
  ensure(event, "not_found", "There is no such event.")
  ensure(event.state === "parked", "conflict", "This event is not parked. There is nothing to set aside.")
  const note = `${event.note ?? ""}; set aside`
  saveEventState(tx, eventId, { state: "ignored", note })
  auditIn(tx, {
    action: "payments.event_set_aside",
    subject: eventId,
    before: { state: event.state, note: event.note },
    after: { state: "ignored" },
  })
  return { ...event, state: "ignored", note }
}
