// Tables of what people prefer and of house models, as TypeScript sees them.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../../app/index.ts"
import type { CostTier } from "./capabilities.ts"

export const modelPreferences = sqliteTable(
  "model_preferences",
  {
    userId: integer("user_id").notNull().$type<UserId>(),
    clientId: integer("client_id").notNull(),
    costTier: text("cost_tier").notNull().$type<CostTier>(),
    providers: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.clientId] })],
)

export const modelChoices = sqliteTable(
  "model_choices",
  {
    userId: integer("user_id").notNull().$type<UserId>(),
    clientId: integer("client_id").notNull(),
    capability: text().notNull(),
    model: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.clientId, table.capability] })],
)

export const houseModels = sqliteTable("house_models", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  name: text().notNull(),
  model: text().notNull(),
  input1kNano: integer("input_1k_nano").notNull(),
  output1kNano: integer("output_1k_nano").notNull(),
  feeNano: integer("fee_nano").notNull(),
  active: integer({ mode: "boolean" }).notNull(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})
