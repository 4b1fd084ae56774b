// The queries of choice: preferences of people, and house models.
import { and, asc, eq } from "drizzle-orm"
import type { UserId } from "../../app/index.ts"
import type { OrmReader, Tx } from "../../store/index.ts"
import { CAPABILITIES, type Preference } from "./capabilities.ts"
import { houseModels, modelChoices, modelPreferences } from "./tables.ts"

export type HouseRow = typeof houseModels.$inferSelect

/** @param clientId 0 = everywhere. @returns null when nothing was said there */
export function preferenceOf(reader: OrmReader, userId: UserId, clientId: number): Preference | null {
  const mine = and(eq(modelPreferences.userId, userId), eq(modelPreferences.clientId, clientId))
  const row = reader.drizzle.select().from(modelPreferences).where(mine).get()
  if (!row) return null
  const named = and(eq(modelChoices.userId, userId), eq(modelChoices.clientId, clientId))
  const choices = reader.drizzle.select().from(modelChoices).where(named).all()
  return {
    costTier: row.costTier,
    providers: row.providers.split(" ").filter(Boolean),
    choices: Object.fromEntries(
      choices
        .filter(({ capability }) => CAPABILITIES.some((one) => one === capability))
        .map(({ capability, model }) => [capability, model]),
    ),
  }
}

/** Replaces what was said there; null = nothing is said. */
export function savePreference(tx: Tx, userId: UserId, clientId: number, preference: Preference | null): void {
  const mine = and(eq(modelPreferences.userId, userId), eq(modelPreferences.clientId, clientId))
  tx.drizzle.delete(modelPreferences).where(mine).run()
  const named = and(eq(modelChoices.userId, userId), eq(modelChoices.clientId, clientId))
  tx.drizzle.delete(modelChoices).where(named).run()
  if (!preference) return
  const { costTier, providers, choices } = preference
  tx.drizzle
    .insert(modelPreferences)
    .values({ userId, clientId, costTier, providers: providers.join(" ") })
    .run()
  const rows = Object.entries(choices).map(([capability, model]) => ({ userId, clientId, capability, model }))
  if (rows.length > 0) tx.drizzle.insert(modelChoices).values(rows).run()
}

export const houseRows = (reader: OrmReader): HouseRow[] =>
  reader.drizzle.select().from(houseModels).orderBy(asc(houseModels.name)).all()

export const houseRow = (reader: OrmReader, publicId: string): HouseRow | null =>
  reader.drizzle.select().from(houseModels).where(eq(houseModels.publicId, publicId)).get() ?? null

export const houseByName = (reader: OrmReader, name: string): HouseRow | null =>
  reader.drizzle.select().from(houseModels).where(eq(houseModels.name, name)).get() ?? null

export type HouseTerms = Pick<HouseRow, "name" | "model" | "input1kNano" | "output1kNano" | "feeNano" | "active">

export const insertHouse = (tx: Tx, publicId: string, terms: HouseTerms): void =>
  void tx.drizzle
    .insert(houseModels)
    .values({ publicId, ...terms, createdMs: tx.now, updatedMs: tx.now })
    .run()

export const updateHouse = (tx: Tx, publicId: string, terms: HouseTerms): void =>
  void tx.drizzle
    .update(houseModels)
    .set({ ...terms, updatedMs: tx.now })
    .where(eq(houseModels.publicId, publicId))
    .run()
