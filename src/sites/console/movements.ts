// Ledger rows with what the usage domain knows of them: which app, which model, how many tokens, at which price, which shares.
import { lotWords } from "../../../views/console/lots.tsx"
import type { Movement } from "../../../views/console/movement.tsx"
import { type ClientId, type Nano, nano } from "../../app/index.ts"
import type { HistoryRow } from "../../ledger/index.ts"
import { madeOfUnits, pricePerOne, type Rate, readSnapshot } from "../../pricing/index.ts"
import { isForgotten, type UsageCall } from "../../usage/index.ts"
import type { ConsoleDeps } from "./site.ts"

export function movementsOf(deps: Pick<ConsoleDeps, "usage" | "oauth" | "keys">, rows: HistoryRow[]): Movement[] {
  const calls = deps.usage.byRequestIds(rows.flatMap((row) => (row.callId ? [row.callId] : [])))
  const keys = deps.keys.named([...calls.values()].flatMap(({ keyId }) => (keyId === null ? [] : [keyId])))
  // A page names few apps many times over.
  const names = new Map<ClientId, string | null>()
  const nameOf = ({ clientId, keyId }: UsageCall): string | null => {
    if (clientId === null) return keyId === null ? null : (keys.get(keyId)?.name ?? null)
    const known = names.get(clientId)
    if (known !== undefined) return known
    const name = appName(deps, clientId)
    names.set(clientId, name)
    return name
  }
  return rows.map((row) => movementOf(nameOf, row, row.callId ? calls.get(row.callId) : undefined))
}

type NameOf = (call: UsageCall) => string | null

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
  // What a service took is not told from the platform's share of a call once it is forgotten which of them it was.
  const parts =
    call.endpoint === "metering" || (isForgotten(call) && call.platformNano === row.amountNano * -1)
      ? [{ label: "Service", amount: nano(call.platformNano) }]
      : [
          { label: "Model price", amount: nano(call.upstreamNano) },
          // A person's own key has none.
          ...(call.clientId === null ? [] : [{ label: "Developer’s share", amount: nano(call.developerNano) }]),
          { label: "Platform’s share", amount: nano(call.platformNano) },
        ]
  if (call.uncollectedNano > 0) parts.push({ label: "Not charged to you", amount: nano(-call.uncollectedNano) })
  return {
    ...base,
    app: nameOf(call),
    ...(isForgotten(call)
      ? { note: "details no longer kept" }
      : { model: call.model, inputTokens: call.inputTokens, outputTokens: call.outputTokens, ...madeIn(call) }),
    requestId: call.publicId,
    price: call.prices === null ? null : priceOf(call.prices),
    parts,
  }
}

/** What was paid one by one, and what one of it cost at its price. */
function madeIn({ units, prices }: UsageCall): Pick<Movement, "made"> {
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
