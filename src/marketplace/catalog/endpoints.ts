// Endpoints of a product: one by one, or all at once, as a document has them. An endpoint keeps its number, plan, weight and price as long as its
// method and path stay.
import { AppError, ensure, refuseFields } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Core, changeableIn } from "./core.ts"
import { endpointProblems, namesIn, shapeOf } from "./endpoint-rules.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import { keepPromisesIn } from "./promised.ts"
import { addressesText } from "./rules.ts"
import {
  countEndpoints,
  endpointByPublicId,
  endpointsOf,
  insertEndpoint,
  lastPosition,
  planIdOf,
  replaceParts,
  saveEndpoint,
} from "./store-endpoints.ts"
import type { Endpoint, EndpointDraft, Mine, ParameterDraft, Product } from "./types.ts"

const routeOf = ({ method, path }: Pick<EndpointDraft, "method" | "path">): string => `${method} ${shapeOf(path)}`

const told = (
  one: Pick<
    Endpoint,
    "method" | "path" | "title" | "weight" | "priceNano" | "minPlanId" | "validates" | "allowedIps" | "deniedIps"
  >,
) => ({
  route: `${one.method} ${one.path}`,
  title: one.title,
  weight: one.weight,
  priceNano: one.priceNano,
  minPlanId: one.minPlanId,
  validates: one.validates,
  allowedIps: one.allowedIps,
  deniedIps: one.deniedIps,
})

type Columns = Omit<Endpoint, "id" | "publicId" | "parameters" | "examples" | "createdMs">

/** Columns of a draft; what it leaves out is as it was. */
function columnsIn(tx: Tx, product: Product, draft: EndpointDraft, before: Endpoint | null, position: number): Columns {
  return {
    productId: product.id,
    position,
    method: draft.method,
    path: draft.path,
    title: draft.title.trim(),
    description: draft.description ?? before?.description ?? "",
    minPlanId: minPlanIn(tx, product, draft.minPlan, before),
    weight: draft.weight ?? before?.weight ?? 1,
    priceNano: draft.priceNano ?? before?.priceNano ?? (0 as Endpoint["priceNano"]),
    validates: draft.validates ?? before?.validates ?? false,
    bodySchema: draft.bodySchema === undefined ? (before?.bodySchema ?? null) : draft.bodySchema || null,
    bodyType: draft.bodyType === undefined ? (before?.bodyType ?? null) : draft.bodyType || null,
    deprecated: draft.deprecated ?? before?.deprecated ?? false,
    allowedIps: draft.allowedIps ? addressesText(draft.allowedIps) : (before?.allowedIps ?? ""),
    deniedIps: draft.deniedIps ? addressesText(draft.deniedIps) : (before?.deniedIps ?? ""),
    removedMs: null,
    updatedMs: tx.now,
  }
}

function minPlanIn(
  tx: Tx,
  product: Product,
  minPlan: string | null | undefined,
  before: Endpoint | null,
): number | null {
  if (minPlan === undefined) return before?.minPlanId ?? null
  if (minPlan === null || minPlan === "") return null
  const id = planIdOf(tx, product.id, minPlan)
  if (id === null) refuseFields({ minPlan: "Choose one of this product’s plans." })
  return id
}

/** Adds one, or changes the one that `endpointPublicId` names. */
export function saveEndpointIn(
  core: Core,
  tx: Tx,
  { endpointPublicId, ...input }: Mine & EndpointDraft & { endpointPublicId?: string },
): Endpoint {
  const product = changeableIn(core, tx, input)
  const before = endpointPublicId === undefined ? null : endpointByPublicId(tx, product.id, endpointPublicId)
  if (endpointPublicId !== undefined) ensure(before, "not_found", "There is no such endpoint.")
  else
    ensure(
      countEndpoints(tx, product.id) < L.endpointsMax,
      "conflict",
      `A product has ${L.endpointsMax} endpoints at most.`,
    )
  const parameters = input.parameters ?? followed(input.path, before?.parameters ?? [])
  refuseFields(endpointProblems({ ...input, parameters }))
  const twin = endpointsOf(tx, product.id).find((one) => one.id !== before?.id && routeOf(one) === routeOf(input))
  if (twin) refuseFields({ path: `${twin.method} ${twin.path} answers the same calls.` })
  const columns = columnsIn(tx, product, input, before, before?.position ?? lastPosition(tx, product.id) + 1)
  keepPromisesIn(tx, product.id, before, columns)
  const publicId = before?.publicId ?? core.ids.next("epd")
  if (before) saveEndpoint(tx, before.id, columns)
  const id = before?.id ?? insertEndpoint(tx, { ...columns, publicId, createdMs: tx.now })
  replaceParts(tx, id, { ...input, parameters })
  const after = endpointByPublicId(tx, product.id, publicId)!
  auditIn(tx, {
    action: before ? "endpoint.edited" : "endpoint.added",
    subject: product.publicId,
    ...(before && { before: told(before) }),
    after: told(after),
  })
  return after
}

