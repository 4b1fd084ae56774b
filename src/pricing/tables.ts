// The tables of pricing as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import { type Nano, nano } from "../app/index.ts"
import type { PriceRule, RateKind } from "./types.ts"

export const priceRules = sqliteTable("price_rules", {
  id: integer().primaryKey(),
  pattern: text().notNull(),
  traffic: text().notNull().$type<PriceRule["traffic"]>(),
  priority: integer().notNull().default(0),
  platformBp: integer("platform_bp").notNull(),
  developerBp: integer("developer_bp").notNull(),
  minimumNano: integer("minimum_nano").notNull().$type<Nano>().default(nano(0)),
  requestFeeNano: integer("request_fee_nano").notNull().$type<Nano>().default(nano(0)),
  active: integer("active", { mode: "boolean" }).notNull().default(true),
  changedMs: integer("changed_ms").notNull(),
})

export const modelPrices = sqliteTable("model_prices", {
  id: integer().primaryKey(),
  provider: text().notNull(),
  model: text().notNull(),
  effectiveFromMs: integer("effective_from_ms").notNull(),
  retired: integer("retired", { mode: "boolean" }).notNull().default(false),
  requestMicro: integer("request_micro").notNull().default(0),
  contextWindow: integer("context_window"),
  maxOutputTokens: integer("max_output_tokens"),
  actor: text().notNull(),
  reason: text().notNull(),
  createdMs: integer("created_ms").notNull(),
})

export const modelPriceRates = sqliteTable(
  "model_price_rates",
  {
    priceId: integer("price_id").notNull(),
    kind: text().notNull().$type<RateKind>(),
    aboveTokens: integer("above_tokens").notNull().default(0),
    microPerMtok: integer("micro_per_mtok").notNull(),
  },
  (table) => [primaryKey({ columns: [table.priceId, table.kind, table.aboveTokens] })],
)
