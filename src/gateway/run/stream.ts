// A streamed call's answer: waits a little for the upstream's first event, so that a refusal until then is a real status, then
// answers 200 and lets the relay feed the client.
import { creditsDecimal, within } from "../../app/index.ts"
import type { ChatRequest } from "../dialects/chat/request.ts"
import { CORS } from "../envelope.ts"
import type { HeldCall } from "../types.ts"
import { Relay, type RelayDeps } from "./relay.ts"

/** Waits for the first event (a refusal until then is a real status), then answers 200 and relays. */
export async function runStream(
  deps: RelayDeps,
  held: HeldCall,
  body: ChatRequest,
  request: Request,
): Promise<Response> {
  const relay = new Relay(deps, held, body)
  const opening = relay.open()
  opening.catch(() => {})
  const leave = () => relay.cancel()
  request.signal.addEventListener("abort", leave, { once: true })
  await within(opening, deps.timeouts.firstEventMs)
  return new Response(relay.stream(opening), {
    headers: {
      ...CORS,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      // Tells buffering proxies (nginx) to pass events on as they come.
      "x-accel-buffering": "no",
      "x-request-id": held.call.requestId,
      "x-credits-held": creditsDecimal(held.heldNano),
      "x-credits-remaining": creditsDecimal(held.balanceAfterNano),
    },
  })
}
