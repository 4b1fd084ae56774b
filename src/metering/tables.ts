// The table of metering as TypeScript sees it, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { AiScope } from "../oauth/index.ts"

export const meteredServices = sqliteTable("metered_services", {
  id: integer().primaryKey(),
  slug: text().notNull(),
  name: text().notNull(),
  unit: text().notNull(),
  scope: text().notNull().$type<AiScope>(),
  pricePico: integer("price_pico").notNull(),
  quantityMin: integer("quantity_min").notNull(),
  quantityMax: integer("quantity_max").notNull(),
  active: integer({ mode: "boolean" }).notNull(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})
