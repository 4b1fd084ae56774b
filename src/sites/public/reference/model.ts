// From the document to what the reference shows. Pure; the pages keep what they made, for the document does not change while a server runs.
import type {
  ReferenceAccess,
  ReferenceAnswer,
  ReferenceField,
  ReferenceGroup,
  ReferenceLink,
  ReferenceOperation,
  ReferenceRefusal,
} from "../../../../views/public/reference/index.ts"
import type { TreeNode } from "../../../../views/ui/index.ts"
import { AppError, type ErrorCode } from "../../../app/index.ts"
import { errorHeaders } from "../../../http/index.ts"
import { codeSamplesOf } from "../../base/index.ts"
import { type Answer, type ApiDocument, addressOf, type Json, type Named, operationsOf } from "./document.ts"
import { resolved, typeOf, variantsOf } from "./fields.ts"

/** What people call the ways to prove who asks, in the order in which a program would choose. */
const WAYS: Readonly<Record<string, string>> = {
  accessToken: "Access token or API key",
  apiKey: "API key",
  adminKey: "API key of an admin",
  apiKeyHeader: "Header x-api-key",
  consoleSession: "Session of the console",
}

export const linkOf = (operation: Named): ReferenceLink => ({
  href: addressOf(operation),
  method: operation.method,
  path: operation.path,
  summary: operation.summary,
})

/** Permissions are named with the key that has them; the form token comes with the session. */
export function accessOf({ security }: Pick<Named, "security">, { components }: ApiDocument): ReferenceAccess[] {
  const scopes = new Map<string, string[]>()
  for (const way of security) {
    for (const [name, needed] of Object.entries(way)) scopes.set(name, [...(scopes.get(name) ?? []), ...needed])
  }
  return Object.keys(WAYS).flatMap((name) => {
    const needed = scopes.get(name)
    if (!needed) return []
    const { description = "" } = components.securitySchemes[name] ?? {}
    const token = name === "consoleSession" && scopes.has("csrf") ? ", with the form token in `x-csrf-token`" : ""
    return [{ name: nameOf(name, scopes), text: `${description}${token}.`, scopes: [...new Set(needed)] }]
  })
}

/** Beside a key of its own kind, an access token is a first-party app's. */
const nameOf = (name: string, scopes: ReadonlyMap<string, unknown>): string =>
  name === "accessToken" && scopes.has("apiKey") ? "Access token of a first-party app" : WAYS[name]!

/** By the registry, in the order of statuses. */
export function refusalOf(code: string, status?: number): ReferenceRefusal {
  const error = new AppError(code as ErrorCode, "")
  const retry = errorHeaders(error)["x-should-retry"] === "true"
  return { code, status: status ?? error.status, title: error.kind.title, retry }
}

const refusalsOf = ({ responses }: Pick<Named, "responses">): ReferenceRefusal[] =>
  Object.entries(responses).flatMap(([status, answer]) =>
    (answer["x-error-codes"] ?? []).map((code) => refusalOf(code, Number(status))),
  )

/** Every code that an operation of the document names. */
export function allRefusals(document: ApiDocument): ReferenceRefusal[] {
  const codes = operationsOf(document).flatMap((operation) => refusalsOf(operation).map(({ code }) => code))
  return [...new Set(codes)].map((code) => refusalOf(code)).toSorted((a, b) => a.status - b.status)
}

const ENVELOPES: Readonly<Record<string, string>> = {
  Error: "In OpenAI’s envelope: `error.code` is what programs decide by.",
  AnthropicError: "In Anthropic’s envelope: `error.details.error_code` is what programs decide by.",
  Problem: "As `application/problem+json` (RFC 9457): `code` is what programs decide by.",
}

function envelopeOf({ responses }: Pick<Named, "responses">): string {
  const refused = Object.entries(responses).find(([status]) => !status.startsWith("2"))?.[1]
  const schema = Object.values(refused?.content ?? {})[0]?.schema
  return (
    ENVELOPES[
      String(schema?.$ref ?? "")
        .split("/")
        .at(-1)!
    ] ?? ""
  )
}

/** The example of a body with a model that answers here; undefined: it has none. */
export const bodyOf = (named: Named, model: string): unknown =>
  withModel(named.requestBody?.content["application/json"]?.example, named.path, model)

