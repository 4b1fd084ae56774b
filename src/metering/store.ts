// SQL of metered services. Decides nothing.
import { eq } from "drizzle-orm"
import { findRow, insertRow, type OrmReader, type Reader, type Tx } from "../store/index.ts"
import { meteredServices } from "./tables.ts"
import type { Service } from "./types.ts"

export const serviceBySlug = (reader: Reader, slug: string): Service | null =>
  findRow(reader, meteredServices, "slug = ?", slug)

export const allServices = (reader: OrmReader, rowsMax: number): Service[] =>
  reader.drizzle.select().from(meteredServices).orderBy(meteredServices.name, meteredServices.id).limit(rowsMax).all()

export const countServices = (reader: Reader): number =>
  reader.get<{ n: number }>("SELECT COUNT(*) AS n FROM metered_services")!.n

export const insertService = (tx: Tx, row: Omit<Service, "id">): number => insertRow(tx, meteredServices, row)

export function saveService(tx: Tx, { id, slug: _, createdMs: __, ...terms }: Service): void {
  tx.drizzle.update(meteredServices).set(terms).where(eq(meteredServices.id, id)).run()
}
