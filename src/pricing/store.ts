// Pricing's queries, all of them: price rules, and price overrides with their history. Rows in, domain types out; decides
// nothing. Cold: prices and rules are held in memory, which is filled from here.
import { and, asc, desc, eq, ne, sql } from "drizzle-orm"
import type { OrmReader, Tx } from "../store/index.ts"
import { isFree } from "./snapshot.ts"
import { modelPriceRates, modelPrices, priceRules } from "./tables.ts"
import type { ModelPriceOverride, OverrideRates, PriceRule, Rate, RateKind, SetModelPriceInput } from "./types.ts"

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
  return reader.drizzle
    .select()
    .from(modelPrices)
    .orderBy(modelPrices.provider, modelPrices.model, desc(modelPrices.effectiveFromMs))
    .all()
    .map((row) => toOverride(row, rates.get(row.id) ?? []))
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
}

function flatRates(rates: OverrideRates | null): [RateKind, number, number][] {
  const given = Object.entries(rates ?? {}) as [RateKind, OverrideRates[RateKind] & {}][]
  return given.flatMap(([kind, rate]): [RateKind, number, number][] =>
    typeof rate === "number"
      ? [[kind, 0, rate]]
      : [[kind, 0, rate.base], ...rate.tiers.map((tier): [RateKind, number, number] => [kind, tier.above, tier.rate])],
  )
}

function toOverride(row: PriceRow, rows: RateRow[]): ModelPriceOverride {
  const rates: Partial<Record<RateKind, Rate>> = {}
  for (const [kind, steps] of Map.groupBy(rows, (rate) => rate.kind)) {
    const [base, ...tiers] = steps
    rates[kind] = {
      base: BigInt(base!.microPerMtok),
      tiers: tiers.map((tier) => ({ above: tier.aboveTokens, rate: BigInt(tier.microPerMtok) })),
    }
  }
  const perRequest = BigInt(row.requestMicro) * 1_000_000n
  const { input } = rates
  return {
    id: row.id,
    provider: row.provider,
    model: row.model,
    effectiveFromMs: row.effectiveFromMs,
    price:
      row.retired || !input
        ? null
        : {
            provider: row.provider,
            model: row.model,
            source: "override",
            scale: 1n,
            rates: { ...rates, input },
            perRequest,
            free: isFree(rates, perRequest),
          },
    limits: { contextWindow: row.contextWindow, maxOutputTokens: row.maxOutputTokens },
    actor: row.actor,
    reason: row.reason,
  }
}
