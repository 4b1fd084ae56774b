// Ledger rows with what the usage domain knows of them: which app, which model, how many tokens, at which price, which shares.
import { lotWords } from "../../../views/console/lots.tsx"
import { type Movement, toolWords } from "../../../views/console/movement.tsx"
import { requestPath } from "../../../views/console/request.tsx"
import { type ClientId, type Nano, nano, type UserId } from "../../app/index.ts"
import type { HistoryRow } from "../../ledger/index.ts"
import { toolOfPriced } from "../../mcp/index.ts"
import { isOwnRoute, madeOfUnits, pricePerOne, type Rate, readSnapshot } from "../../pricing/index.ts"
import { isForgotten, partNumberOf, requestIdOf, type UsageCall } from "../../usage/index.ts"
import type { ConsoleDeps } from "./site.ts"

type Deps = Pick<ConsoleDeps, "usage" | "oauth" | "keys">

/** @param userId whose wallet moved: what their requests came to in all is theirs alone @param isTeam it sees whatever its people did */
export function movementsOf(deps: Deps, userId: UserId, rows: HistoryRow[], isTeam = false): Movement[] {
  const ids = rows.flatMap((row) => (row.callId ? [row.callId] : []))
  const calls = deps.usage.byRequestIds(ids)
  const sums = deps.usage.requestSums(userId, ids)
  const nameOf = namesOf(deps, [...calls.values()])
  return rows.map((row) => {
    const call = row.callId ? calls.get(row.callId) : undefined
    if (!call) return movementOf(nameOf, row, undefined)
    const sum = sums.get(requestIdOf(call.publicId))
    const whole = sum && { part: partNumberOf(call.publicId), parts: sum.parts, total: sum.collectedNano }
    // A call that somebody else made has no page of this person's.
    const isSeen = isTeam || call.callerId === userId
    const request = isSeen ? { href: requestPath(requestIdOf(call.publicId)), whole } : undefined
    return { ...movementOf(nameOf, row, call), request }
  })
}

export type NameOf = (call: Pick<UsageCall, "clientId" | "keyId">) => string | null

/** Who called: an app, or a key by its name. */
export function namesOf(deps: Pick<Deps, "keys" | "oauth">, calls: readonly UsageCall[]): NameOf {
  const keys = deps.keys.named(calls.flatMap(({ keyId }) => (keyId === null ? [] : [keyId])))
  // A page names few apps many times over.
  const names = new Map<ClientId, string | null>()
  const nameOf: NameOf = ({ clientId, keyId }) => {
    if (clientId === null) return keyId === null ? null : (keys.get(keyId)?.name ?? null)
    const known = names.get(clientId)
    if (known !== undefined) return known
    const name = appName(deps, clientId)
    names.set(clientId, name)
    return name
  }
  return nameOf
}

/** What no person wrote: how the house came to know of a payment is for its log. */
const isOfNobody = ({ type, actor }: HistoryRow): boolean =>
  type === "daily_bonus" || type === "expiry" || actor === "system:billing" || actor === "system:restore"

function movementOf(nameOf: NameOf, row: HistoryRow, call: UsageCall | undefined): Movement {
  const base = {
    id: row.transactionId,
    atMs: row.atMs,
    type: row.type,
    amount: row.amountNano,
    balanceBefore: row.balanceBeforeNano,
    balanceAfter: row.balanceAfterNano,
    lots: row.lots.map((lot) => ({ label: lotWords(lot.bucket), amount: lot.amountNano })),
  }
  if (!call) return { ...base, note: isOfNobody(row) ? null : row.reason }
  const tool = toolOfPriced(call.model)
  return {
    ...base,
    app: nameOf(call),
    ...(isForgotten(call)
      ? { note: "details no longer kept" }
      : tool
        ? { model: toolWords(tool) }
        : { model: call.model, inputTokens: call.inputTokens, outputTokens: call.outputTokens, ...madeIn(call) }),
    requestId: call.publicId,
    price: call.prices === null ? null : priceOf(call.prices),
    parts: partsOf(call, tool !== null),
  }
}

/** The person's own account at a provider answered, and paid. */
export const isOwnKey = ({ prices }: Pick<UsageCall, "prices">): boolean => prices !== null && isOwnRoute(prices)

/** What the charge is made of. */
function partsOf(call: UsageCall, isTool: boolean): NonNullable<Movement["parts"]> {
  const platform = { label: "Platform’s share", amount: nano(call.platformNano) }
  const developer = { label: "Developer’s share", amount: nano(call.developerNano) }
  // What a service took is not told from the platform's share of a call once it is forgotten which of them it was.
  const isService = call.endpoint === "metering" || (isForgotten(call) && call.platformNano === call.collectedNano)
  const parts = isTool
    ? [{ label: "Tool", amount: platform.amount }, ...(call.developerNano > 0 ? [developer] : [])]
    : isService
      ? [{ label: "Service", amount: platform.amount }]
      : [
          isOwnKey(call)
            ? { label: "Model, paid at your provider", amount: nano(0) }
            : { label: "Model price", amount: nano(call.upstreamNano) },
          // A person's own key has none.
          ...(call.clientId === null ? [] : [developer]),
          platform,
        ]
  if (call.uncollectedNano > 0) parts.push({ label: "Not charged to you", amount: nano(-call.uncollectedNano) })
  return parts
}

/** What was paid one by one, and what one of it cost at its price. */
export function madeIn({ units, prices }: UsageCall): Pick<Movement, "made"> {
  if (units === null || prices === null) return {}
  const { made } = madeOfUnits(JSON.parse(units) as Record<string, number>)
  if (!made) return {}
  const { price } = readSnapshot(prices)
  const each = pricePerOne(price, made)
  return { made: { unit: made.unit, as: made.as, count: made.count, each } }
}

export const appName = (deps: Pick<ConsoleDeps, "oauth">, clientId: ClientId | null): string | null =>
  clientId === null ? null : (deps.oauth.clientById(clientId)?.name ?? "An app")

/** The prices a call was charged at, per million tokens; null when they cannot be shown as plain amounts. */
export function priceOf(snapshot: string): { input: Nano; output: Nano | null } | null {
  try {
    const { rates, scale } = readSnapshot(snapshot).price
    const input = perMillion(rates.input, scale)
    return input === null ? null : { input, output: rates.output ? perMillion(rates.output, scale) : null }
  } catch {
    return null
  }
}

/** A rate is p$ per token: times a million tokens, n$ times a thousand. Prices that change with length have no one figure. */
function perMillion(rate: Rate, scale: bigint): Nano | null {
  if (rate.tiers.length > 0) return null
  const amount = (rate.base * 1_000n) / scale
  return amount <= BigInt(Number.MAX_SAFE_INTEGER) ? nano(amount) : null
}
