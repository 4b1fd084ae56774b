// One operation of a document as an endpoint: its title, parameters, body and stored answers.
import { tidyName } from "../../../app/index.ts"
import type { Method, ParameterPlace } from "../../types.ts"
import { namesIn } from "../endpoint-rules.ts"
import { CATALOG_LIMITS as C } from "../limits.ts"
import type { EndpointDraft, ExampleDraft, ParameterDraft } from "../types.ts"
import { OPENAPI_LIMITS as L } from "./limits.ts"
import { isObject, type Json, type JsonObject } from "./read.ts"
import { resolved } from "./refs.ts"
import { sampleOf } from "./sample.ts"
import { type SchemaSource, schemaOf, typeOf } from "./schema.ts"

/** Described by the protocol itself, never as parameters (OpenAPI 3, Parameter Object). */
const OF_PROTOCOL = new Set(["accept", "content-type", "authorization"])

const textOf = (value: Json | undefined, charsMax: number): string =>
  typeof value === "string" ? value.slice(0, charsMax).toWellFormed() : ""

export function endpointOf(
  source: SchemaSource,
  { method, path, item, operation }: { method: Method; path: string; item: JsonObject; operation: JsonObject },
): EndpointDraft {
  const where = `${method} ${path}`
  const body = bodyOf(source, where, operation)
  const parameters = [...parametersOf(source, where, path, item, operation), ...body.parameters]
  if (parameters.length > C.parametersMax)
    source.note(`${where}: more than ${C.parametersMax} parameters; the first ones are kept.`)
  return {
    method,
    path,
    title: titleOf(operation, where),
    description: textOf(operation.description, C.descriptionChars),
    deprecated: operation.deprecated === true,
    bodySchema: body.schema,
    bodyType: body.type,
    parameters: parameters.slice(0, C.parametersMax),
    examples: examplesOf(source, operation),
  }
}

function titleOf({ summary, operationId }: JsonObject, where: string): string {
  const id = textOf(operationId, 200)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[_/.-]+/g, " ")
  const title = tidyName(textOf(summary, 300)) || tidyName(id) || where
  return title.slice(0, C.changeTitleChars).toWellFormed().trim()
}

function parametersOf(
  source: SchemaSource,
  where: string,
  path: string,
  item: JsonObject,
  operation: JsonObject,
): ParameterDraft[] {
  const inPath = new Set(namesIn(path))
  const byKey = new Map<string, ParameterDraft>()
  for (const list of [item.parameters, operation.parameters])
    for (const entry of Array.isArray(list) ? list : []) {
      const one = resolved(source.root, entry)
      const draft = one && parameterOf(source, where, one, inPath)
      if (!one) source.note(`${where}: a parameter leads to nothing.`)
      if (draft) byKey.set(`${draft.place} ${draft.place === "header" ? draft.name.toLowerCase() : draft.name}`, draft)
    }
  for (const name of inPath)
    if (!byKey.has(`path ${name}`)) byKey.set(`path ${name}`, { place: "path", name, type: "string", required: true })
  return [...byKey.values()]
}

