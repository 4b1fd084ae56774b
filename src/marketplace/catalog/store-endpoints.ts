// SQL of endpoints, with their parameters and stored answers. Decides nothing.
import { eq } from "drizzle-orm"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { marketEndpoints, marketExamples, marketParameters } from "../tables.ts"
import type { Endpoint, ExampleDraft, ExampleRow, ParameterDraft, ParameterRow } from "./types.ts"

type EndpointRow = typeof marketEndpoints.$inferSelect

const toRow = (row: EndpointRow): EndpointRow => ({
  ...row,
  validates: Boolean(row.validates),
  deprecated: Boolean(row.deprecated),
})

/** Living endpoints in their order: three queries, however many there are. */
export function endpointsOf(reader: Reader, productId: number): Endpoint[] {
  const living = reader
    .all<EndpointRow>(
      `SELECT ${columnsOf(marketEndpoints)} FROM market_endpoints WHERE product_id = ? AND removed_ms IS NULL ORDER BY position, id`,
      productId,
    )
    .map(toRow)
  const of = "endpoint_id IN (SELECT id FROM market_endpoints WHERE product_id = ? AND removed_ms IS NULL)"
  const parameters = grouped(
    reader
      .all<ParameterRow>(
        `SELECT ${columnsOf(marketParameters)} FROM market_parameters WHERE ${of} ORDER BY endpoint_id, position`,
        productId,
      )
      .map((row) => ({ ...row, required: Boolean(row.required) })),
  )
  const examples = grouped(
    reader.all<ExampleRow>(
      `SELECT ${columnsOf(marketExamples)} FROM market_examples WHERE ${of} ORDER BY endpoint_id, position`,
      productId,
    ),
  )
  return living.map((row) => ({
    ...row,
    parameters: parameters.get(row.id) ?? [],
    examples: examples.get(row.id) ?? [],
  }))
}

function grouped<Row extends { endpointId: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const by = new Map<number, Row[]>()
  for (const row of rows) {
    const list = by.get(row.endpointId)
    if (list) list.push(row)
    else by.set(row.endpointId, [row])
  }
  return by
}

export function endpointByPublicId(reader: Reader, productId: number, publicId: string): Endpoint | null {
  const row = findRow(
    reader,
    marketEndpoints,
    "public_id = ? AND product_id = ? AND removed_ms IS NULL",
    publicId,
    productId,
  )
  if (!row) return null
  const parameters = reader
    .all<ParameterRow>(
      `SELECT ${columnsOf(marketParameters)} FROM market_parameters WHERE endpoint_id = ? ORDER BY position`,
      row.id,
    )
    .map((one) => ({ ...one, required: Boolean(one.required) }))
  const examples = reader.all<ExampleRow>(
    `SELECT ${columnsOf(marketExamples)} FROM market_examples WHERE endpoint_id = ? ORDER BY position`,
    row.id,
  )
  return { ...row, parameters, examples }
}

export const countEndpoints = (reader: Reader, productId: number): number =>
  reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM market_endpoints WHERE product_id = ? AND removed_ms IS NULL",
    productId,
  )!.n

export type Route = Pick<EndpointRow, "method" | "path" | "weight" | "priceNano">

/** Where a product is or was called, removed endpoints too. */
export const everyRoute = (reader: Reader, productId: number): Route[] =>
  reader.all(
    "SELECT method, path, weight, price_nano AS priceNano FROM market_endpoints WHERE product_id = ?",
    productId,
  )

/** Somebody beside its publisher, as things stand. */
export const hasSubscribers = (reader: Reader, productId: number): boolean =>
  reader.get(
    `SELECT 1 FROM market_subscriptions s JOIN market_products p ON p.id = s.product_id
       JOIN market_publishers u ON u.id = p.publisher_id
     WHERE s.product_id = ? AND s.ended_ms IS NULL AND s.user_id <> u.owner_id LIMIT 1`,
    productId,
  ) !== null

export const lastPosition = (reader: Reader, productId: number): number =>
  reader.get<{ n: number }>(
    "SELECT COALESCE(max(position), -1) AS n FROM market_endpoints WHERE product_id = ? AND removed_ms IS NULL",
    productId,
  )!.n

export const insertEndpoint = (tx: Tx, row: Omit<EndpointRow, "id">): number => insertRow(tx, marketEndpoints, row)

export function saveEndpoint(tx: Tx, id: number, row: Partial<EndpointRow>): void {
  tx.drizzle.update(marketEndpoints).set(row).where(eq(marketEndpoints.id, id)).run()
}

export function replaceParts(
  tx: Tx,
  endpointId: number,
  { parameters, examples }: { parameters?: readonly ParameterDraft[]; examples?: readonly ExampleDraft[] },
): void {
  if (parameters) {
    tx.run("DELETE FROM market_parameters WHERE endpoint_id = ?", endpointId)
    for (const [position, one] of parameters.entries())
      insertRow(tx, marketParameters, {
        endpointId,
        position,
        place: one.place,
        name: one.name,
        type: one.type,
        required: one.required,
        description: one.description ?? "",
        example: one.example ?? null,
        schema: one.schema ?? null,
      })
  }
  if (examples) {
    tx.run("DELETE FROM market_examples WHERE endpoint_id = ?", endpointId)
    for (const [position, one] of examples.entries())
      insertRow(tx, marketExamples, {
        endpointId,
        position,
        status: one.status,
        meaning: one.meaning ?? "",
        bodyType: one.bodyType ?? "application/json",
        body: one.body ?? "",
      })
  }
}

/** The id of a plan of this product. */
export const planIdOf = (reader: Reader, productId: number, planPublicId: string): number | null =>
  reader.get<{ id: number }>(
    "SELECT id FROM market_plans WHERE public_id = ? AND product_id = ?",
    planPublicId,
    productId,
  )?.id ?? null

export const planNames = (reader: Reader, productId: number): Map<number, string> =>
  new Map(
    reader
      .all<{ id: number; name: string }>("SELECT id, name FROM market_plans WHERE product_id = ?", productId)
      .map(({ id, name }) => [id, name]),
  )

/** Plans of a product in their order, for choosing one. */
export const planList = (reader: Reader, productId: number): { id: number; publicId: string; name: string }[] =>
  reader.all(
    "SELECT id, public_id AS publicId, name FROM market_plans WHERE product_id = ? AND retired_ms IS NULL ORDER BY rank",
    productId,
  )
