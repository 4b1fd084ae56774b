// A responses request as this house understood it: what decides its price, and the fields that may be sent.
import { bad, isObject, type Json } from "../checks.ts"
import type { Demand } from "../dialect.ts"
import type { Parsed } from "../json.ts"
import { PromptSize } from "../prompt-size.ts"
import type { Reading } from "../reading.ts"
import { tierOf } from "../service-tier.ts"
import { FIELDS, isOff, isOurs, REFUSED } from "./fields.ts"

export interface ResponsesRequest extends Demand {
  /** As the caller wrote them, ours left out. */
  fields: Readonly<Json>
  /** The same as JavaScript reads it. */
  plain: Readonly<Json>
}

/** @throws AppError invalid_request naming the parameter */
export function checkResponses({ plain, exact }: Parsed): ResponsesRequest {
  if (!isObject(plain)) throw bad("", "The body must be a JSON object.")
  const reading: Reading = { size: new PromptSize(), extras: [] }
  FIELDS.get("model")!(plain.model, "model", reading)
  const passed: [string, unknown][] = []
  for (const [name, value] of Object.entries(plain)) {
    if (value === null || isOff(name, value)) continue
    readField(name, value, reading)
    if (!isOurs(name)) passed.push([name, (exact as Json)[name]])
  }
  if (plain.input === undefined || plain.input === null) throw bad("input", "`input` must be text or a list of items.")
  refuseKeeping(plain)
  return {
    model: plain.model as string,
    stream: plain.stream === true,
    choices: 1,
    use: "chat",
    maxTokens: (plain.max_output_tokens as number | null | undefined) ?? null,
    thinking: null,
    size: reading.size,
    extras: reading.extras,
    ...tierOf(plain),
    fields: Object.fromEntries(passed),
    plain,
  }
}

function refuseKeeping({ store, previous_response_id: previous }: Json): void {
  if (store === true) throw bad("store", "`store` must be false here: answers are not kept.")
  if (previous !== undefined && previous !== null) {
    throw bad("previous_response_id", "Answers are not kept here. Send the conversation so far as `input`.")
  }
}

/** What a server of this wire is sent; model, maximum and stream are added there. */
export function fieldsOf({ fields, stream }: ResponsesRequest): Json {
  const { stream_options: _, ...rest } = fields
  return stream ? { ...fields } : rest
}

function readField(name: string, value: unknown, reading: Reading): void {
  const refusal = REFUSED.get(name)
  if (refusal) throw bad(name.slice(0, 200), refusal)
  const check = FIELDS.get(name)
  if (check) {
    check(value, name, reading)
    return
  }
  reading.extras.push({ name, param: name })
  reading.size.text({ [name]: value })
}
