// The registry: every kind of event there is. Code emits what stands here (the type holds it), and pages and documents are made of it.
import type { Static } from "@sinclair/typebox"
import { APP_EVENTS } from "./of-apps.ts"
import { PERSON_EVENTS } from "./of-people.ts"
import type { EventKind } from "./shape.ts"

export { type EventKind, eventWords } from "./shape.ts"

export const EVENTS = { ...APP_EVENTS, ...PERSON_EVENTS } as const
export type EventType = keyof typeof EVENTS
export type AppEventType = keyof typeof APP_EVENTS
export type PersonEventType = keyof typeof PERSON_EVENTS
export type DataOf<Type extends EventType> = Static<(typeof EVENTS)[Type]["data"]>

export const EVENT_TYPES = Object.keys(EVENTS) as EventType[]
export const isEventType = (text: string): text is EventType => Object.hasOwn(EVENTS, text)

/** Sent by a press of a button alone, so nobody chooses it. */
export const TEST_EVENT = "test.sent" satisfies EventType

/** What an endpoint may choose, in the order of the registry. */
export const eventsFor = (to: EventKind["to"]): readonly { type: EventType; kind: EventKind }[] =>
  EVENT_TYPES.filter((type) => type !== TEST_EVENT && EVENTS[type].to === to).map((type) => ({
    type,
    kind: EVENTS[type],
  }))
