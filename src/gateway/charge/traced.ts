// Where the trace of a call begins, and what it says at its end: figures and names from short lists, never what was asked or answered.
import type { AppError, Nano } from "../../app/index.ts"
import type { RequestContext } from "../../http/index.ts"
import type { CallTrace, Tracer } from "../../observe/index.ts"
import type { ChargedCall, Outcome } from "../types.ts"

/** @returns null when this call is not traced */
export function beginTrace(tracer: Tracer, request: Request, { route, startMs }: RequestContext): CallTrace | null {
  const trace = tracer.begin(request, `POST ${route ?? "?"}`, startMs)
  trace?.begin("admit", 1, {}, startMs)
  return trace
}

type Asked = Pick<ChargedCall, "requestId" | "endpoint" | "stream" | "caller">

const asked = ({ requestId, endpoint, stream, caller }: Asked) => ({
  "purser.request_id": requestId,
  "purser.endpoint": endpoint,
  "purser.caller": caller.kind,
  "purser.stream": stream,
})

export function endTrace(trace: CallTrace, call: Asked, outcome: Outcome, chargedNano: Nano): void {
  const { quote, usage, status, errorCode, end, firstTokenMs } = outcome
  const attributes = {
    ...asked(call),
    "http.response.status_code": status,
    "gen_ai.request.model": quote.model,
    "gen_ai.usage.input_tokens": usage?.inputTokens,
    "gen_ai.usage.output_tokens": usage?.outputTokens,
    "purser.end": end,
    "purser.charged_nanodollars": chargedNano,
    "purser.first_token_ms": firstTokenMs,
  }
  trace.end(attributes, errorCode)
}

/** Refused before anything was held. */
export const endRefused = (trace: CallTrace, requestId: string, { status, code }: AppError): void =>
  trace.end({ "purser.request_id": requestId, "http.response.status_code": status }, code)
