// The road of a call: read its head, let it through, send it on, bring the answer back. Each refusal and each failure is told in our own
// words and leaves its line in the log; whatever was taken for a call that never reached anybody is given back before it is answered.
import { AppError, nano } from "../../../app/index.ts"
import { contextOf, ForwardError, toAppError } from "../../../http/index.ts"
import { type Admitted, nothingSeen, type Sample, type Seen } from "../admit.ts"
import { type Asked, type Forwarding, productOf, readAsked } from "../asked.ts"
import { checkedBody } from "../check/body.ts"
import { contextFor } from "../gate.ts"
import { givePaymentBackIn, settlePaymentIn } from "../money.ts"
import { giveBackIn } from "../quota/use.ts"
import { exampleOf, productIdBySlug } from "../store.ts"
import { statusAnswer } from "../uptime/badge.ts"
import { answerOf } from "./answer.ts"
import { Call, type CallSums, CLIENT_GONE } from "./call.ts"
import type { ForwardDeps } from "./deps.ts"
import { toUpstream } from "./headers.ts"
import { identityHeaders } from "./identity.ts"
import { preflight, refusal, sampleAnswer, standingHeaders } from "./says.ts"
import { uploadOf } from "./upload.ts"

/** Answers any request below /m/. Never throws. */
export async function forward(deps: ForwardDeps, request: Request, options: Forwarding = {}): Promise<Response> {
  const context = contextOf(request)
  // Made by hand, by a page: each call has an id of its own, by which it is charged once.
  if (context.server === null && context.method === null) context.requestId = deps.ids.next("req")
  const { server, requestId, startMs } = context
  const status = statusAnswer(deps, request)
  if (status) return status
  if (request.method === "OPTIONS" && request.headers.has("access-control-request-method")) return preflight()
  // Ours are the only clocks from here on.
  server?.timeout(request, 0)
  context.caller = "key"
  const seen = nothingSeen()
  let asked: Asked | null = null
  try {
    asked = readAsked(request, deps.ownHost, options)
    const { admitted, body } = await letThrough(deps, request, asked, seen)
    if (admitted.kind === "sample") return sampleOf(deps, asked, seen, admitted)
    return await sendOn(deps, request, asked, admitted, seen, body)
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.status >= 500)
      deps.log.warn("marketplace.call_failed", {
        request: requestId,
        code: error.code,
        error: error.detail ?? error.message,
      })
    noteRefused(deps, request, asked, seen, error, performance.now() - startMs)
    return refusal(error, requestId, standingHeaders(seen, deps.clock.now()))
  }
}

/** Lets it through; where its body decides, too, it is read first, and all is asked anew. */
async function letThrough(
  deps: ForwardDeps,
  request: Request,
  asked: Asked,
  seen: Seen,
): Promise<{ admitted: Admitted | Sample; body: Uint8Array<ArrayBuffer> | null }> {
  try {
    const first = await deps.gate.ask(asked, seen)
    if (first.kind !== "body") return { admitted: first, body: null }
    const bytes = await checkedBody(deps, request, asked, first)
    const second = await deps.gate.alone(asked, seen, { bytes, headers: request.headers })
    if (second.kind === "body") throw new AppError("conflict", "This API was just changed. Send the call again.")
    return { admitted: second, body: bytes }
  } catch (error) {
    // It sat down, and its commit failed.
    if (seen.seat) deps.busy.leave(seen.seat, "nothing", deps.clock.now())
    seen.seat = null
    throw error
  }
}

async function sendOn(
  deps: ForwardDeps,
  request: Request,
  asked: Asked,
  admitted: Admitted,
  seen: Seen,
  read: Uint8Array<ArrayBuffer> | null,
): Promise<Response> {
  const call = new Call(admitted, asked, (sums) => ended(deps, admitted, asked, sums))
  deps.watch.add(call)
  const leave = () => call.stop(CLIENT_GONE)
  request.signal.addEventListener("abort", leave, { once: true })
  const sentMs = performance.now()
  try {
    const body = read ?? (await uploadOf(request, asked.declaredBytes, call))
    call.waitFor("server")
    const url = `${admitted.product.upstreamUrl}${asked.path}${asked.query}`
    const bytes = body instanceof Uint8Array ? null : body === null ? null : asked.declaredBytes
    const headers = toUpstream(request.headers, { secret: asked.secret, bytes }, identityHeaders(deps, asked, admitted))
    const response = await call.orStopped(
      deps.forwardFetch(url, { method: asked.method, headers, body, signal: call.controller.signal }),
    )
    if (response.status < 200) throw new ForwardError("broken", true, `status ${response.status}`)
    call.gotHead()
    const head = { status: response.status, upstreamMs: Math.round(performance.now() - sentMs) }
    return await answerOf(call, response, head, saidBy(deps, asked, seen, admitted))
  } catch (thrown) {
    return await failed(deps, call, seen, thrown)
  }
}

function saidBy(deps: ForwardDeps, asked: Asked, seen: Seen, { endpoint }: Admitted): Record<string, string> {
  const said = standingHeaders(seen, deps.clock.now())
  said["x-request-id"] = asked.requestId
  said["x-quota-units"] = String(endpoint.weight)
  return said
}

