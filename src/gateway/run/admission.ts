// What limits are told of a call, and what they make of it.
import { UserId } from "../../app/index.ts"
import type { LimitSubject, Limits, Ticket } from "../../limits/index.ts"
import type { Demand, Dialect, Question } from "../dialects/dialect.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { Caller, ClaimPort } from "../types.ts"

export interface AdmissionDeps {
  limits: Pick<Limits, "admit" | "giveBackIn" | "spending">
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
  const { maxTokens, choices } = demand
  return limits.admit(limitSubjectOf(plans, caller), {
    inputTokens: () => demand.size.tokensFor(demand.model, null).likely,
    outputTokens: (maxTokens ?? usualOutput(demand)) * choices,
    isNamed: maxTokens !== null,
    param: dialect.params.most(body),
    promptParam: dialect.params.prompt,
    style: dialect.name === "messages" ? "anthropic" : "openai",
  })
}

/** Whose plan counts is whose wallet pays: a team's calls have that of its owner. */
export function limitSubjectOf(
  plans: AdmissionDeps["plans"],
  { userId, payer, keyId, clientId, mode }: Pick<Caller, "userId" | "payer" | "keyId" | "clientId" | "mode">,
): LimitSubject {
  const plan = () => plans.keyTermsOf(UserId(payer.id)).planCode
  return { userId, payerId: payer.id, keyId, clientId, mode, plan }
}

/** As a quote would hold it, before any model has a say. */
const usualOutput = ({ thinking }: Demand): number =>
  Math.max(GATEWAY_LIMITS.holdOutputTokensDefault, (thinking?.tokens ?? 0) + GATEWAY_LIMITS.outputTokensLeast)

/** Shortened to what the limits on tokens leave of an answer. */
export function withinLimits(demand: Demand, { outputTokensMax }: Pick<Ticket, "outputTokensMax">): Demand {
  if (outputTokensMax === null) return demand
  return { ...demand, maxTokens: Math.max(1, Math.floor(outputTokensMax / demand.choices)) }
}
