// An endpoint as a tool: its name, what it takes as one JSON Schema, and a call's arguments as the request that a program would send. Pure.
import { AppError, ensure } from "../../app/index.ts"
import type { Definition } from "../../mcp/index.ts"
import type { Endpoint, ParameterRow } from "../catalog/index.ts"
import { PRODUCT_TOOL_LIMITS as L } from "./limits.ts"

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => value !== null && typeof value === "object" && !Array.isArray(value)

/** By what it is called; where two endpoints would be called the same, the later one has its number behind. */
export function namedTools(endpoints: readonly Endpoint[]): Map<string, Endpoint> {
  const tools = new Map<string, Endpoint>()
  for (const endpoint of [...endpoints].sort((a, b) => a.id - b.id)) {
    const words = `${endpoint.method}_${endpoint.path}`.toLowerCase().replace(/[^a-z0-9]+/g, "_")
    const name = words.replace(/^_|_$/g, "").slice(0, L.nameCharsMax)
    const tail = `_${endpoint.id}`
    tools.set(tools.has(name) ? `${name.slice(0, L.nameCharsMax - tail.length)}${tail}` : name, endpoint)
  }
  return tools
}

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"])

export function definitionOf(name: string, endpoint: Endpoint): Definition {
  const { title, method, path, description } = endpoint
  const about = [description || title, `${method} ${path}`, endpoint.deprecated ? "Deprecated." : ""]
  return {
    name,
    title,
    description: about.filter(Boolean).join("\n\n"),
    inputSchema: inputSchemaOf(endpoint),
    annotations: {
      readOnlyHint: READS.has(method),
      // What a publisher's POST does nobody here knows.
      destructiveHint: !READS.has(method),
      idempotentHint: READS.has(method) || method === "PUT" || method === "DELETE",
      openWorldHint: true,
    },
  }
}

interface Argument {
  /** What the tool calls it: its own name, and its place where that would not be one name. */
  key: string
  parameter: ParameterRow
}

const BODY = "body"
/** They say how the answer comes, or who calls: that is ours. */
const OURS: ReadonlySet<string> = new Set(["accept", "authorization", "content-type", "content-length", "host"])

function argumentsOf({ parameters }: Endpoint): Argument[] {
  const taken = new Set<string>([BODY])
  const keyOf = ({ place, name }: ParameterRow): string => {
    const plain = name.replace(/[^\w.-]/g, "_").slice(0, L.argumentCharsMax)
    let key = taken.has(plain) ? `${place}_${plain}`.slice(0, L.argumentCharsMax) : plain
    for (let n = 2; taken.has(key); n++) key = `${place}_${n}`
    taken.add(key)
    return key
  }
  return parameters
    .filter(({ place, name }) => place !== BODY && !(place === "header" && OURS.has(name.toLowerCase())))
    .map((parameter) => ({ key: keyOf(parameter), parameter }))
}

interface BodyTaken {
  type: string
  schema: unknown
  required: boolean
}

/** Null: it takes none. */
function bodyOf({ method, bodyType, bodySchema, parameters }: Endpoint): BodyTaken | null {
  const fields = parameters.filter(({ place }) => place === BODY)
  if (method === "GET" || method === "HEAD") return null
  if (bodyType === null && bodySchema === null && fields.length === 0) return null
  const type = bodyType ?? "application/json"
  const written = parsed(bodySchema)
  const isWritten = isObject(written) || typeof written === "boolean"
  const whole = isWritten ? written : isText(type) ? { type: "string" } : objectOf(fields)
  const required = isWritten || fields.some((field) => field.required)
  return { type, schema: whole, required }
}

const isJson = (type: string): boolean => /[/+]json\b/i.test(type)
const isForm = (type: string): boolean => /urlencoded|multipart\/form-data/i.test(type)
const isText = (type: string): boolean => !isJson(type) && !isForm(type)

const objectOf = (fields: readonly ParameterRow[]): Json => ({
  type: "object",
  properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)])),
  required: fields.filter(({ required }) => required).map(({ name }) => name),
})

function schemaOf({ schema, type, description, example }: ParameterRow): Json {
  const written = parsed(schema)
  const known = isObject(written) ? written : { type }
  return {
    ...known,
    ...(description !== "" ? { description } : {}),
    ...(example !== null && known.examples === undefined ? { examples: [example] } : {}),
  }
}

