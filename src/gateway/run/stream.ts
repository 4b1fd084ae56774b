// A streamed call's answer: waits a little for the upstream's first event, so that a refusal until then is a real status, then
// answers 200 and lets the relay feed the client.
import { creditsDecimal, within } from "../../app/index.ts"
import type { Question } from "../dialects/dialect.ts"
import { CORS } from "../envelope.ts"
import type { HeldCall } from "../types.ts"
import { Relay, type RelayDeps } from "./relay.ts"
import type { Asked } from "./unary.ts"

export async function runStream<Body extends Question>(
  deps: RelayDeps,
  held: HeldCall,
  asked: Asked<Body>,
): Promise<Response> {
  const { signal } = asked
  const { requestId } = held.call
  const relay = new Relay(deps, held, asked)
  const opening = relay.open()
  opening.catch(() => {})
  const leave = () => relay.cancel()
  signal.addEventListener("abort", leave, { once: true })
  if (signal.aborted) leave()
  await within(opening, deps.timeouts.firstEventMs)
  return new Response(relay.stream(opening), {
    headers: {
      ...CORS,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      // Tells buffering proxies (nginx) to pass events on as they come.
      "x-accel-buffering": "no",
      "x-request-id": requestId,
      ...held.call.headers?.(requestId),
      "x-credits-held": creditsDecimal(held.heldNano),
      "x-credits-remaining": creditsDecimal(held.balanceAfterNano),
    },
  })
}
