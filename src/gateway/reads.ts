// Reads of /v1, never charged: models with what the caller pays, the caller, one finished call.
import {
  AppError,
  amountJson,
  type ClientId,
  creditsDecimal,
  type Nano,
  nano,
  nextDayMs,
  type UserId,
} from "../app/index.ts"
import type { AiScope } from "../oauth/index.ts"
import type { ModelPrice, PriceRule, Pricing } from "../pricing/index.ts"
import { authenticate } from "./admit.ts"
import { allowedIn, notFound } from "./quote.ts"
import type { Registry } from "./registry.ts"
import type { Caller, Candidate, GatewayDeps } from "./types.ts"

export type ReadDeps = GatewayDeps & { registry: Registry }

const PER_TOKENS = 1_000_000

/** GET /v1/models: OpenAI's list; what has no price cannot be called and is not listed. */
export async function models(deps: ReadDeps, request: Request): Promise<unknown> {
  const caller = await authenticate(deps, request)
  const atMs = deps.clock.now()
  const data = []
  for (const [id, candidates] of deps.registry.entries()) {
    const entry = modelEntry(deps.pricing, id, candidates, caller, atMs)
    if (entry) data.push(entry)
  }
  return { object: "list", data: data.toSorted((a, b) => (a.id < b.id ? -1 : 1)) }
}

/** GET /v1/models/:id */
export async function model(deps: ReadDeps, request: Request, id: string): Promise<unknown> {
  const caller = await authenticate(deps, request)
  const entry = modelEntry(deps.pricing, id, deps.registry.candidates(id), caller, deps.clock.now())
  if (!entry) throw notFound(id, caller)
  return entry
}

function modelEntry(pricing: Pricing, id: string, candidates: readonly Candidate[], caller: Caller, atMs: number) {
  for (const candidate of candidates) {
    if (!allowedIn(caller, candidate)) continue
    const { priceProvider, name } = candidate.upstream
    const price = pricing.modelPrice(priceProvider, candidate.model, atMs)
    if (!price) continue
    const rule = pricing.ruleFor(candidate.model, "app")
    const limits = pricing.limits(priceProvider, candidate.model, atMs)
    return {
      id,
      object: "model",
      created: 0,
      owned_by: name,
      context_window: limits.contextWindow,
      max_output_tokens: limits.maxOutputTokens,
      pricing: prices(pricing, price, rule),
    }
  }
  return null
}

/** Credits for a million tokens as the caller pays them, at the first tier. */
const prices = (pricing: Pricing, price: ModelPrice, rule: PriceRule) => ({
  unit: "credits per million tokens",
  input: creditsDecimal(side(pricing, price, rule, "input")),
  output: creditsDecimal(side(pricing, price, rule, "output")),
})

function side(pricing: Pricing, price: ModelPrice, rule: PriceRule, kind: "input" | "output"): Nano {
  const base = price.rates[kind]?.base ?? 0n
  const rawPico = (base * BigInt(PER_TOKENS) + price.scale - 1n) / price.scale
  return pricing.chargeForApp(rawPico, { ...rule, minimumNano: nano(0), requestFeeNano: nano(0) }).totalNano
}

/** GET /v1/me: fields by scope, balance, what is left of this app's limits today. */
export async function me(deps: ReadDeps, request: Request): Promise<unknown> {
  const { claims, owner, mode } = await authenticate(deps, request)
  const user = deps.identity.userById(claims.userId)
  if (!user) throw new AppError("token_invalid", "This account is gone.")
  const wallet = deps.ledger.wallet(owner, mode)
  return {
    object: "user",
    id: user.publicId,
    ...(claims.scopes.has("profile") ? { name: user.name } : {}),
    ...(claims.scopes.has("email") ? { email: user.email, email_verified: user.emailVerified } : {}),
    mode,
    balance: amountJson(wallet.spendableNano),
    held: amountJson(wallet.heldNano),
    scopes: [...claims.scopes],
    limits: limitsOf(deps, claims.userId, claims.clientId, claims.consentId, owner),
  }
}

function limitsOf(
  deps: ReadDeps,
  userId: UserId,
  clientId: ClientId,
  consentId: number | null,
  owner: Caller["owner"],
) {
  const consent = consentId === null ? null : deps.oauth.consentsOf(userId).find(({ id }) => id === consentId)
  if (!consent) return {}
  const resetsAt = new Date(nextDayMs(deps.clock.now())).toISOString()
  return Object.fromEntries(
    (Object.entries(consent.limits) as [AiScope, Nano][]).map(([scope, daily]) => {
      const { usedNano, heldNano } = deps.ledger.usedToday(owner, clientId, scope)
      const remaining = nano(Math.max(0, daily - usedNano - heldNano))
      return [
        scope,
        { daily: amountJson(daily), used: amountJson(usedNano), remaining: amountJson(remaining), resets_at: resetsAt },
      ]
    }),
  )
}

/** GET /v1/requests/:id: final usage and charge of a call of this person through this app; anybody else's is not there. */
export async function requestById(deps: ReadDeps, request: Request, id: string): Promise<unknown> {
  const { claims } = await authenticate(deps, request)
  const call = deps.usage.byRequestId(claims.userId, claims.clientId, id)
  if (!call) throw new AppError("not_found", "There is no finished request with this id.", { param: "id" })
  return {
    object: "request",
    id: call.publicId,
    created: Math.floor(call.atMs / 1_000),
    model: call.model,
    stream: call.stream,
    status: call.status,
    error: call.errorCode,
    ended: call.end,
    latency_ms: call.latencyMs,
    first_token_ms: call.firstTokenMs,
    usage: {
      prompt_tokens: call.inputTokens,
      completion_tokens: call.outputTokens,
      total_tokens: call.inputTokens + call.outputTokens,
      prompt_tokens_details: { cached_tokens: call.cachedTokens },
      completion_tokens_details: { reasoning_tokens: call.reasoningTokens },
      source: call.source,
    },
    charge: amountJson(nano(call.chargeNano)),
    collected: amountJson(nano(call.collectedNano)),
    transaction: call.transactionId,
  }
}
