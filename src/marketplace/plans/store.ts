// SQL of product plans and their terms. Decides nothing.
import { and, asc, desc, eq } from "drizzle-orm"
import { findRow, insertRow, type OrmReader, type Reader, type Tx } from "../../store/index.ts"
import { marketPlans, marketPlanTerms, marketProducts, marketQuotas, marketRates } from "../tables.ts"
import { byPeriod } from "./rules.ts"
import type { ProductPlan, ProductPlanRow, ProductTerms, TermsInput, TermsInUse } from "./types.ts"

type TermsRow = typeof marketPlanTerms.$inferSelect

function whole(reader: OrmReader, row: TermsRow): ProductTerms {
  const quotas = reader.drizzle.select().from(marketQuotas).where(eq(marketQuotas.termsId, row.id)).all()
  const rates = reader.drizzle
    .select()
    .from(marketRates)
    .where(eq(marketRates.termsId, row.id))
    .orderBy(asc(marketRates.endpointId), asc(marketRates.span))
    .all()
  return {
    ...row,
    quotas: quotas.map(({ termsId: _, ...quota }) => quota).sort(byPeriod),
    rates: rates.map(({ termsId: _, ...rate }) => rate),
  }
}

export function termsById(reader: OrmReader, id: number): ProductTerms | null {
  const row = findRow(reader, marketPlanTerms, "id = ?", id)
  return row && whole(reader, row)
}

/** Of new subscribers. */
function presentTerms(reader: OrmReader, planId: number): ProductTerms {
  const row = reader.drizzle
    .select()
    .from(marketPlanTerms)
    .where(eq(marketPlanTerms.planId, planId))
    .orderBy(desc(marketPlanTerms.version))
    .limit(1)
    .get()
  return whole(reader, row!)
}

const withTerms = (reader: OrmReader, plan: ProductPlanRow): ProductPlan => ({
  ...plan,
  terms: presentTerms(reader, plan.id),
})

export function planById(reader: OrmReader, id: number): ProductPlan | null {
  const row = findRow(reader, marketPlans, "id = ?", id)
  return row && withTerms(reader, row)
}

export function planByPublicId(reader: OrmReader, publicId: string): ProductPlan | null {
  const row = findRow(reader, marketPlans, "public_id = ?", publicId)
  return row && withTerms(reader, row)
}

export const planRows = (reader: OrmReader, productId: number): ProductPlanRow[] =>
  reader.drizzle
    .select()
    .from(marketPlans)
    .where(eq(marketPlans.productId, productId))
    .orderBy(asc(marketPlans.rank))
    .all()

export const plansOf = (reader: OrmReader, productId: number): ProductPlan[] =>
  planRows(reader, productId).map((plan) => withTerms(reader, plan))

export const hasProduct = (reader: Reader, productId: number): boolean =>
  findRow(reader, marketProducts, "id = ?", productId) !== null

export const insertPlan = (tx: Tx, row: typeof marketPlans.$inferInsert): number => insertRow(tx, marketPlans, row)

export function savePlan(tx: Tx, { id, publicId: _, productId: __, createdMs: ___, ...row }: ProductPlanRow): void {
  tx.drizzle.update(marketPlans).set(row).where(eq(marketPlans.id, id)).run()
}

export function insertTerms(tx: Tx, planId: number, version: number, terms: TermsInput): number {
  const { quotas, rates, ...plain } = terms
  const termsId = insertRow(tx, marketPlanTerms, { ...pickTerms(plain), planId, version, createdMs: tx.now })
  insertParts(tx, termsId, { quotas, rates })
  return termsId
}

/** Of terms that nobody ever had. */
export function replaceTerms(tx: Tx, termsId: number, { quotas, rates, ...plain }: TermsInput): void {
  tx.drizzle.update(marketPlanTerms).set(pickTerms(plain)).where(eq(marketPlanTerms.id, termsId)).run()
  tx.drizzle.delete(marketQuotas).where(eq(marketQuotas.termsId, termsId)).run()
  tx.drizzle.delete(marketRates).where(eq(marketRates.termsId, termsId)).run()
  insertParts(tx, termsId, { quotas, rates })
}

const pickTerms = (terms: Omit<TermsInput, "quotas" | "rates">) => ({
  priceNano: terms.priceNano,
  cycle: terms.cycle,
  trialDays: terms.trialDays,
  overageNano: terms.overageNano,
  overageCapNano: terms.overageCapNano,
  resetsOnUpgrade: terms.resetsOnUpgrade ?? false,
})

function insertParts(tx: Tx, termsId: number, { quotas, rates }: Pick<TermsInput, "quotas" | "rates">): void {
  for (const { period, anchor, units } of quotas) insertRow(tx, marketQuotas, { termsId, period, anchor, units })
  for (const { endpointId, span, requests } of rates)
    insertRow(tx, marketRates, { termsId, endpointId, span, requests })
}

/** Whether anybody has, or had, these terms: then they stay as they are. */
export const isTermsInUse = (reader: Reader, termsId: number): boolean =>
  reader.get(
    `SELECT 1 FROM market_subscriptions WHERE terms_id = ?1 UNION ALL SELECT 1 FROM market_bills WHERE terms_id = ?1 LIMIT 1`,
    termsId,
  ) !== null

/** Somebody begins it with their next period. */
export const isPlanned = (reader: Reader, planId: number): boolean =>
  reader.get("SELECT 1 FROM market_subscriptions WHERE next_plan_id = ? AND ended_ms IS NULL LIMIT 1", planId) !== null

/** Living subscriptions of a plan. */
export const countSubscribers = (reader: Reader, planId: number): number =>
  reader.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM market_subscriptions WHERE plan_id = ? AND ended_ms IS NULL",
    planId,
  )!.n

/** Versions that somebody living has, newest first. */
export function termsInUse(reader: OrmReader, planId: number): TermsInUse[] {
  const rows = reader.all<{ id: number; n: number }>(
    `SELECT terms_id AS id, COUNT(*) AS n FROM market_subscriptions WHERE plan_id = ? AND ended_ms IS NULL
     GROUP BY terms_id ORDER BY terms_id DESC`,
    planId,
  )
  return rows.map(({ id, n }) => ({ terms: termsById(reader, id)!, subscribers: n }))
}

export const rankTaken = (reader: OrmReader, productId: number, rank: number): number | null =>
  reader.drizzle
    .select({ id: marketPlans.id })
    .from(marketPlans)
    .where(and(eq(marketPlans.productId, productId), eq(marketPlans.rank, rank)))
    .get()?.id ?? null
