// Pricing's queries, all of them: price rules, and price overrides with their history. Rows in, domain types out; decides
// nothing. Cold: prices and rules are held in memory, which is filled from here.
import { and, asc, desc, eq, ne, sql } from "drizzle-orm"
import type { OrmReader, Tx } from "../store/index.ts"
import { nanoMade } from "./made.ts"
import { isFree } from "./snapshot.ts"
import {
  modelPriceExtras,
  modelPriceMade,
  modelPriceRates,
  modelPrices,
  priceRules,
  unpricedLeftOut,
} from "./tables.ts"
import {
  type MadeUnit,
  type ModelPrice,
  type ModelPriceOverride,
  type OverrideRates,
  type PriceRule,
  type Rate,
  type RateKind,
  SERVICE_TIERS,
  type ServiceTier,
  type SetModelPriceInput,
  UNIT_KINDS,
  type UnitKind,
} from "./types.ts"

export const loadRules = (reader: OrmReader): PriceRule[] =>
  reader.drizzle
    .select()
    .from(priceRules)
    .orderBy(desc(priceRules.priority), desc(sql`length(${priceRules.pattern})`), asc(priceRules.id))
    .all()
    .map(toRule)

export const findRule = (reader: OrmReader, id: number): PriceRule | null => {
  const row = reader.drizzle.select().from(priceRules).where(eq(priceRules.id, id)).get()
  return row ? toRule(row) : null
}

/** Another active rule with the same pattern, traffic and priority: it would be chance which of the two applies. */
export const findTwin = (reader: OrmReader, rule: Omit<PriceRule, "id">, id: number | null): PriceRule | null => {
  const { pattern, traffic, priority, active } = priceRules
  const row = reader.drizzle
    .select()
    .from(priceRules)
    .where(
      and(
        eq(pattern, rule.pattern),
        eq(traffic, rule.traffic),
        eq(priority, rule.priority),
        eq(active, true),
        id === null ? undefined : ne(priceRules.id, id),
      ),
    )
    .get()
  return row ? toRule(row) : null
}

/** Inserts, or changes the row `id`; returns the id. */
export function saveRule(tx: Tx, rule: Omit<PriceRule, "id">, id: number | null): number {
  const values = {
    pattern: rule.pattern,
    traffic: rule.traffic,
    priority: rule.priority,
    platformBp: rule.platformBp,
    developerBp: rule.developerBp,
    minimumNano: rule.minimumNano,
    requestFeeNano: rule.requestFeeNano,
    active: rule.active,
    changedMs: tx.now,
  }
  if (id === null) return tx.drizzle.insert(priceRules).values(values).returning({ id: priceRules.id }).get().id
  tx.drizzle.update(priceRules).set(values).where(eq(priceRules.id, id)).run()
  return id
}

const toRule = ({ changedMs: _, ...rule }: typeof priceRules.$inferSelect): PriceRule => rule

type PriceRow = typeof modelPrices.$inferSelect
type RateRow = typeof modelPriceRates.$inferSelect

/** Every override ever made, newest first within a model. Hundreds of rows at most: admins type them. */
export function loadOverrides(reader: OrmReader): ModelPriceOverride[] {
  const { priceId, kind, aboveTokens } = modelPriceRates
  const rows = reader.drizzle.select().from(modelPriceRates).orderBy(priceId, kind, aboveTokens).all()
  const rates = Map.groupBy(rows, (rate) => rate.priceId)
  const extras = Map.groupBy(reader.drizzle.select().from(modelPriceExtras).all(), (extra) => extra.priceId)
  const made = Map.groupBy(reader.drizzle.select().from(modelPriceMade).all(), (one) => one.priceId)
  return reader.drizzle
    .select()
    .from(modelPrices)
    .orderBy(modelPrices.provider, modelPrices.model, desc(modelPrices.effectiveFromMs))
    .all()
    .map((row) => toOverride(row, { rates: rates.get(row.id), extras: extras.get(row.id), made: made.get(row.id) }))
}