/** Nothing came back: what it took is given back where nobody was reached, before the client hears of it. */
async function failed(deps: ForwardDeps, call: Call, seen: Seen, thrown: unknown): Promise<Response> {
  const { asked, stopped } = call
  const reached = !(thrown instanceof ForwardError) || thrown.reached
  const error = stopped ?? failureOf(thrown)
  const end = stopped === CLIENT_GONE ? "client_gone" : error.code === "upstream_timeout" ? "timeout" : "failed"
  call.controller.abort()
  if (error.status >= 500) {
    const detail = thrown instanceof ForwardError ? { reason: thrown.reason, error: thrown.detail } : { error: thrown }
    deps.log.warn("marketplace.upstream_failed", {
      request: asked.requestId,
      product: call.admitted.product.publicId,
      code: error.code,
      ...detail,
    })
  }
  if (!reached) await backIn(deps, call.admitted, asked, seen)
  call.end({ status: error.status, bytesOut: 0, upstreamMs: null, reached, error, end })
  return refusal(error, asked.requestId, standingHeaders(seen, deps.clock.now()))
}

/** Never with the words of the platform, which name addresses. */
function failureOf(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  if (!(thrown instanceof ForwardError))
    return new AppError("upstream_error", "The server of this API broke off its answer.", {}, thrown)
  const words = thrown.reached
    ? "The server of this API closed the connection without an answer."
    : "The server of this API cannot be reached. Nothing was used of your quota."
  return new AppError("upstream_error", words, {}, thrown.detail)
}

async function backIn(deps: ForwardDeps, { taken, payment }: Admitted, asked: Asked, seen: Seen): Promise<void> {
  await deps.untilWritten(contextFor(asked), (tx) => {
    giveBackIn(tx, taken)
    if (payment) givePaymentBackIn(deps, tx, payment)
  })
  for (const one of seen.quotas) one.used = Math.max(0, one.used - taken.units)
}

/** The one end of every call that was let through. */
function ended(deps: ForwardDeps, admitted: Admitted, asked: Asked, sums: CallSums): void {
  const { status, error, end, reached, bytesOut, upstreamMs } = sums
  const nowMs = deps.clock.now()
  deps.watch.remove({ callId: asked.requestId, tick() {} })
  const isDown = !reached || end === "timeout" || (end === "failed" && error?.code === "upstream_error")
  deps.busy.leave(admitted.seat, end === "client_gone" ? "nothing" : isDown ? "failed" : "answered", nowMs)
  const latencyMs = Math.max(0, Math.round(performance.now() - asked.startMs))
  const { payment } = admitted
  if (payment && reached) {
    const settled = { status, errorCode: error?.code ?? null, end, latencyMs }
    void deps.untilWritten(contextFor(asked), (tx) => settlePaymentIn(deps, tx, payment, settled))
  }
  deps.uses.note(admitted.key.id, nowMs)
  deps.callLog.note({
    requestId: asked.requestId,
    atMs: nowMs,
    productId: admitted.product.id,
    subscriptionId: admitted.subscription.id,
    keyId: admitted.key.id,
    endpointId: admitted.endpoint.id,
    method: asked.method,
    path: asked.path,
    status,
    errorCode: error?.code ?? null,
    latencyMs,
    upstreamMs,
    units: reached ? admitted.taken.units : 0,
    chargedNano: payment && reached ? payment.totalNano : nano(0),
    bytesOut,
    fromConsole: asked.as !== null && !asked.as.byTool,
  })
  deps.signals?.called(admitted, asked, nowMs)
}

function sampleOf(deps: ForwardDeps, asked: Asked, seen: Seen, { endpoint }: Sample): Response {
  return sampleAnswer(exampleOf(deps.store.read, endpoint.id), asked, standingHeaders(seen, deps.clock.now()))
}

function noteRefused(
  deps: ForwardDeps,
  request: Request,
  asked: Asked | null,
  seen: Seen,
  error: AppError,
  ms: number,
): void {
  const slug = asked?.product ?? productOf(request, deps.ownHost)
  const productId =
    seen.product?.id ??
    seen.subscription?.productId ??
    (slug === null ? null : (productIdBySlug(deps.store.read, slug)?.id ?? null))
  if (productId === null) return
  const { requestId } = contextOf(request)
  deps.callLog.note({
    requestId,
    atMs: deps.clock.now(),
    productId,
    subscriptionId: seen.subscription?.id ?? null,
    keyId: seen.key?.id ?? null,
    endpointId: seen.endpoint?.id ?? null,
    method: asked?.method ?? request.method,
    path: asked?.path ?? "/",
    status: error.status,
    errorCode: error.code,
    latencyMs: Math.max(0, Math.round(ms)),
    upstreamMs: null,
    units: 0,
    chargedNano: nano(0),
    bytesOut: 0,
    fromConsole: asked?.as != null && !asked.as.byTool,
  })
  if (seen.key) deps.signals?.refused(seen.key, error, deps.clock.now())
}
