// The catalogue's queries. Rows in, entries out; decides nothing. Cold: entries are held in memory, which is filled from here.
import { and, desc, eq, lte } from "drizzle-orm"
import type { OrmReader, Tx } from "../../store/index.ts"
import { type PackedPrice, packPrice, unpackPrice } from "../snapshot.ts"
import { cataloguePrices, catalogueReads } from "../tables.ts"
import type { ModelPrice } from "../types.ts"
import { CATALOGUE_LIMITS } from "./limits.ts"
import type { CatalogueEntry, CatalogueRead } from "./types.ts"

type Row = typeof cataloguePrices.$inferSelect

/** @param known entries before: a price that did not change stays the same object, and with it the snapshot of it */
export function loadEntries(reader: OrmReader, known?: ReadonlyMap<string, CatalogueEntry>): CatalogueEntry[] {
  const rows = reader.drizzle.select().from(cataloguePrices).all()
  return rows.map((row) => {
    const entry = toEntry(row)
    const before = known?.get(keyOf(row.list, row.model))
    const isSame = before?.changedMs === row.changedMs && isSamePrice(before.price, entry.price)
    return isSame ? { ...entry, price: before.price } : entry
  })
}

export const isSamePrice = (a: ModelPrice | null, b: ModelPrice | null): boolean => packed(a) === packed(b)

export const keyOf = (list: string, model: string): string => `${list}\n${model}`

export function saveEntry(tx: Tx, entry: CatalogueEntry): void {
  const { list, model, ...rest } = entry
  const values = {
    name: rest.name,
    price: packed(rest.price),
    held: rest.held && packed(rest.held.price),
    heldWhy: rest.held?.why ?? null,
    contextWindow: rest.contextWindow,
    maxOutputTokens: rest.maxOutputTokens,
    changedMs: rest.changedMs,
  }
  tx.drizzle
    .insert(cataloguePrices)
    .values({ list, model, ...values })
    .onConflictDoUpdate({ target: [cataloguePrices.list, cataloguePrices.model], set: values })
    .run()
}

const packed = (price: ModelPrice | null): string | null => price && JSON.stringify(packPrice(price))

/** Which state of its list a price is of: part of every snapshot. */
export const versionOf = (list: string, changedMs: number): string => `${list} ${new Date(changedMs).toISOString()}`

function toEntry(row: Row): CatalogueEntry {
  const price = (text: string) => unpackPrice(JSON.parse(text) as PackedPrice, versionOf(row.list, row.changedMs))
  return {
    list: row.list,
    model: row.model,
    name: row.name,
    price: row.price === null ? null : price(row.price),
    held: row.held === null ? null : { price: price(row.held), why: row.heldWhy ?? "" },
    contextWindow: row.contextWindow,
    maxOutputTokens: row.maxOutputTokens,
    changedMs: row.changedMs,
  }
}

/** Notes a read, and forgets those that are older than the last few. */
export function saveRead(tx: Tx, read: CatalogueRead): void {
  const { id } = tx.drizzle.insert(catalogueReads).values(read).returning({ id: catalogueReads.id }).get()
  tx.drizzle
    .delete(catalogueReads)
    .where(and(eq(catalogueReads.list, read.list), lte(catalogueReads.id, id - CATALOGUE_LIMITS.readsKept)))
    .run()
}

/** Newest first. */
export const loadReads = (reader: OrmReader, list: string, limit: number): CatalogueRead[] =>
  reader.drizzle
    .select()
    .from(catalogueReads)
    .where(eq(catalogueReads.list, list))
    .orderBy(desc(catalogueReads.id))
    .limit(limit)
    .all()
    .map(({ id: _, ...read }) => read)