/** Writes one decision; one that starts at the same moment, and so has not priced anything else, is replaced. */
export function saveOverride(tx: Tx, input: SetModelPriceInput & { effectiveFromMs: number }): void {
  const { provider, model, effectiveFromMs, rates, limits } = input
  tx.drizzle
    .delete(modelPrices)
    .where(
      and(
        eq(modelPrices.provider, provider),
        eq(modelPrices.model, model),
        eq(modelPrices.effectiveFromMs, effectiveFromMs),
      ),
    )
    .run()
  const { id } = tx.drizzle
    .insert(modelPrices)
    .values({
      provider,
      model,
      effectiveFromMs,
      retired: rates === null,
      requestMicro: input.requestMicro ?? 0,
      contextWindow: limits?.contextWindow ?? null,
      maxOutputTokens: limits?.maxOutputTokens ?? null,
      actor: tx.ctx.actor,
      reason: tx.ctx.reason,
      createdMs: tx.now,
    })
    .returning({ id: modelPrices.id })
    .get()
  const steps = flatRates(rates).map(([kind, aboveTokens, microPerMtok]) => ({
    priceId: id,
    kind,
    aboveTokens,
    microPerMtok,
  }))
  if (steps.length > 0) tx.drizzle.insert(modelPriceRates).values(steps).run()
  const extras = Object.entries({ ...input.units, ...input.services }) as [UnitKind | ServiceTier, number][]
  const values = extras.map(([kind, amount]) => ({ priceId: id, kind, amount }))
  if (rates !== null && values.length > 0) tx.drizzle.insert(modelPriceExtras).values(values).run()
  const made = Object.entries(input.made ?? {}).flatMap(([unit, each]) =>
    Object.entries(each).map(([asked, nanoEach]) => ({ priceId: id, unit: unit as MadeUnit, asked, nanoEach })),
  )
  if (rates !== null && made.length > 0) tx.drizzle.insert(modelPriceMade).values(made).run()
}

function flatRates(rates: OverrideRates | null): [RateKind, number, number][] {
  const given = Object.entries(rates ?? {}) as [RateKind, OverrideRates[RateKind] & {}][]
  return given.flatMap(([kind, rate]): [RateKind, number, number][] =>
    typeof rate === "number"
      ? [[kind, 0, rate]]
      : [[kind, 0, rate.base], ...rate.tiers.map((tier): [RateKind, number, number] => [kind, tier.above, tier.rate])],
  )
}

type ExtraRow = typeof modelPriceExtras.$inferSelect

interface Lines {
  rates?: RateRow[] | undefined
  extras?: ExtraRow[] | undefined
  made?: (typeof modelPriceMade.$inferSelect)[] | undefined
}

function toOverride(row: PriceRow, lines: Lines): ModelPriceOverride {
  const { id, provider, model, effectiveFromMs, actor, reason, createdMs } = row
  const limits = { contextWindow: row.contextWindow, maxOutputTokens: row.maxOutputTokens }
  const price = row.retired ? null : priceOf(row, lines)
  return { id, provider, model, effectiveFromMs, price, limits, actor, reason, createdMs }
}

/** p$ in a µ$ */
const PICO_PER_MICRO = 1_000_000n

function priceOf(row: PriceRow, { rates: rows = [], extras = [], made: madeRows = [] }: Lines): ModelPrice | null {
  const rates: Partial<Record<RateKind, Rate>> = {}
  for (const [kind, steps] of Map.groupBy(rows, (rate) => rate.kind)) {
    const [base, ...tiers] = steps
    rates[kind] = {
      base: BigInt(base!.microPerMtok),
      tiers: tiers.map((tier) => ({ above: tier.aboveTokens, rate: BigInt(tier.microPerMtok) })),
    }
  }
  const perRequest = BigInt(row.requestMicro) * PICO_PER_MICRO
  const { input } = rates
  if (!input) return null
  const amountOf = (kind: UnitKind | ServiceTier) => extras.find((extra) => extra.kind === kind)?.amount
  const units: Partial<Record<UnitKind, bigint>> = {}
  for (const kind of UNIT_KINDS) {
    const amount = amountOf(kind)
    if (amount !== undefined) units[kind] = BigInt(amount) * PICO_PER_MICRO
  }
  const services = SERVICE_TIERS.flatMap((tier) => {
    const amount = amountOf(tier)
    return amount === undefined ? [] : [[tier, amount]]
  })
  const byUnit = Map.groupBy(madeRows, ({ unit }) => unit)
  const each = [...byUnit].map(([unit, own]) => [unit, Object.fromEntries(own.map((one) => [one.asked, one.nanoEach]))])
  const made = each.length > 0 ? nanoMade(Object.fromEntries(each)) : undefined
  return {
    provider: row.provider,
    model: row.model,
    source: "override",
    scale: 1n,
    rates: { ...rates, input },
    perRequest,
    ...(Object.keys(units).length > 0 ? { units } : {}),
    ...(services.length > 0 ? { services: Object.fromEntries(services) } : {}),
    ...(made ? { made } : {}),
    free: isFree(rates, perRequest, units, made),
  }
}

/** Models that an operator does not want to be asked about, as `provider\nmodel`. */
export const loadLeftOut = (reader: OrmReader): Set<string> =>
  new Set(
    reader.drizzle
      .select()
      .from(unpricedLeftOut)
      .all()
      .map(({ provider, model }) => `${provider}\n${model}`),
  )

export function saveLeftOut(tx: Tx, provider: string, model: string, leftOut: boolean): void {
  const isRow = and(eq(unpricedLeftOut.provider, provider), eq(unpricedLeftOut.model, model))
  if (leftOut) tx.drizzle.insert(unpricedLeftOut).values({ provider, model, atMs: tx.now }).onConflictDoNothing().run()
  else tx.drizzle.delete(unpricedLeftOut).where(isRow).run()
}
