// What limits are told of a call, and what they make of it.
import { UserId } from "../../app/index.ts"
import type { LimitSubject, Limits, Ticket } from "../../limits/index.ts"
import type { Demand, Dialect, Question } from "../dialects/dialect.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { Caller, ClaimPort } from "../types.ts"

export interface AdmissionDeps {
  limits: Pick<Limits, "admit" | "giveBackIn">
  plans: Pick<ClaimPort, "keyTermsOf">
}

/** @throws AppError rate_limit_exceeded, invalid_request for more tokens than one request may have */
export function admit<Body extends Question>(
  { limits, plans }: AdmissionDeps,
  caller: Caller,
  dialect: Pick<Dialect<Body>, "name" | "params">,
  body: Body,
  demand: Demand,
): Ticket {
  const { userId, keyId, clientId, mode } = caller
  const subject: LimitSubject = {
    userId,
    keyId,
    clientId,
    mode,
    plan: () => plans.keyTermsOf(UserId(userId)).planCode,
  }
  const { maxTokens, choices } = demand
  return limits.admit(subject, {
    inputTokens: () => demand.size.tokensFor(demand.model, null).likely,
    outputTokens: (maxTokens ?? usualOutput(demand)) * choices,
    isNamed: maxTokens !== null,
    param: dialect.params.most(body),
    promptParam: dialect.params.prompt,
    style: dialect.name === "messages" ? "anthropic" : "openai",
  })
}

/** As a quote would hold it, before any model has a say. */
const usualOutput = ({ thinking }: Demand): number =>
  Math.max(GATEWAY_LIMITS.holdOutputTokensDefault, (thinking?.tokens ?? 0) + GATEWAY_LIMITS.outputTokensLeast)

/** Shortened to what the limits on tokens leave of an answer. */
export function withinLimits(demand: Demand, { outputTokensMax }: Pick<Ticket, "outputTokensMax">): Demand {
  if (outputTokensMax === null) return demand
  return { ...demand, maxTokens: Math.max(1, Math.floor(outputTokensMax / demand.choices)) }
}