function parameterOf(
  source: SchemaSource,
  where: string,
  one: JsonObject,
  inPath: ReadonlySet<string>,
): ParameterDraft | null {
  const name = textOf(one.name, C.nameChars + 1)
  const place = one.in
  if (place === "cookie") source.note(`${where}: cookies are not passed on; ${name.slice(0, 40)} is left out.`)
  if (place !== "path" && place !== "query" && place !== "header") return null
  if (place === "header" && OF_PROTOCOL.has(name.toLowerCase())) return null
  const isNamed = name !== "" && name.length <= C.nameChars && !/[\p{Cc}\p{Cs}]/u.test(name)
  const fits = place === "path" ? inPath.has(name) : place === "query" || /^[a-z0-9!#$%&'*+.^_|~-]+$/i.test(name)
  if (!isNamed || !fits) {
    source.note(`${where}: the ${place} parameter “${name.slice(0, 40)}” is left out.`)
    return null
  }
  const content = isObject(one.content) ? Object.values(one.content)[0] : undefined
  const schema = schemaOf(source, one.schema ?? (isObject(content) ? content.schema : undefined))
  const example = one.example ?? firstExample(source, one.examples) ?? exampleIn(schema)
  return {
    ...draftOf(source, `${where}: ${name}`, place, name, schema, one.required === true || place === "path"),
    description: textOf(one.description, C.descriptionChars) || descriptionIn(schema),
    example: exampleText(example),
  }
}

function draftOf(
  source: SchemaSource,
  what: string,
  place: ParameterPlace,
  name: string,
  schema: JsonObject | boolean | null,
  required: boolean,
): ParameterDraft {
  const text =
    isObject(schema) && Object.keys(schema).some((key) => key !== "type" && key !== "description")
      ? JSON.stringify(schema)
      : null
  const isTooLong = text !== null && text.length > C.schemaChars
  if (isTooLong) source.note(`${what}: its schema is too large to be kept.`)
  return { place, name, type: typeOf(schema), required, schema: isTooLong ? null : text }
}

const exampleText = (value: Json | undefined): string | null => {
  if (value === undefined || value === null) return null
  const text = typeof value === "string" ? value : JSON.stringify(value)
  return text.length > C.exampleChars ? null : text.toWellFormed()
}

function exampleIn(schema: JsonObject | boolean | null): Json | undefined {
  if (!isObject(schema)) return undefined
  if (Array.isArray(schema.examples)) return schema.examples[0]
  return schema.default ?? (Array.isArray(schema.enum) ? schema.enum[0] : undefined)
}

const descriptionIn = (schema: JsonObject | boolean | null): string =>
  isObject(schema) ? textOf(schema.description, C.descriptionChars) : ""

/** `examples` of OpenAPI: names with a value each. */
function firstExample(source: SchemaSource, examples: Json | undefined): Json | undefined {
  if (!isObject(examples)) return undefined
  return resolved(source.root, Object.values(examples)[0])?.value
}

const isJsonType = (type: string): boolean => /^application\/(.+\+)?json\b/i.test(type)

/** The media type that is shown: JSON where there is one. */
function mediaOf(content: Json | undefined): { type: string; media: JsonObject } | null {
  if (!isObject(content)) return null
  const all = Object.entries(content).filter((entry): entry is [string, JsonObject] => isObject(entry[1]))
  const [type, media] = all.find(([name]) => isJsonType(name)) ?? all[0] ?? []
  return type !== undefined && media ? { type: type.split(";")[0]!.trim().slice(0, 100), media } : null
}

function bodyOf(
  source: SchemaSource,
  where: string,
  operation: JsonObject,
): { schema: string | null; type: string | null; parameters: ParameterDraft[] } {
  const body = resolved(source.root, operation.requestBody)
  const found = mediaOf(body?.content)
  if (!body || !found) return { schema: null, type: null, parameters: [] }
  const made = schemaOf(source, found.media.schema)
  const example = found.media.example ?? firstExample(source, found.media.examples)
  const schema =
    isObject(made) && example !== undefined && made.examples === undefined ? { ...made, examples: [example] } : made
  const text = schema === null ? null : JSON.stringify(schema)
  const isTooLong = text !== null && text.length > C.schemaChars
  if (isTooLong) source.note(`${where}: the schema of its body is too large to be kept.`)
  const type = /^[\w.+-]+\/[\w.+*-]+$/.test(found.type) ? found.type : null
  return { schema: isTooLong ? null : text, type, parameters: fieldsOf(source, where, schema) }
}

/** What stands at the top of a body, as parameters of it. */
function fieldsOf(source: SchemaSource, where: string, schema: JsonObject | boolean | null): ParameterDraft[] {
  if (!isObject(schema)) return []
  const fields = new Map<string, ParameterDraft>()
  const defs = isObject(schema.$defs) ? schema.$defs : {}
  const take = (one: Json | undefined, steps: number): void => {
    if (!isObject(one) || steps > L.sampleDepthMax) return
    if (typeof one.$ref === "string") take(defs[one.$ref.slice(8)], steps + 1)
    for (const part of Array.isArray(one.allOf) ? one.allOf : []) take(part, steps + 1)
    const required = new Set(Array.isArray(one.required) ? one.required : [])
    for (const [name, field] of Object.entries(isObject(one.properties) ? one.properties : {})) {
      if (name === "" || name.length > C.nameChars || /[\p{Cc}\p{Cs}]/u.test(name)) continue
      const whole = isObject(field) && schema.$defs !== undefined ? { ...field, $defs: defs } : field
      const shown = isObject(whole) ? whole : null
      const draft = draftOf(
        source,
        `${where}: ${name}`,
        "body",
        name,
        isObject(field) ? field : null,
        required.has(name),
      )
      // The body's own schema has it whole.
      const example = exampleText(exampleIn(isObject(field) ? field : null))
      fields.set(name, { ...draft, type: typeOf(shown), schema: null, description: descriptionIn(shown), example })
    }
  }
  take(schema, 0)
  return [...fields.values()]
}

/** `2XX` stands for its first status, `default` for none. */
const statusOf = (key: string): number | null => {
  const range = /^([1-5])XX$/i.exec(key)
  const status = range ? Number(range[1]) * 100 : /^[1-5]\d\d$/.test(key) ? Number(key) : null
  return status
}

function examplesOf(source: SchemaSource, operation: JsonObject): ExampleDraft[] {
  const responses = isObject(operation.responses) ? Object.entries(operation.responses) : []
  const made = responses.flatMap(([key, entry]): ExampleDraft[] => {
    const isOnly = key === "default" && responses.length === 1
    const status = isOnly ? 200 : statusOf(key)
    const response = resolved(source.root, entry)
    if (status === null || !response) return []
    const found = mediaOf(response.content)
    return [{ status, meaning: textOf(response.description, 500), ...answerOf(source, found) }]
  })
  return made.toSorted((a, b) => a.status - b.status).slice(0, C.examplesMax)
}

function answerOf(
  source: SchemaSource,
  found: { type: string; media: JsonObject } | null,
): Pick<ExampleDraft, "body" | "bodyType"> {
  if (!found) return { body: "", bodyType: "" }
  const { type, media } = found
  const given = media.example ?? firstExample(source, media.examples)
  const isJson = isJsonType(type)
  const value = given === undefined && isJson ? sampleOf(schemaOf(source, media.schema)) : given
  if (value === undefined) return { body: "", bodyType: type }
  const text = typeof value === "string" && !isJson ? value : JSON.stringify(value, null, 2)
  return {
    body: text.length > (given === undefined ? L.sampleChars : C.bodyChars) ? "" : text.toWellFormed(),
    bodyType: type,
  }
}
