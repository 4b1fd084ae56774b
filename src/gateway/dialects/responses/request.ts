// A responses request as this house understood it: what decides its price, and the fields that may be sent.
import { bad, isObject, type Json } from "../checks.ts"
import type { Demand } from "../dialect.ts"
import type { Parsed } from "../json.ts"
import { PromptSize } from "../prompt-size.ts"
import type { Reading } from "../reading.ts"
import { tierOf } from "../service-tier.ts"
import { FIELDS, isOff, isOurs, REFUSED } from "./fields.ts"
import { withoutHosted } from "./hosted.ts"
import { withoutNotes } from "./input.ts"

export interface ResponsesRequest extends Demand {
  /** Items of the conversation that it goes on from. */
  history: readonly unknown[]
  /** Set where the answer is to be kept. @returns whether it is */
  keep: ((requestId: string, answer: object) => Promise<boolean>) | null
  /** Set where the answer's items may be named by their ids for a while. */
  remember: ((items: readonly unknown[]) => void) | null
  /** As the caller wrote them, ours left out. */
  fields: Readonly<Json>
  /** The same as JavaScript reads it. */
  plain: Readonly<Json>
}

/** @throws AppError invalid_request naming the parameter */
export function checkResponses({ plain, exact }: Parsed): ResponsesRequest {
  if (!isObject(plain)) throw bad("", "The body must be a JSON object.")
  const reading: Required<Reading> = { size: new PromptSize(), extras: [], groups: [] }
  FIELDS.get("model")!(plain.model, "model", reading)
  const passed: [string, unknown][] = []
  for (const [name, value] of Object.entries(plain)) {
    if (value === null || isOff(name, value)) continue
    readField(name, value, reading)
    const said = (exact as Json)[name]
    if (!isOurs(name)) passed.push([name, name === "input" ? withoutHosted(withoutNotes(said)) : said])
  }
  if (plain.input === undefined || plain.input === null) throw bad("input", "`input` must be text or a list of items.")
  return {
    model: plain.model as string,
    stream: plain.stream === true,
    choices: 1,
    use: "chat",
    maxTokens: (plain.max_output_tokens as number | null | undefined) ?? null,
    thinking: null,
    size: reading.size,
    extras: reading.extras,
    groups: reading.groups,
    ...tierOf(plain),
    history: [],
    keep: null,
    remember: null,
    fields: Object.fromEntries(passed),
    plain: { ...plain, input: withoutHosted(plain.input) },
  }
}

/** What a server of this wire is sent; model, maximum and stream are added there. */
export function fieldsOf({ fields, stream, history }: ResponsesRequest): Json {
  const { stream_options, ...rest } = fields
  const input = history.length === 0 ? fields.input : [...history, ...itemsOf(fields.input)]
  const said = { ...rest, input }
  return stream && stream_options !== undefined ? { ...said, stream_options } : said
}

/** Text alone is a message of the user. */
export const itemsOf = (input: unknown): unknown[] =>
  typeof input === "string" ? [{ type: "message", role: "user", content: input }] : (input as unknown[])

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
