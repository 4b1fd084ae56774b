// Pricing's SQL, all of it: price rules, and price overrides with their history. Rows in, domain types out; decides
// nothing.
import { nano } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { isFree } from "./snapshot.ts"
import type { ModelPriceOverride, OverrideRates, PriceRule, Rate, RateKind, SetModelPriceInput } from "./types.ts"

interface RuleRow {
  id: number
  pattern: string
  traffic: PriceRule["traffic"]
  priority: number
  platform_bp: number
  developer_bp: number
  minimum_nano: number
  request_fee_nano: number
  active: number
}

export const loadRules = (reader: Reader): PriceRule[] =>
  reader.all<RuleRow>("SELECT * FROM price_rules ORDER BY priority DESC, length(pattern) DESC, id").map(toRule)

export const findRule = (reader: Reader, id: number): PriceRule | null => {
  const row = reader.get<RuleRow>("SELECT * FROM price_rules WHERE id = ?", id)
  return row && toRule(row)
}

/** Another active rule with the same pattern, traffic and priority: it would be chance which of the two applies. */
export const findTwin = (reader: Reader, rule: Omit<PriceRule, "id">, id: number | null): PriceRule | null => {
  const row = reader.get<RuleRow>(
    "SELECT * FROM price_rules WHERE pattern = ? AND traffic = ? AND priority = ? AND active = 1 AND id IS NOT ?",
    rule.pattern,
    rule.traffic,
    rule.priority,
    id,
  )
  return row && toRule(row)
}

/** Inserts, or changes the row `id`; returns the id. */
export function saveRule(tx: Tx, rule: Omit<PriceRule, "id">, id: number | null): number {
  const values = [
    rule.pattern,
    rule.traffic,
    rule.priority,
    rule.platformBp,
    rule.developerBp,
    rule.minimumNano,
    rule.requestFeeNano,
    rule.active ? 1 : 0,
    tx.now,
  ]
  if (id === null) {
    return tx.run(
      `INSERT INTO price_rules (pattern, traffic, priority, platform_bp, developer_bp, minimum_nano, request_fee_nano,
         active, changed_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...values,
    ).lastInsertRowid
  }
  tx.run(
    `UPDATE price_rules SET pattern = ?, traffic = ?, priority = ?, platform_bp = ?, developer_bp = ?, minimum_nano = ?,
       request_fee_nano = ?, active = ?, changed_ms = ? WHERE id = ?`,
    ...values,
    id,
  )
  return id
}

const toRule = (row: RuleRow): PriceRule => ({
  id: row.id,
  pattern: row.pattern,
  traffic: row.traffic,
  priority: row.priority,
  platformBp: row.platform_bp,
  developerBp: row.developer_bp,
  minimumNano: nano(row.minimum_nano),
  requestFeeNano: nano(row.request_fee_nano),
  active: row.active === 1,
})

interface PriceRow {
  id: number
  provider: string
  model: string
  effective_from_ms: number
  retired: number
  request_micro: number
  context_window: number | null
  max_output_tokens: number | null
  actor: string
  reason: string
}
interface RateRow {
  price_id: number
  kind: RateKind
  above_tokens: number
  micro_per_mtok: number
}

/** Every override ever made, newest first within a model. Hundreds of rows at most: admins type them. */
export function loadOverrides(reader: Reader): ModelPriceOverride[] {
  const rates = Map.groupBy(
    reader.all<RateRow>("SELECT * FROM model_price_rates ORDER BY price_id, kind, above_tokens"),
    (rate) => rate.price_id,
  )
  return reader
    .all<PriceRow>("SELECT * FROM model_prices ORDER BY provider, model, effective_from_ms DESC")
    .map((row) => toOverride(row, rates.get(row.id) ?? []))
}

/** Writes one decision; one that starts at the same moment, and so has not priced anything else, is replaced. */
export function saveOverride(tx: Tx, input: SetModelPriceInput & { effectiveFromMs: number }): void {
  tx.run(
    "DELETE FROM model_prices WHERE provider = ? AND model = ? AND effective_from_ms = ?",
    input.provider,
    input.model,
    input.effectiveFromMs,
  )
  const { lastInsertRowid: id } = tx.run(
    `INSERT INTO model_prices (provider, model, effective_from_ms, retired, request_micro, context_window, max_output_tokens,
       actor, reason, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    input.provider,
    input.model,
    input.effectiveFromMs,
    input.rates ? 0 : 1,
    input.requestMicro ?? 0,
    input.limits?.contextWindow ?? null,
    input.limits?.maxOutputTokens ?? null,
    tx.ctx.actor,
    tx.ctx.reason,
    tx.now,
  )
  for (const [kind, above, micro] of flatRates(input.rates)) {
    tx.run(
      "INSERT INTO model_price_rates (price_id, kind, above_tokens, micro_per_mtok) VALUES (?, ?, ?, ?)",
      id,
      kind,
      above,
      micro,
    )
  }
}

function flatRates(rates: OverrideRates | null): [string, number, number][] {
  return Object.entries(rates ?? {}).flatMap(([kind, rate]): [string, number, number][] =>
    typeof rate === "number"
      ? [[kind, 0, rate]]
      : [[kind, 0, rate.base], ...rate.tiers.map((tier): [string, number, number] => [kind, tier.above, tier.rate])],
  )
}

function toOverride(row: PriceRow, rows: RateRow[]): ModelPriceOverride {
  const rates: Partial<Record<RateKind, Rate>> = {}
  for (const [kind, steps] of Map.groupBy(rows, (rate) => rate.kind)) {
    const [base, ...tiers] = steps
    rates[kind] = {
      base: BigInt(base!.micro_per_mtok),
      tiers: tiers.map((tier) => ({ above: tier.above_tokens, rate: BigInt(tier.micro_per_mtok) })),
    }
  }
  const perRequest = BigInt(row.request_micro) * 1_000_000n
  const { input } = rates
  return {
    id: row.id,
    provider: row.provider,
    model: row.model,
    effectiveFromMs: row.effective_from_ms,
    price:
      row.retired === 1 || !input
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
    limits: { contextWindow: row.context_window, maxOutputTokens: row.max_output_tokens },
    actor: row.actor,
    reason: row.reason,
  }
}
