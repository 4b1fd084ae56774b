// A chat request as this house understood it: what decides its price, and the fields that may be sent. What is sent is
// rebuilt from them, with the model, the maximum and the number of choices that were priced and held.
import { bad, isObject, type Json } from "../checks.ts"
import type { Demand } from "../dialect.ts"
import type { Parsed } from "../json.ts"
import { PromptSize } from "../prompt-size.ts"
import type { Reading } from "../reading.ts"
import { tierOf } from "../service-tier.ts"
import { withoutEchoes } from "./echoes.ts"
import { FIELDS, isOurs, REFUSED } from "./fields.ts"

export interface ChatRequest extends Demand {
  streamOptions: Json
  /** As the caller wrote them, ours left out. */
  fields: Readonly<Json>
  /** The same as JavaScript reads it. */
  plain: Readonly<Json>
}

/** @throws AppError invalid_request naming the parameter */
export function checkChat(parsed: Parsed): ChatRequest {
  if (!isObject(parsed.plain)) throw bad("", "The body must be a JSON object.")
  const checked = read(parsed.plain, parsed.exact as Json)
  const { plain, fields } = checked
  const messages = withoutEchoes(plain.messages)
  if (messages === plain.messages) return checked
  return { ...checked, plain: { ...plain, messages }, fields: { ...fields, messages: withoutEchoes(fields.messages) } }
}

function read(plain: Json, exact: Json): ChatRequest {
  const reading: Required<Reading> = { size: new PromptSize(), extras: [], groups: [] }
  FIELDS.get("model")!(plain.model, "model", reading)
  const passed: [string, unknown][] = []
  for (const [name, value] of Object.entries(plain)) {
    if (value === null || isOff(name, value)) continue
    readField(name, value, reading)
    if (!isOurs(name)) passed.push([name, exact[name]])
  }
  if (!plain.messages) FIELDS.get("messages")!(plain.messages, "messages", reading)
  const given = [plain.max_completion_tokens, plain.max_tokens].filter((max) => typeof max === "number")
  return {
    use: "chat",
    model: plain.model as string,
    stream: plain.stream === true,
    // Given in both spellings, the smaller holds: nobody then gets, or pays for, more than either says.
    maxTokens: given.length === 0 ? null : Math.min(...given),
    thinking: thinkingOf(plain),
    choices: (plain.n as number | null | undefined) ?? 1,
    size: reading.size,
    extras: reading.extras,
    groups: reading.groups,
    ...tierOf(plain),
    streamOptions: isObject(plain.stream_options) ? plain.stream_options : {},
    fields: Object.fromEntries(passed),
    plain,
  }
}

/** What a server of this wire is sent; model and maximum are added there. */
export const fieldsOf = ({ fields, choices, stream, streamOptions }: ChatRequest): Json => ({
  ...fields,
  ...(choices > 1 ? { n: choices } : {}),
  ...(stream ? { stream_options: streamOptions } : {}),
})

/** Clients that know a provider's every switch send it turned off; what is off is left out. */
const isOff = (name: string, value: unknown): boolean =>
  REFUSED.has(name) && (value === false || (Array.isArray(value) && value.length === 0))

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

/** The budget in whichever of the spellings; the largest when there are several. */
function thinkingOf(body: Json): ChatRequest["thinking"] {
  const { reasoning, thinking } = body
  const budgets: [string, unknown][] = [
    ["reasoning.max_tokens", isObject(reasoning) ? reasoning.max_tokens : null],
    ["thinking.budget_tokens", isObject(thinking) ? thinking.budget_tokens : null],
    ["thinking_budget", body.thinking_budget],
  ]
  let most: ChatRequest["thinking"] = null
  for (const [param, tokens] of budgets) {
    if (typeof tokens === "number" && tokens > (most?.tokens ?? 0)) most = { tokens, param }
  }
  return most
}
