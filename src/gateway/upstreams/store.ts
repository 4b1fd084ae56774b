// The only queries of `gateway`: upstreams and their models. Calls themselves live in `usage` and `ledger`.
import { asc, count, eq } from "drizzle-orm"
import type { UpstreamId } from "../../app/index.ts"
import { insertRow, type OrmReader, type Reader, type Tx } from "../../store/index.ts"
import type { MaxTokensField } from "../providers/index.ts"
import { upstreamExtraFields, upstreamModels, upstreams } from "../tables.ts"
import type { Routing, Upstream } from "../types.ts"

export type UpstreamRow = typeof upstreams.$inferSelect

export const upstreamRows = (reader: OrmReader): UpstreamRow[] =>
  reader.drizzle.select().from(upstreams).orderBy(asc(upstreams.id)).all()

export const upstreamRow = (reader: OrmReader, publicId: string): UpstreamRow | null =>
  reader.drizzle.select().from(upstreams).where(eq(upstreams.publicId, publicId)).get() ?? null

export const upstreamById = (reader: OrmReader, id: UpstreamId): UpstreamRow | null =>
  reader.drizzle.select().from(upstreams).where(eq(upstreams.id, id)).get() ?? null

export const nameTaken = (reader: OrmReader, name: string): boolean =>
  reader.drizzle.select({ id: upstreams.id }).from(upstreams).where(eq(upstreams.name, name)).get() !== undefined

export const countUpstreams = (reader: OrmReader): number =>
  reader.drizzle.select({ n: count() }).from(upstreams).get()!.n

export const modelsOf = (reader: OrmReader, upstreamId: UpstreamId): string[] =>
  reader.drizzle
    .select({ model: upstreamModels.model })
    .from(upstreamModels)
    .where(eq(upstreamModels.upstreamId, upstreamId))
    .orderBy(asc(upstreamModels.model))
    .all()
    .map((row) => row.model)

/** Whether an account that is on has a model of this name, with its own name before it or without. */
export const servesModel = (reader: Reader, name: string): boolean =>
  reader.get(
    `SELECT 1 FROM upstream_models m JOIN upstreams u ON u.id = m.upstream_id
     WHERE u.enabled = 1 AND (m.model = ? OR u.name || '/' || m.model = ?) LIMIT 1`,
    name,
    name,
  ) !== null

export const extraFieldsOf = (reader: OrmReader, upstreamId: UpstreamId): string[] =>
  reader.drizzle
    .select({ name: upstreamExtraFields.name })
    .from(upstreamExtraFields)
    .where(eq(upstreamExtraFields.upstreamId, upstreamId))
    .orderBy(asc(upstreamExtraFields.name))
    .all()
    .map((row) => row.name)

export const toUpstream = (row: UpstreamRow, models: string[], extraFields: string[], isLocal: boolean): Upstream => ({
  id: row.id,
  publicId: row.publicId,
  kind: row.kind,
  isLocal,
  name: row.name,
  baseUrl: row.baseUrl,
  hasKey: row.apiKeySealed !== null,
  priceProvider: row.priceProvider,
  enabled: row.enabled,
  createdMs: row.createdMs,
  test:
    row.testMs === null
      ? null
      : { atMs: row.testMs, ok: row.testOk === true, message: row.testMessage ?? "", models: models.length },
  models,
  maxTokensField: row.maxTokensField,
  extraFields,
  routing: routingOf(row),
})

export const routingOf = (row: UpstreamRow): Routing => ({
  weight: row.weight,
  priority: row.priority,
  isDraining: row.draining,
  requestsPerMinute: row.requestsPerMinute,
  tokensPerMinute: row.tokensPerMinute,
})

export const insertUpstream = (
  tx: Tx,
  row: Pick<UpstreamRow, "publicId" | "kind" | "name" | "baseUrl" | "apiKeySealed" | "priceProvider">,
): UpstreamId =>
  tx.drizzle
    .insert(upstreams)
    .values({ ...row, enabled: true, createdMs: tx.now, updatedMs: tx.now })
    .returning({ id: upstreams.id })
    .get().id

/** Changes an upstream in this moment. */
function update(tx: Tx, id: UpstreamId, set: Partial<UpstreamRow>): void {
  tx.drizzle
    .update(upstreams)
    .set({ ...set, updatedMs: tx.now })
    .where(eq(upstreams.id, id))
    .run()
}

/** Forgets the last test. */
export const setAccount = (
  tx: Tx,
  id: UpstreamId,
  set: Pick<UpstreamRow, "baseUrl" | "apiKeySealed" | "priceProvider" | "maxTokensField">,
): void => update(tx, id, { ...set, testMs: null, testOk: null, testMessage: null })

export const setMaxTokensField = (tx: Tx, id: UpstreamId, maxTokensField: MaxTokensField): void =>
  update(tx, id, { maxTokensField })

export const setRouting = (tx: Tx, id: UpstreamId, { isDraining, ...routing }: Routing): void =>
  update(tx, id, { ...routing, draining: isDraining })

export const setEnabled = (tx: Tx, id: UpstreamId, enabled: boolean): void => update(tx, id, { enabled })

export const setTest = (tx: Tx, id: UpstreamId, ok: boolean, message: string): void =>
  update(tx, id, { testMs: tx.now, testOk: ok, testMessage: message })

export function replaceExtraFields(tx: Tx, upstreamId: UpstreamId, names: readonly string[]): void {
  tx.drizzle.delete(upstreamExtraFields).where(eq(upstreamExtraFields.upstreamId, upstreamId)).run()
  const rows = names.map((name) => ({ upstreamId, name }))
  if (rows.length > 0) tx.drizzle.insert(upstreamExtraFields).values(rows).run()
}

/** A list may have thousands: one prepared statement takes a fraction of the time that drizzle needs to write one for all. */
export function replaceModels(tx: Tx, upstreamId: UpstreamId, models: readonly string[]): void {
  tx.drizzle.delete(upstreamModels).where(eq(upstreamModels.upstreamId, upstreamId)).run()
  for (const model of models) insertRow(tx, upstreamModels, { upstreamId, model }, "ON CONFLICT DO NOTHING")
}
