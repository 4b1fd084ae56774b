// A messages request as this house understood it: what decides its price, and the fields that may be sent.
import { AppError } from "../../../app/index.ts"
import { unsealed } from "../../providers/index.ts"
import type { AskedGroup } from "../../rounds/types.ts"
import { bad, isObject, type Json } from "../checks.ts"
import type { Demand } from "../dialect.ts"
import type { Parsed } from "../json.ts"
import { PromptSize } from "../prompt-size.ts"
import type { Reading } from "../reading.ts"
import { FIELDS, isOff, isOurs, REFUSED } from "./fields.ts"
import { withoutHosted } from "./hosted.ts"

export interface MessagesRequest extends Demand {
  /** As the caller wrote them, ours left out. */
  fields: Readonly<Json>
  /** The same as JavaScript reads it. */
  plain: Readonly<Json>
  betas: readonly string[]
}

/** @param needsMaximum counting needs none. @throws AppError invalid_request naming the parameter */
export function checkMessages(
  { plain, exact }: Parsed,
  betas: readonly string[],
  needsMaximum = true,
): MessagesRequest {
  if (!isObject(plain)) throw bad("", "The body must be a JSON object.")
  const reading: Reading & { groups: AskedGroup[] } = { size: new PromptSize(), extras: [], groups: [] }
  FIELDS.get("model")!(plain.model, "model", reading)
  const passed: [string, unknown][] = []
  for (const [name, value] of Object.entries(plain)) {
    if (value === null || isOff(name, value)) continue
    readField(name, value, reading)
    const said = (exact as Json)[name]
    if (!isOurs(name)) passed.push([name, name === "messages" ? withoutHosted(said) : said])
  }
  if (!plain.messages) FIELDS.get("messages")!(plain.messages, "messages", reading)
  const maximum = plain.max_tokens as number | null | undefined
  if (needsMaximum && (maximum === undefined || maximum === null)) {
    throw bad("max_tokens", "`max_tokens` is missing: the most output tokens, thinking included.")
  }
  return {
    use: "chat",
    model: plain.model as string,
    stream: plain.stream === true,
    choices: 1,
    maxTokens: maximum ?? null,
    thinking: thinkingOf(plain.thinking),
    size: reading.size,
    extras: reading.extras,
    groups: reading.groups,
    fields: Object.fromEntries(passed),
    plain: { ...plain, messages: withoutHosted(plain.messages) },
    betas,
  }
}

function readField(name: string, value: unknown, reading: Reading): void {
  const refusal = REFUSED.get(name)
  if (name === "thread") throw noThreads(refusal!)
  if (refusal) throw bad(name.slice(0, 200), refusal)
  const check = FIELDS.get(name)
  if (check) {
    check(value, name, reading)
    return
  }
  reading.extras.push({ name, param: name })
  reading.size.text({ [name]: value })
}

/** The SDK's loop of tools asks for a thread by default, and goes on without one when it reads this code. */
const noThreads = (words: string): AppError =>
  new AppError("invalid_request", words, { param: "thread", fields: { code: "thread_unsupported_request" } })

function thinkingOf(thinking: unknown): MessagesRequest["thinking"] {
  const tokens = isObject(thinking) && thinking.type === "enabled" ? (thinking.budget_tokens as number) : 0
  return tokens > 0 ? { tokens, param: "thinking.budget_tokens" } : null
}

/** What a server of this wire is sent; model, maximum and stream are added there, and names of betas become a header. */
export function fieldsOf({ fields, betas }: MessagesRequest): Json {
  return { ...fields, messages: ownThinking(fields.messages as Json[]), anthropic_beta: betas }
}

/** Thinking of other providers' answers, which Anthropic cannot check, is not sent back to it. */
function ownThinking(messages: readonly Json[]): readonly Json[] {
  if (!messages.some(({ content }) => Array.isArray(content) && content.some(isForeign))) return messages
  return messages.flatMap((message) => {
    if (!Array.isArray(message.content)) return [message]
    const content = message.content.filter((block) => !isForeign(block))
    return content.length === 0 ? [] : [{ ...message, content }]
  })
}

function isForeign(block: unknown): boolean {
  const { type, signature, data } = block as Json
  if (type === "thinking") return (signature ?? "") === "" || unsealed(signature as string) !== null
  return type === "redacted_thinking" && unsealed(data as string) !== null
}
