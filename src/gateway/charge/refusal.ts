// What a caller is told when a call does not come about, and what is kept of it. One place for every kind of charge.
import { AppError } from "../../app/index.ts"
import { challenge } from "../envelope.ts"
import type { GatewayDeps, RefusedFixedCall } from "../types.ts"
import { answerRepeat, type OnceCall, Repeated } from "./once.ts"

type Where = Pick<GatewayDeps, "apiUrl" | "baseUrl">

/** The error as it leaves: with what its caller may do about it. */
export const asTold = (deps: Where, error: unknown): unknown =>
  error instanceof AppError ? withTopUp(challenge(error, deps.apiUrl), deps.baseUrl) : error

/** The ledger knows no pages; where to get credits is added here, to the fields and, for people who read logs, to the words. */
export function withTopUp(error: AppError, baseUrl: string): AppError {
  if (error.code !== "insufficient_credits" && error.code !== "credits_on_hold") return error
  const topupUrl = `${baseUrl}/credits`
  const fields = { topup_url: topupUrl, ...error.extra.fields }
  return new AppError(error.code, `${error.message} Top up at ${topupUrl}.`, { ...error.extra, fields }, error.detail)
}

/**
 * The end of a call that nothing was asked for: the answer of the first one to its key, or a refusal, which is counted for the person who
 * would have paid.
 * @throws AppError
 */
export function repeatOrRefuse(
  deps: Where & Pick<GatewayDeps, "keyring" | "usage">,
  call: Omit<RefusedFixedCall, "requested">,
  once: OnceCall | null,
  error: unknown,
  nowMs: number,
): Response {
  try {
    if (once && error instanceof Repeated) return answerRepeat(deps.keyring, {}, once, error.row)
    throw asTold(deps, error)
  } catch (refusal) {
    if (refusal instanceof AppError) recordRefused(deps, { ...call, requested: call.model }, refusal, nowMs)
    throw refusal
  }
}

export function recordRefused(
  deps: Pick<GatewayDeps, "usage">,
  call: RefusedFixedCall,
  error: AppError,
  nowMs: number,
): void {
  const { caller, endpoint, scope, model, requested } = call
  deps.usage.recordRefused({
    publicId: call.requestId,
    atMs: nowMs,
    mode: caller.mode,
    userId: caller.userId,
    clientId: caller.clientId,
    keyId: caller.keyId,
    endpoint,
    scope,
    requested,
    model,
    stream: false,
    status: error.status,
    errorCode: error.code,
    latencyMs: Math.round(performance.now() - call.startMs),
  })
}
