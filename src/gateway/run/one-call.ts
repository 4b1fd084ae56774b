// "One tool at a time", kept here where the provider cannot be told: the caller sees the first call of an answer, whole and streamed.
// What the model made beyond it is paid as any output is, and its tool never runs.
import type { AnswerEvent, Frame, ModelRequest, Wire } from "../providers/index.ts"

/** Whether calls after the first are kept back. */
export const keepsOne = ({ question }: ModelRequest, { manyCalls }: Wire): boolean =>
  manyCalls === true && question.conversation?.parallelTools === false

const isFirst = (event: AnswerEvent): boolean =>
  event.type === "tool" ? event.index === 0 : event.type !== "signature" || !event.tool

export const withOneCall = (frame: Frame): Frame => ({ ...frame, events: frame.events.filter(isFirst) })
