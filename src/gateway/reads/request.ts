// One finished call as /v1 tells it: its final usage and charge.

import { AppError, amountJson, nano } from "../../app/index.ts"
import { cachedPart, figureOf, isCachedRoute, isOwnRoute, madeOfUnits, readSnapshot } from "../../pricing/index.ts"
import type { UsageCall } from "../../usage/index.ts"
import { authenticate } from "../admit.ts"
import { countAsked } from "../routing/store.ts"
import type { ReadDeps } from "./models.ts"
import { COUNTED_NAMES, madeName } from "./prices.ts"
import type { FinishedRequestJson } from "./schemas.ts"

/**
 * GET /v1/requests/:id: final usage and charge of a call of this person through this app or key; anybody else's is not there. Refused calls
 * are there a moment later, and only the first of a person's day.
 */
export async function requestById(deps: ReadDeps, request: Request, id: string): Promise<FinishedRequestJson> {
  const { userId, clientId, keyId } = await authenticate(deps, request)
  const call = deps.usage.byRequestId(userId, clientId, id, keyId)
  if (!call) throw new AppError("not_found", "There is no finished request with this id.", { param: "id" })
  const more = deps.usage.partsOf(userId, clientId, id, keyId)
  const parts = more.length === 0 ? [] : [call, ...more]
  const names = [call, ...more].map(({ publicId }) => publicId)
  const sponsored = deps.usage.sponsoredOf(userId, names)
  const others = deps.usage.othersWhoPaid(userId, names)
  const payer = ({ publicId }: UsageCall): Pick<FinishedRequestJson, "paid_by"> => ({
    paid_by: sponsored.has(publicId) ? "app" : others.has(publicId) ? "team" : "you",
  })
  const totalNano = [call, ...more].reduce((sum, { collectedNano }) => sum + collectedNano, 0)
  return {
    object: "request",
    id: call.publicId,
    created: Math.floor(call.atMs / 1_000),
    model: call.model || "unknown",
    stream: call.stream,
    ...endOf(call),
    attempts: attemptsOf(deps, call),
    latency_ms: call.latencyMs,
    first_token_ms: call.firstTokenMs,
    ...costOf(call),
    ...payer(call),
    total: amountJson(nano(totalNano)),
    parts: parts.map((part) => ({
      id: part.publicId,
      kind: part.scope === "mcp" ? "tool" : "model",
      model: part.model || "unknown",
      ...endOf(part),
      ...costOf(part),
      ...payer(part),
    })),
  }
}

function fromCache(call: UsageCall) {
  const part = cachedPart(call)
  return part && { percent: part.bp / 100, of: amountJson(part.ofNano) }
}

const endOf = ({ status, errorCode, end }: UsageCall) => ({ status, error: errorCode, ended: end })

/** Tokens of pictures, and what was counted one by one as the list of prices names it. */
function countedIn({ units, prices, cachedTokens, reasoningTokens }: UsageCall) {
  const counts = JSON.parse(units ?? "{}") as Record<string, number>
  const { made } = madeOfUnits(counts)
  const { images = 0, webSearches = 0, inputImageTokens = 0, outputImageTokens = 0 } = counts
  const figure = made && prices !== null ? figureOf(readSnapshot(prices).price, made.unit, made.as) : null
  const counted = {
    ...(made ? { [madeName(made.unit, figure ?? made.as)]: made.count } : {}),
    ...(images > 0 ? { [COUNTED_NAMES.image]: images } : {}),
    ...(webSearches > 0 ? { [COUNTED_NAMES.webSearch]: webSearches } : {}),
  }
  return {
    prompt_tokens_details: { cached_tokens: cachedTokens, image_tokens: inputImageTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens, image_tokens: outputImageTokens },
    counted,
  }
}

const costOf = (call: UsageCall) => ({
  usage: {
    prompt_tokens: call.inputTokens,
    completion_tokens: call.outputTokens,
    total_tokens: call.inputTokens + call.outputTokens,
    ...countedIn(call),
    source: call.source,
  },
  charge: amountJson(nano(call.chargeNano)),
  collected: amountJson(nano(call.collectedNano)),
  from_cache: fromCache(call),
  provider_paid_by: providerPaidBy(call),
  transaction: call.transactionId,
})

/** The platform, for credits; the person, by a key of their own there; nobody where the cache answered, or nobody was asked. */
function providerPaidBy({ end, prices }: UsageCall): "platform" | "you" | "nobody" {
  if (end === "refused") return "nobody"
  if (prices === null) return "platform"
  return isCachedRoute(prices) ? "nobody" : isOwnRoute(prices) ? "you" : "platform"
}

/** Accounts that were asked; one for each call that leaves no rows of its own. */
function attemptsOf({ store }: ReadDeps, { publicId, end }: { publicId: string; end: string }): number {
  return end === "refused" ? 0 : Math.max(1, countAsked(store.read, publicId))
}
