// Whether a call fits the parameters of its endpoint, in words for whoever sent it. Pure.
import type { ParameterRow } from "../offer.ts"
import { misfitOf } from "./schema.ts"

export interface Given {
  parameters: readonly ParameterRow[]
  bodySchema: string | null
  bodyType: string | null
  /** Of the path, decoded. */
  values: Readonly<Record<string, string>>
  query: string
  headers: Headers
  bytes: Uint8Array | null
}

export interface Problem {
  param: string
  words: string
}

export function problemOf(given: Given): Problem | null {
  const query = new URLSearchParams(given.query)
  for (const parameter of given.parameters) {
    const problem = parameterProblem(parameter, textsOf(parameter, given, query))
    if (problem) return { param: parameter.name, words: problem }
  }
  return bodyProblem(given)
}

function textsOf({ place, name }: ParameterRow, { values, headers }: Given, query: URLSearchParams): string[] | null {
  if (place === "body") return null
  if (place === "query") return query.getAll(name)
  const text = place === "path" ? values[name] : headers.get(name)
  return text == null ? [] : [text]
}

const PLACES = { path: "the path", query: "the query", header: "the headers", body: "the body" } as const

/** @param texts null = it stands in the body, which is looked at as a whole */
function parameterProblem(
  { place, name, type, required, schema }: ParameterRow,
  texts: string[] | null,
): string | null {
  if (texts === null) return null
  if (texts.length === 0) return required ? `\`${name}\` is missing in ${PLACES[place]}.` : null
  const read = parsed(schema) ?? { type }
  const kind = typeof read === "object" && read !== null && "type" in read ? read.type : type
  // Lists are written in many ways (OpenAPI `style`): their server reads them.
  if (kind === "array" || kind === "object" || typeof kind !== "string") return null
  const wrong = misfitOf(read, valueOfText(texts[0]!, kind), name)
  return wrong && `${wrong}, in ${PLACES[place]}.`
}

/** Text of a URL as what it should be; what it cannot be stays text, which then does not fit. */
function valueOfText(text: string, type: string): unknown {
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text
  if (type !== "number" && type !== "integer") return text
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : text
}

function parsed(schema: string | null): unknown {
  if (schema === null) return null
  try {
    return JSON.parse(schema)
  } catch {
    return null
  }
}

const isJson = (type: string): boolean => /^application\/([\w.+-]+\+)?json\b/i.test(type)

function bodyProblem({ parameters, bodySchema, bodyType, headers, bytes }: Given): Problem | null {
  const required = parameters.find(({ place, required }) => place === "body" && required)
  if (bytes === null || bytes.length === 0) {
    if (!required) return null
    return { param: required.name, words: "This endpoint needs a body." }
  }
  const sent = headers.get("content-type") ?? ""
  if (bodyType !== null && isJson(bodyType) && sent !== "" && !isJson(sent))
    return { param: "content-type", words: `Send the body as ${bodyType}.` }
  if (bodySchema === null || !isJson(bodyType ?? sent) || headers.has("content-encoding")) return null
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    return { param: "body", words: "The body is not valid JSON. Check quotes, commas and brackets." }
  }
  const wrong = misfitOf(parsed(bodySchema), value)
  return wrong === null ? null : { param: "body", words: `${wrong}, in the body.` }
}
