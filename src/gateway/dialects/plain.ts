// Routes of one wire: pictures, embeddings, moderation, ranking. Fields are told to it as they were written, and its answers as they came.
import { Type as t } from "@sinclair/typebox"
import { readJsonText } from "../../http/index.ts"
import { v1Error } from "../envelope.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { Frame } from "../providers/index.ts"
import { bad, isObject, type Json } from "./checks.ts"
import type { Demand, Dialect } from "./dialect.ts"
import { type Parsed, parseJson } from "./json.ts"
import { PromptSize } from "./prompt-size.ts"
import { type FieldCheck, field, type Reading } from "./reading.ts"

export const modelField = field(t.String({ minLength: 1, maxLength: GATEWAY_LIMITS.modelCharsMax }), (value, at) => {
  if (typeof value !== "string" || value === "" || value.length > GATEWAY_LIMITS.modelCharsMax) {
    throw bad(at, `\`${at}\` must be the name of a model. GET /v1/models lists them.`)
  }
})

interface Plain {
  plain: Json
  reading: Reading
  /** As the caller wrote them, without model and stream. */
  fields: Readonly<Json>
}

/** @throws AppError invalid_request naming the parameter */
export function readPlain(
  { plain, exact }: Parsed,
  known: ReadonlyMap<string, FieldCheck>,
  required: readonly string[],
): Plain {
  if (!isObject(plain)) throw bad("", "The body must be a JSON object.")
  const reading: Reading = { size: new PromptSize(), extras: [] }
  for (const name of required) known.get(name)!(plain[name], name, { size: new PromptSize(), extras: [] })
  const passed: [string, unknown][] = []
  for (const [name, value] of Object.entries(plain)) {
    if (value === null) continue
    const check = known.get(name)
    if (check) check(value, name, reading)
    else reading.extras.push({ name, param: name })
    if (name !== "model" && name !== "stream") passed.push([name, (exact as Json)[name]])
  }
  return { plain, reading, fields: Object.fromEntries(passed) }
}

export interface PlainQuestion extends Demand {
  /** As the caller wrote them, without model and stream. */
  fields: Readonly<Json>
}

/** What differs from route to route. */
type PlainParts<Q extends PlainQuestion> = Pick<Dialect<Q>, "name" | "endpoint" | "scope"> & {
  /** The field that is the prompt, for errors. */
  prompt: string
  /** What a model of another kind does not do: "makes no pictures". */
  lacks: string
  check(parsed: Parsed): Q
} & Partial<Pick<Dialect<Q>, "params" | "framer" | "whole">>

/** A dialect whose questions no other wire is asked. */
export function plainDialect<Q extends PlainQuestion>({ prompt, lacks, check, ...own }: PlainParts<Q>): Dialect<Q> {
  const unsaid = (): never => {
    throw bad("model", `This model ${lacks}. GET /v1/models lists those that do.`)
  }
  return {
    params: { prompt, most: () => prompt },
    estimate: (question) => question,
    fields: ({ fields }) => fields,
    conversation: unsaid,
    framer: unsaid,
    whole: (_, { raw }) => rawOf(raw).data,
    error: v1Error,
    ...own,
    check: async (request, owner) => check(parseJson(await readJsonText(request, { owner }))),
  }
}

/** @throws Error where a provider told it otherwise */
export function rawOf(raw: Frame["raw"]): NonNullable<Frame["raw"]> {
  if (!raw) throw new Error("a route of one wire is answered in that wire")
  return raw
}
