// Pages of lists, newest first, as Stripe cuts them; and `expand[]`.
import { invalid } from "./fault.ts"
import { fields, list, orNone, type Shape, text, whole } from "./shape.ts"
import type { InvoicePayment, Named, Page } from "./types.ts"
import type { World } from "./world.ts"

const between = fields({}, { gt: whole, gte: whole, lt: whole, lte: whole })
const created: Shape<{ gt?: number; gte?: number; lt?: number; lte?: number }> = {
  read: (value, path) =>
    typeof value === "string" ? { gte: Number(value), lte: Number(value) } : between.read(value, path),
}
export const PAGED = { limit: whole, starting_after: text, ending_before: text, created, expand: list(text) }
export const EXPAND = { expand: list(text) }
export const none = fields({}, EXPAND)
export { orNone }

interface Cut {
  limit?: number
  starting_after?: string
  ending_before?: string
  created?: { gt?: number; gte?: number; lt?: number; lte?: number }
}

/** @param all oldest first */
export function pageOf<T extends Named>(all: readonly T[], cut: Cut, url: string): Page<T> {
  const { limit = 10, created: { gt, gte, lt, lte } = {} } = cut
  if (limit < 1 || limit > 100) throw invalid("This value must be between 1 and 100.", "limit")
  let rows = all
    .filter(
      (one) =>
        (gt === undefined || one.created > gt) &&
        (gte === undefined || one.created >= gte) &&
        (lt === undefined || one.created < lt) &&
        (lte === undefined || one.created <= lte),
    )
    .toReversed()
  const at = (id: string, param: string) => {
    const found = rows.findIndex((one) => one.id === id)
    if (found < 0) throw invalid(`No such object: '${id}'`, param, "resource_missing")
    return found
  }
  let hasMore: boolean
  if (cut.ending_before) {
    const before = rows.slice(0, at(cut.ending_before, "ending_before"))
    hasMore = before.length > limit
    rows = before.slice(-limit)
  } else {
    const after = cut.starting_after ? rows.slice(at(cut.starting_after, "starting_after") + 1) : rows
    hasMore = after.length > limit
    rows = after.slice(0, limit)
  }
  return { object: "list", data: rows, has_more: hasMore, url }
}

/** Replaces ids on these paths (`data.customer`, `latest_invoice.lines`) with what they name; the answer is a copy. */
export function expanded(world: World, answer: object, paths: readonly string[]): object {
  const copy = structuredClone(answer) as Record<string, unknown>
  for (const path of paths)
    if (!expandAt(world, copy, path.split("."))) throw invalid(`This property cannot be expanded (${path}).`, "expand")
  return copy
}

function expandAt(world: World, value: unknown, [name, ...rest]: string[]): boolean {
  if (name === undefined) return true
  if (Array.isArray(value)) return value.every((one) => expandAt(world, one, [name, ...rest]))
  if (typeof value !== "object" || value === null) return false
  const record = value as Record<string, unknown>
  if (name === "payments" && record.object === "invoice") record.payments = paymentsOf(world, String(record.id))
  const inside = record[name]
  if (inside === null) return true
  if (typeof inside === "string") {
    const found = world.any(inside)
    if (!found) return false
    record[name] = structuredClone(found)
  } else if (inside === undefined) return LATER.includes(name)
  return expandAt(world, record[name], rest)
}

function paymentsOf(world: World, invoice: string): Page<InvoicePayment> {
  const own = world.all<InvoicePayment>("invoice_payment").filter((one) => one.invoice === invoice)
  return pageOf(structuredClone(own), {}, `/v1/invoices/${invoice}/payments`)
}

/** Members that are answered only when asked for. */
const LATER = ["line_items", "payments", "tax"]
