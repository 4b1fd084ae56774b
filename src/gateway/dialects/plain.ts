// Bodies whose fields are told to a wire of the same name as they were written: pictures, moderation, ranking. One table checks them.

import { Type as t } from "@sinclair/typebox"
import { GATEWAY_LIMITS } from "../limits.ts"
import { bad, isObject, type Json } from "./checks.ts"
import type { Parsed } from "./json.ts"
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
