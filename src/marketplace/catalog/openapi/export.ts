// A product as an OpenAPI 3.1 document of its public address, from its rows alone: what is documented is what can be called.
import type { Endpoint, Product, Publisher } from "../types.ts"
import { isObject, type Json, type JsonObject } from "./read.ts"

export interface Exported {
  product: Product
  publisher: Publisher
  endpoints: readonly Endpoint[]
  /** Plans by number: the lowest one that has an endpoint is named in it. */
  plans: ReadonlyMap<number, string>
  /** Where published APIs are called. */
  publishedAt: string
}

export function exportDocument({ product, publisher, endpoints, plans, publishedAt }: Exported): JsonObject {
  const schemas: JsonObject = {}
  const paths: JsonObject = {}
  const ids = new Set<string>()
  for (const endpoint of endpoints) {
    const hasRules = hasAddresses(product) || hasAddresses(endpoint)
    const operation = operationOf(endpoint, plans, schemas, ids)
    if (hasRules) operation.responses = { "403": ADDRESS_DENIED, ...(operation.responses as JsonObject) }
    paths[endpoint.path] = { ...(paths[endpoint.path] as JsonObject), [endpoint.method.toLowerCase()]: operation }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: product.title,
      version: product.version,
      ...(product.tagline && { summary: product.tagline }),
      ...(product.overview && { description: product.overview }),
    },
    servers: [{ url: `${publishedAt}/${publisher.slug}/${product.slug}` }],
    security: [{ key: [] }, { keyInQuery: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "The key of your subscription, api_live_…" },
        keyInQuery: { type: "apiKey", in: "query", name: "api_key" },
      },
      ...(Object.keys(schemas).length > 0 && { schemas }),
    },
  }
}

/** Which ones, the publisher alone knows. */
export const hasAddresses = ({ allowedIps, deniedIps }: Pick<Product, "allowedIps" | "deniedIps">): boolean =>
  allowedIps !== "" || deniedIps !== ""

const ADDRESS_DENIED = { description: "The publisher takes no calls from your address (`address_denied`)." }

function operationOf(
  endpoint: Endpoint,
  plans: ReadonlyMap<number, string>,
  schemas: JsonObject,
  ids: Set<string>,
): JsonObject {
  const plan = endpoint.minPlanId === null ? undefined : plans.get(endpoint.minPlanId)
  const operationId = operationIdOf(endpoint, ids)
  const parameters = endpoint.parameters.filter(({ place }) => place !== "body")
  return {
    operationId,
    summary: endpoint.title,
    ...(endpoint.description && { description: endpoint.description }),
    ...(endpoint.deprecated && { deprecated: true }),
    ...(plan !== undefined && { "x-minimum-plan": plan }),
    ...(endpoint.weight !== 1 && { "x-quota-units": endpoint.weight }),
    ...(parameters.length > 0 && {
      parameters: parameters.map((one) => ({
        name: one.name,
        in: one.place,
        required: one.required,
        ...(one.description && { description: one.description }),
        ...(one.example !== null && { example: exampleOf(one.example, one.type) }),
        schema: hoisted(one.schema, operationId, schemas) ?? { type: one.type },
      })),
    }),
    ...bodyOf(endpoint, operationId, schemas),
    responses: responsesOf(endpoint),
  }
}

function operationIdOf({ method, path }: Endpoint, ids: Set<string>): string {
  const words = path
    .replace(/[{}]/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
  const base = [method.toLowerCase(), ...words.map((word) => word[0]!.toUpperCase() + word.slice(1))].join("")
  let id = base
  for (let n = 2; ids.has(id); n++) id = `${base}_${n}`
  ids.add(id)
  return id
}

const exampleOf = (text: string, type: string): Json => {
  if (type === "string") return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

/** What a schema brings along goes to the components: in a document `#/$defs` would be the document's own. */
function hoisted(text: string | null, operationId: string, schemas: JsonObject): JsonObject | boolean | null {
  if (text === null) return null
  const schema = parsed(text)
  if (!isObject(schema)) return typeof schema === "boolean" ? schema : null
  const { $defs, ...rest } = schema
  if (!isObject($defs)) return rest
  const names = new Map<string, string>()
  for (const name of Object.keys($defs)) names.set(name, freeName(schemas, `${operationId}.${name}`))
  const renamed = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(renamed)
    if (!isObject(value)) return value
    const entries = Object.entries(value).map(
      ([key, one]) => [key, key === "$ref" ? refOf(one, names) : renamed(one)] as const,
    )
    return Object.fromEntries(entries)
  }
  for (const [name, one] of Object.entries($defs)) schemas[names.get(name)!] = renamed(one)
  return renamed(rest) as JsonObject
}

const refOf = (ref: Json, names: ReadonlyMap<string, string>): Json => {
  const name = typeof ref === "string" && ref.startsWith("#/$defs/") ? names.get(ref.slice(8)) : undefined
  return name === undefined ? ref : `#/components/schemas/${name}`
}

function freeName(schemas: JsonObject, base: string): string {
  let name = base
  for (let n = 2; Object.hasOwn(schemas, name); n++) name = `${base}_${n}`
  schemas[name] = {}
  return name
}

const parsed = (text: string): Json | null => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

function bodyOf(endpoint: Endpoint, operationId: string, schemas: JsonObject): { requestBody?: JsonObject } {
  const { bodyType, bodySchema, parameters } = endpoint
  const fields = parameters.filter(({ place }) => place === "body")
  if (bodyType === null && bodySchema === null && fields.length === 0) return {}
  const schema = hoisted(bodySchema, operationId, schemas) ?? {
    type: "object",
    properties: Object.fromEntries(
      fields.map((one) => [one.name, { type: one.type, ...(one.description && { description: one.description }) }]),
    ),
    required: fields.filter(({ required }) => required).map(({ name }) => name),
  }
  return { requestBody: { content: { [bodyType ?? "application/json"]: { schema } } } }
}

function responsesOf({ examples }: Endpoint): JsonObject {
  const responses: JsonObject = {}
  for (const { status, meaning, bodyType, body } of examples) {
    const known = responses[String(status)]
    if (isObject(known)) continue
    const isJson = /json\b/.test(bodyType)
    const value = isJson ? parsed(body) : body
    responses[String(status)] = {
      description: meaning || `Status ${status}`,
      ...(body !== "" && bodyType !== "" && { content: { [bodyType]: { example: value ?? body } } }),
    }
  }
  return Object.keys(responses).length > 0 ? responses : { "200": { description: "The answer." } }
}
