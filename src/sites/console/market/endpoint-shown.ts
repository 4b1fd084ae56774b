// An endpoint as its page shows it, and the call that stands for it in code. Pure.
import type { DocParameter, DocsTree, EndpointDoc } from "../../../../views/console/market/index.ts"
import { hasAddresses } from "../../../marketplace/index.ts"
import { limitsOf, linkOf } from "./plans-shown.ts"
import { KEY_PLACEHOLDER, type SampleInput, type SampleValue, samplesOf } from "./samples/index.ts"
import type { Seen } from "./seen.ts"
import type { Endpoint } from "./site.ts"

type Parameter = Endpoint["parameters"][number]

/** Whole text of a JSON document, or undefined where it is none. */
export function jsonOf(text: string | null): unknown {
  if (text === null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** What a value may be, where a schema lists it. */
export function optionsOf({ schema }: Pick<Parameter, "schema">): string[] {
  const read = jsonOf(schema)
  const list = isObject(read) && Array.isArray(read.enum) ? read.enum : []
  return list.filter((one) => typeof one !== "object").map(String)
}

/** Something that fits, where the publisher gave no example. */
const STAND_INS: Readonly<Record<string, string>> = {
  integer: "1",
  number: "1.5",
  boolean: "true",
  array: "",
  object: "",
}
export const exampleOf = (one: Parameter): string => one.example ?? optionsOf(one)[0] ?? STAND_INS[one.type] ?? one.name

const isSent = (one: Parameter): boolean => one.place === "path" || one.required || one.example !== null

/** Of a call that works as it stands: what is required, and what has an example. */
export const valuesOf = ({ parameters }: Pick<Endpoint, "parameters">): SampleValue[] =>
  parameters.flatMap((one) =>
    one.place === "body" || !isSent(one) || !isSendable(one)
      ? []
      : [{ place: one.place, name: one.name, value: exampleOf(one) }],
  )

/** Others are set by whoever sends: the key, what the body is. */
const OWN_HEADERS = new Set([
  "authorization",
  "content-type",
  "content-length",
  "host",
  "connection",
  "cookie",
  "x-api-key",
])
export const isSendable = ({ place, name }: Pick<Parameter, "place" | "name">): boolean =>
  place !== "header" || (/^[\w!#$%&'*+.^`|~-]+$/.test(name) && !OWN_HEADERS.has(name.toLowerCase()))

/** A value of the type that a field has. */
function typed({ type, ...one }: Parameter): unknown {
  const text = exampleOf({ type, ...one })
  if (type === "string") return text
  const read = jsonOf(text)
  return read === undefined ? (type === "array" ? [] : type === "object" ? {} : text) : read
}

/** From the schema where it has an example, else from the fields. */
export function bodyOf({ bodyType, bodySchema, parameters }: Endpoint): { type: string; text: string } | null {
  const fields = parameters.filter(({ place }) => place === "body")
  if (bodyType === null && bodySchema === null && fields.length === 0) return null
  const type = bodyType ?? "application/json"
  const schema = jsonOf(bodySchema)
  const given = isObject(schema)
    ? (schema.example ?? (Array.isArray(schema.examples) ? schema.examples[0] : undefined))
    : undefined
  if (typeof given === "string" && !/[/+]json$/i.test(type)) return { type, text: given }
  const value = given ?? Object.fromEntries(fields.map((one) => [one.name, typed(one)]))
  if (/urlencoded$/i.test(type) && isObject(value))
    return {
      type,
      text: new URLSearchParams(Object.entries(value).map(([name, one]) => [name, String(one)])).toString(),
    }
  return { type, text: /[/+]json$/i.test(type) ? JSON.stringify(value, null, 2) : "" }
}

export const callOf = (
  { baseUrl }: Pick<Seen, "baseUrl">,
  endpoint: Endpoint,
  key: string = KEY_PLACEHOLDER,
): SampleInput => ({
  method: endpoint.method,
  baseUrl,
  path: endpoint.path,
  values: valuesOf(endpoint),
  body: endpoint.method === "GET" || endpoint.method === "HEAD" ? null : bodyOf(endpoint),
  key,
})

const parameterShown = (one: Parameter): DocParameter => ({
  name: one.name,
  type: optionsOf(one).length > 0 ? `${one.type}, one of ${optionsOf(one).slice(0, 20).join(", ")}` : one.type,
  isRequired: one.required || one.place === "path",
  description: one.description,
  example: one.example,
})

export function endpointShown(seen: Seen, endpoint: Endpoint): EndpointDoc {
  const at = (place: Parameter["place"]) => endpoint.parameters.filter((one) => one.place === place).map(parameterShown)
  const body = bodyOf(endpoint)
  const examples = endpoint.examples.map(({ status, meaning, bodyType, body: text }) => ({
    status,
    meaning,
    type: bodyType,
    body: text,
  }))
  const schema = jsonOf(endpoint.bodySchema)
  return {
    ...linkOf(seen, endpoint),
    description: endpoint.description,
    url: `${seen.baseUrl}${endpoint.path}`,
    parameters: { path: at("path"), query: at("query"), header: at("header") },
    body: body && {
      type: body.type,
      fields: at("body"),
      schema: schema === undefined ? endpoint.bodySchema : JSON.stringify(schema, null, 2),
      example: body.text === "" || body.text === "{}" ? null : body.text,
    },
    success: examples.filter(({ status }) => status < 400),
    errors: examples.filter(({ status }) => status >= 400),
    weight: endpoint.weight,
    price: endpoint.priceNano,
    hasAddresses: hasAddresses(seen.product) || hasAddresses(endpoint),
    limits: limitsOf(seen, endpoint),
    samples: samplesOf(callOf(seen, endpoint)),
  }
}

export const treeOf = (seen: Seen, guides: readonly { publicId: string; title: string }[]): DocsTree => ({
  guides: guides.map(({ publicId, title }) => ({ slug: publicId, title })),
  endpoints: seen.endpoints.map((endpoint) => linkOf(seen, endpoint)),
})
