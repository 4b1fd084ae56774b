// What a call of a tool costs: by the price rule whose pattern begins with `mcp:`, else one credit. The whole of it is the house's: the tool
// itself costs it nothing that could be shared. Pure.
import { credits, nano } from "../app/index.ts"
import { type Charge, chargeForApp, type PriceRule, type Pricing, type Traffic } from "../pricing/index.ts"

const TOOL_PRICE_DEFAULT = credits(1)
const PREFIX = "mcp:"

/** As rules name it, and as usage does. */
export const pricedName = (group: string, tool: string): string => `${PREFIX}${group}/${tool}`

/** Which tool of which group a call was of, by the name that usage has; null: it was of no tool. */
export function toolOfPriced(name: string): { group: string; tool: string } | null {
  const slash = name.indexOf("/")
  if (!name.startsWith(PREFIX) || slash < 0) return null
  return { group: name.slice(PREFIX.length, slash), tool: name.slice(slash + 1) }
}

export interface ToolPrice {
  charge: Charge
  /** Kept beside the charge: enough to compute it again. */
  snapshot: string
}

export function priceOf(pricing: Pick<Pricing, "ruleFor">, name: string, traffic: Traffic): ToolPrice {
  const rule = pricing.ruleFor(name, traffic)
  // A rule for models says nothing of tools.
  const own = rule.pattern.toLowerCase().startsWith(PREFIX) ? rule : null
  const charge = own
    ? chargeForApp(0n, own)
    : { ...FREE, totalNano: TOOL_PRICE_DEFAULT, platformNano: TOOL_PRICE_DEFAULT }
  return { charge, snapshot: snapshotOf(own, charge) }
}

const FREE: Charge = {
  totalNano: nano(0),
  upstreamNano: nano(0),
  developerNano: nano(0),
  platformNano: nano(0),
  rawPico: 0n,
}

const snapshotOf = (rule: PriceRule | null, { totalNano }: Charge): string =>
  JSON.stringify({ v: 1, tool: rule?.pattern ?? "default", nano: String(totalNano) })
