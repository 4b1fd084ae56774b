// What a handler of the processor's events is, and the words for what becomes of one.
import type { Tx } from "../store/index.ts"
import type { EventFacts, Processor } from "./stripe/index.ts"
import type { BillingDepsOn, Noted } from "./types.ts"

/**
 * An event is a hint: what it is about is asked by its id, and what follows from that is the same in whatever order events come, and
 * however often.
 */
export interface Handler<Facts = unknown> {
  types: RegExp
  /** Asks for what the event is about; null = not of interest. @throws ProcessorError */
  ask(processor: Processor, event: EventFacts): Promise<Facts | null>
  /** In the write that notes the event. */
  applyIn(deps: BillingDepsOn, tx: Tx, facts: Facts, event: EventFacts): Noted
}

export const IGNORED: Noted = { state: "ignored", note: null }
export const APPLIED: Noted = { state: "applied", note: null }
/** Somebody has to look. */
export const parked = (note: string): Noted => ({ state: "parked", note })