function inputSchemaOf(endpoint: Endpoint): Json {
  const body = bodyOf(endpoint)
  const args = argumentsOf(endpoint)
  const properties: [string, unknown][] = args.map(({ key, parameter }) => [key, moved(schemaOf(parameter), key)])
  if (body) properties.push([BODY, moved(body.schema, BODY)])
  const required = args.filter(({ parameter }) => parameter.required).map(({ key }) => key)
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: body?.required ? [...required, BODY] : required,
    additionalProperties: false,
  }
}

const DATA: ReadonlySet<string> = new Set(["const", "default", "enum", "example", "examples"])

/** A schema that stood by itself, now under a property: what it refers to within itself is found from there. */
function moved(schema: unknown, key: string): unknown {
  if (Array.isArray(schema)) return schema.map((one) => moved(one, key))
  if (!isObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => {
      if (name === "$ref" && typeof value === "string" && value.startsWith("#"))
        return [name, `#/properties/${key}${value.slice(1)}`]
      return [name, DATA.has(name) && !isObject(value) ? value : moved(value, key)]
    }),
  )
}

function parsed(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** @param base where the product is called, without a slash. @throws AppError invalid_request */
export function requestOf(endpoint: Endpoint, base: string, args: Json, signal: AbortSignal): Request {
  const known = argumentsOf(endpoint)
  const taken = bodyOf(endpoint)
  const strange = Object.keys(args).find((key) => !(key === BODY && taken) && !known.some((one) => one.key === key))
  ensure(strange === undefined, "invalid_request", `This tool takes no argument of this name.`, {
    param: strange ?? "",
  })
  let path = endpoint.path
  const query = new URLSearchParams()
  const headers = new Headers({ accept: "application/json, text/*;q=0.9, */*;q=0.5" })
  for (const { key, parameter } of known) {
    const texts = textsOf(args[key], key)
    ensure(texts.length > 0 || !parameter.required, "invalid_request", `\`${key}\` is needed.`, { param: key })
    if (parameter.place === "path") path = path.replaceAll(`{${parameter.name}}`, encodeURIComponent(texts.join(",")))
    else if (parameter.place === "query") for (const text of texts) query.append(parameter.name, text)
    else if (texts.length > 0) setHeader(headers, parameter.name, texts.join(", "), key)
  }
  // A URL would take them for steps, to another endpoint.
  const isPlain = path.split("/").every((segment) => !/^(\.|%2e){1,2}$/i.test(segment)) && !/[{}]/.test(path)
  ensure(isPlain, "invalid_request", "A value for the path is empty, or is a step up in it.")
  const search = query.size > 0 ? `?${query}` : ""
  const body = args[BODY] === undefined || !taken ? null : bodyText(taken, args[BODY], headers)
  ensure(body !== null || !taken?.required, "invalid_request", "`body` is needed.", { param: BODY })
  return new Request(`${base}${path}${search}`, { method: endpoint.method, headers, body, signal })
}

function setHeader(headers: Headers, name: string, text: string, key: string): void {
  try {
    headers.set(name, text)
  } catch {
    throw new AppError("invalid_request", `\`${key}\` cannot be sent in a header.`, { param: key })
  }
}

/** A list is sent as its values, each by itself (OpenAPI's usual style). @throws AppError invalid_request */
function textsOf(value: unknown, key: string): string[] {
  if (value === undefined || value === null) return []
  const list = Array.isArray(value) ? value : [value]
  ensure(list.length <= L.listMax, "invalid_request", `\`${key}\` has too many values.`, { param: key })
  return list.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).filter((text) => text !== "")
}

function bodyText({ type }: BodyTaken, value: unknown, headers: Headers): string | FormData {
  if (!/multipart/i.test(type)) headers.set("content-type", type)
  if (isJson(type)) return JSON.stringify(value)
  if (isText(type)) return typeof value === "string" ? value : JSON.stringify(value)
  ensure(isObject(value), "invalid_request", "`body` must be an object: the fields of a form.", { param: BODY })
  const form = /multipart/i.test(type) ? new FormData() : new URLSearchParams()
  for (const [name, one] of Object.entries(value)) for (const text of textsOf(one, BODY)) form.append(name, text)
  return form instanceof FormData ? form : form.toString()
}
