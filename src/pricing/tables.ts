// The tables of pricing as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import { type Nano, nano } from "../app/index.ts"
import type { MadeUnit, PriceRule, RateKind, ServiceTier, UnitKind } from "./types.ts"

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

export const modelPriceExtras = sqliteTable(
  "model_price_extras",
  {
    priceId: integer("price_id").notNull(),
    kind: text().notNull().$type<UnitKind | ServiceTier>(),
    amount: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.priceId, table.kind] })],
)

export const modelPriceMade = sqliteTable(
  "model_price_made",
  {
    priceId: integer("price_id").notNull(),
    unit: text().notNull().$type<MadeUnit>(),
    asked: text().notNull(),
    nanoEach: integer("nano_each").notNull(),
  },
  (table) => [primaryKey({ columns: [table.priceId, table.unit, table.asked] })],
)

export const cataloguePrices = sqliteTable(
  "catalogue_prices",
  {
    list: text().notNull(),
    model: text().notNull(),
    name: text().notNull(),
    price: text(),
    held: text(),
    heldWhy: text("held_why"),
    contextWindow: integer("context_window"),
    maxOutputTokens: integer("max_output_tokens"),
    changedMs: integer("changed_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.list, table.model] })],
)

export const catalogueReads = sqliteTable("catalogue_reads", {
  id: integer().primaryKey(),
  list: text().notNull(),
  atMs: integer("at_ms").notNull(),
  ok: integer({ mode: "boolean" }).notNull(),
  message: text().notNull(),
  models: integer().notNull(),
  changed: integer().notNull(),
  held: integer().notNull(),
})

export const unpricedLeftOut = sqliteTable(
  "unpriced_left_out",
  { provider: text().notNull(), model: text().notNull(), atMs: integer("at_ms").notNull() },
  (table) => [primaryKey({ columns: [table.provider, table.model] })],
)
