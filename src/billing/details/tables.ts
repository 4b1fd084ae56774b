// The table of what payers want on invoices as TypeScript sees it, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../../app/index.ts"

export const billingDetails = sqliteTable("billing_details", {
  ownerId: integer("owner_id").primaryKey().$type<UserId>(),
  name: text().notNull(),
  address: text().notNull(),
  country: text().notNull(),
  taxId: text("tax_id").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})