export function operationOf(named: Named, document: ApiDocument, model: string): ReferenceOperation {
  const { schemas } = document.components
  const { "application/json": json, "multipart/form-data": form } = named.requestBody?.content ?? {}
  const media = json ?? form
  const bodySchema = media?.schema ? resolved(media.schema, { schemas }) : null
  const call = {
    ...named,
    origin: document.servers[0]!.url,
    body: withModel(media?.example, named.path, model),
    isForm: !json && form !== undefined,
  }
  return {
    ...linkOf(named),
    operationId: named.operationId,
    group: named.tags[0] ?? "",
    text: named.description === named.summary ? "" : (named.description ?? ""),
    access: accessOf(named, document),
    parameters: (named.parameters ?? []).map((one) => ({
      ...fieldOf({ ...one, required: one.required ?? false }, schemas),
      at: one.in,
    })),
    body: bodySchema && {
      text: typeof bodySchema.description === "string" ? `${bodySchema.description.replace(/\.$/, "")}.` : "",
      type: typeOf(bodySchema, { schemas, way: "sent" }),
      variants: variantsOf(bodySchema, { schemas, way: "sent" }),
      isClosed: bodySchema.additionalProperties === false,
    },
    answers: Object.entries(named.responses).flatMap(([status, answer]) =>
      status.startsWith("2") ? answersOf(status, answer, schemas) : [],
    ),
    refusals: refusalsOf(named),
    envelope: envelopeOf(named),
    calls: codeSamplesOf(call),
  }
}

/** A model that answers on this server, in the place of the document's. */
function withModel(example: unknown, path: string, model: string): unknown {
  const isOurs = path.startsWith("/v1/") && typeof example === "object" && example !== null && "model" in example
  return isOurs ? { ...example, model } : example
}

interface Said {
  name: string
  description?: string | undefined
  schema?: Json | undefined
  required: boolean
}

/** A parameter or a header as a field. */
function fieldOf(
  { name, schema, required, description }: Said,
  schemas: Readonly<Record<string, Json>>,
): ReferenceField {
  const properties = { [name]: { ...schema, ...(description === undefined ? {} : { description }) } }
  const [one] = variantsOf({ type: "object", properties, required: required ? [name] : [] }, { schemas, way: "sent" })
  return one!.fields[0]!
}

function answersOf(status: string, answer: Answer, schemas: Readonly<Record<string, Json>>): ReferenceAnswer[] {
  const headers = Object.entries(answer.headers ?? {}).map(([name, one]) =>
    fieldOf({ ...one, name, required: false }, schemas),
  )
  return Object.entries(answer.content ?? {}).map(([type, { schema = {}, example }], index) => ({
    status,
    type,
    text:
      index === 0 ? `${answer.description.replace(/\.$/, "")}.` : "With `stream: true`: events, one after the other.",
    variants: variantsOf(schema, { schemas, way: "read" }),
    headers: index === 0 ? headers : [],
    example: example === undefined ? "" : typeof example === "string" ? example : JSON.stringify(example, null, 2),
    language: type === "application/json" ? ("json" as const) : ("http" as const),
  }))
}

const wordsOf = ({ method, path, operationId, summary }: Named): string => `${summary} ${method} ${path} ${operationId}`

/** Those in which every word of a search stands. */
export function matching(operations: readonly Named[], query: string): readonly Named[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return operations.filter((one) => {
    const said = `${wordsOf(one)} ${one.tags.join(" ")}`.toLowerCase()
    return words.every((word) => said.includes(word))
  })
}

export function groupsOf(operations: readonly Named[], { tags }: Pick<ApiDocument, "tags">): ReferenceGroup[] {
  return tags.flatMap(({ name, description = "" }) => {
    const inside = operations.filter((one) => one.tags[0] === name)
    return inside.length === 0 ? [] : [{ name, text: description, operations: inside.map(linkOf) }]
  })
}

/** Many of them are an admin's: those are parted by what they are about. */
export function treeOf(
  operations: readonly Named[],
  { tags }: Pick<ApiDocument, "tags">,
  current: string | null,
): TreeNode[] {
  const leafOf = (one: Named): TreeNode => ({
    label: one.summary,
    href: addressOf(one),
    current: one.operationId === current,
    words: wordsOf(one),
  })
  return tags.flatMap(({ name }): TreeNode[] => {
    const inside = operations.filter((one) => one.tags[0] === name)
    if (inside.length === 0) return []
    if (name !== "Admin") return [{ label: name, children: inside.map(leafOf) }]
    const parts = Map.groupBy(inside, ({ path }) => path.split("/")[4] ?? "")
    const children = [...parts].map(([part, each]) => ({ label: titled(part), children: each.map(leafOf) }))
    return [{ label: name, children }]
  })
}

const titled = (part: string): string => part.charAt(0).toUpperCase() + part.slice(1)
