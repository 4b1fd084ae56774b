// Who gets which part of a call's charge. Pure, but for what free credits may earn.
import { type Nano, nano } from "../../app/index.ts"
import type { Owner } from "../../ledger/index.ts"
import { type Charge, chargeForSale, type Pricing, type TokenUsage } from "../../pricing/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Caller, GatewayDeps, Quote } from "../types.ts"

/** What free credits of this call may earn its developer at most today; null: no bound, or nobody earns. */
export const promoCapIn = (
  { earnings }: Pick<GatewayDeps, "earnings">,
  tx: Tx,
  { userId, payer, developer }: Pick<Caller, "userId" | "payer" | "developer">,
): Nano | null => (developer === null ? null : earnings.promoCapIn(tx, { userId, payer, developer }))

/**
 * Without a developer (a first-party app) the developer's share goes to the platform: the same call costs the same
 * everywhere.
 */
export function shareOut(charge: Charge, developer: Owner | null): Charge {
  if (developer !== null || charge.developerNano === 0) return charge
  return { ...charge, developerNano: nano(0), platformNano: nano(charge.platformNano + charge.developerNano) }
}

/**
 * Usage with what only the request tells of it. A dearer service tier that was not given is not charged; a cheaper one that was
 * not given is, since no more than its rates was held.
 */
export function asAsked({ images, serviceTier, price }: Quote, usage: TokenUsage): TokenUsage {
  if (images === 0 && serviceTier === undefined) return usage
  const isDearer = serviceTier !== undefined && (price.services?.[serviceTier] ?? 0) > 10_000
  const isAsAsked = serviceTier === undefined || (usage.serviceTier === "standard" && isDearer)
  return { ...usage, images: usage.images ?? images, ...(isAsAsked ? {} : { serviceTier }) }
}

/** The charge of what was used, as it is shared. */
export function chargeOfUse(
  pricing: Pick<Pricing, "chargeForApp" | "rawCost">,
  { rule, sale }: Pick<Quote, "rule" | "sale">,
  rawPico: bigint,
  usage: TokenUsage,
  developer: Owner | null,
): Charge {
  // A house's price knows tokens and calls; what is counted one by one is in it.
  const { serviceTier: _, made: __, images: ___, webSearches: ____, ...atSale } = usage
  const charge = sale
    ? chargeForSale(pricing.rawCost(sale.price, atSale), rawPico, rule)
    : pricing.chargeForApp(rawPico, rule, usage.inputTokens + usage.outputTokens)
  return shareOut(charge, developer)
}

/** Whether a sale pays what its call costs, with the developer's share. */
export const isCovered = (
  { totalNano, rawPico }: Charge,
  { developerBp }: Pick<Quote["rule"], "developerBp">,
): boolean => BigInt(totalNano) * 10_000_000n >= rawPico * BigInt(10_000 + developerBp)

/** How the ledger splits a charge that it settles alone. What is charged by the token, or paid elsewhere, owes no upstream. */
export function splitOf({ rule, sale, hold }: Pick<Quote, "rule" | "sale" | "hold">, developer: Owner | null) {
  if (sale) return shareOfSale(shareOut(hold, developer))
  const upstream = rule.tokenPico || rule.ownUpstream ? 0 : 10_000
  const shared = developer === null ? 0 : rule.developerBp
  const platform = rule.platformBp + (developer === null ? rule.developerBp : 0)
  return { upstream, developer: shared, platform: upstream + shared === 0 ? platform || 1 : platform }
}

/** A sale has no shares of its own: as its hold would be shared, in ten-thousandths of what goes upstream. */
function shareOfSale({ upstreamNano, developerNano, platformNano }: Charge) {
  const partOf = (amount: number) => (upstreamNano === 0 ? amount : Math.round((10_000 * amount) / upstreamNano))
  const upstream = upstreamNano === 0 ? 0 : 10_000
  return { upstream, developer: partOf(developerNano), platform: upstream === 0 ? 1 : partOf(platformNano) }
}