/** Parameters of a path follow it: its new names are added, those that are gone go. */
function followed(path: string, parameters: readonly ParameterDraft[]): ParameterDraft[] {
  const names = new Set(namesIn(path))
  const kept = parameters.filter(({ place, name }) => place !== "path" || names.has(name))
  const known = new Set(kept.flatMap(({ place, name }) => (place === "path" ? [name] : [])))
  const added = [...names].filter((name) => !known.has(name))
  return [...added.map((name): ParameterDraft => ({ place: "path", name, type: "string", required: true })), ...kept]
}

export function removeEndpointIn(
  core: Core,
  tx: Tx,
  { endpointPublicId, ...mine }: Mine & { endpointPublicId: string },
): void {
  const product = changeableIn(core, tx, mine)
  const endpoint = endpointByPublicId(tx, product.id, endpointPublicId)
  ensure(endpoint, "not_found", "There is no such endpoint.")
  ensure(
    product.state !== "published" || countEndpoints(tx, product.id) > 1,
    "conflict",
    "A published product has at least one endpoint. Unpublish it first.",
  )
  saveEndpoint(tx, endpoint.id, { removedMs: tx.now, updatedMs: tx.now })
  auditIn(tx, { action: "endpoint.removed", subject: product.publicId, before: told(endpoint) })
}

/** Up or down by one place. */
export function moveEndpointIn(
  core: Core,
  tx: Tx,
  { endpointPublicId, by, ...mine }: Mine & { endpointPublicId: string; by: -1 | 1 },
): void {
  const product = changeableIn(core, tx, mine)
  const all = endpointsOf(tx, product.id)
  const at = all.findIndex(({ publicId }) => publicId === endpointPublicId)
  ensure(at >= 0, "not_found", "There is no such endpoint.")
  const to = Math.min(Math.max(at + by, 0), all.length - 1)
  const [moved] = all.splice(at, 1)
  all.splice(to, 0, moved!)
  for (const [position, { id }] of all.entries())
    if (all[position]!.position !== position) saveEndpoint(tx, id, { position })
}

/** All at once: those whose method and path stay keep their numbers, those that are not among `drafts` are removed. */
export function setEndpointsIn(
  core: Core,
  tx: Tx,
  { endpoints: drafts, ...mine }: Mine & { endpoints: readonly EndpointDraft[] },
): Endpoint[] {
  const product = changeableIn(core, tx, mine)
  checkAll(drafts, product)
  const present = new Map(endpointsOf(tx, product.id).map((one) => [routeOf(one), one]))
  const kept = new Set(drafts.map(routeOf))
  // First what goes and what is renamed within its shape, so that no two have one route on the way.
  for (const one of present.values())
    if (!kept.has(routeOf(one))) saveEndpoint(tx, one.id, { removedMs: tx.now, updatedMs: tx.now })
  for (const [position, draft] of drafts.entries()) {
    const before = present.get(routeOf(draft)) ?? null
    const columns = columnsIn(tx, product, draft, before, position)
    keepPromisesIn(tx, product.id, before, columns)
    if (before) saveEndpoint(tx, before.id, columns)
    const id = before?.id ?? insertEndpoint(tx, { ...columns, publicId: core.ids.next("epd"), createdMs: tx.now })
    replaceParts(tx, id, draft)
  }
  const count = (is: (route: string) => boolean) => [...kept].filter(is).length
  auditIn(tx, {
    action: "endpoints.set",
    subject: product.publicId,
    after: {
      title: product.title,
      added: count((route) => !present.has(route)),
      kept: count((route) => present.has(route)),
      removed: [...present.keys()].filter((route) => !kept.has(route)).length,
    },
  })
  return endpointsOf(tx, product.id)
}

function checkAll(drafts: readonly EndpointDraft[], product: Product): void {
  ensure(drafts.length <= L.endpointsMax, "conflict", `A product has ${L.endpointsMax} endpoints at most.`)
  ensure(
    drafts.length > 0 || product.state !== "published",
    "conflict",
    "A published product has at least one endpoint.",
  )
  const seen = new Set<string>()
  for (const draft of drafts) {
    const problem = Object.values(endpointProblems(draft)).find((words) => words)
    if (problem) throw new AppError("validation_failed", `${draft.method} ${draft.path}: ${problem}`)
    const route = routeOf(draft)
    if (seen.has(route))
      throw new AppError("validation_failed", `${draft.method} ${draft.path}: another endpoint answers the same calls.`)
    seen.add(route)
  }
}
