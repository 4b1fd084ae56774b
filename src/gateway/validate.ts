// Checks the body of POST /v1/chat/completions. Only what decides price, routing and framing is checked here; the
// upstream knows the rest. Parameters that cost money nobody has priced are refused, never passed on.
import { AppError } from "../app/index.ts"
import { GATEWAY_LIMITS } from "./limits.ts"

/** A checked body; unknown members travel on untouched. */
export interface ChatBody {
  model: string
  messages: Record<string, unknown>[]
  stream?: boolean | null
  stream_options?: { include_usage?: boolean } | null
  max_tokens?: number | null
  max_completion_tokens?: number | null
  n?: number | null
  [other: string]: unknown
}

const ROLES = new Set(["system", "developer", "user", "assistant", "tool", "function"])

/** @throws AppError invalid_request naming the parameter */
export function checkChat(body: unknown): ChatBody {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw bad("", "The body must be a JSON object.")
  const chat = body as ChatBody
  if (typeof chat.model !== "string" || chat.model === "" || chat.model.length > GATEWAY_LIMITS.modelCharsMax) {
    throw bad("model", "`model` must be the name of a model. GET /v1/models lists them.")
  }
  checkMessages(chat.messages)
  optionalBoolean(chat, "stream")
  optionalInteger(chat, "max_tokens", 1, Number.MAX_SAFE_INTEGER)
  optionalInteger(chat, "max_completion_tokens", 1, Number.MAX_SAFE_INTEGER)
  optionalInteger(chat, "n", 1, GATEWAY_LIMITS.choicesMax)
  optionalNumber(chat, "temperature", 0, 2)
  optionalNumber(chat, "top_p", 0, 1)
  checkStreamOptions(chat.stream_options)
  checkTools(chat.tools)
  checkUnpriced(chat)
  return chat
}

/** Most output tokens the caller allows in all choices together; null = not said. */
export function outputTokensAsked(body: ChatBody): number | null {
  return body.max_completion_tokens ?? body.max_tokens ?? null
}

function checkMessages(messages: unknown): void {
  if (!Array.isArray(messages) || messages.length === 0)
    throw bad("messages", "`messages` must be a list with one or more messages.")
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at] as Record<string, unknown> | null
    if (typeof message !== "object" || message === null)
      throw bad(`messages[${at}]`, `\`messages[${at}]\` must be an object.`)
    if (typeof message.role !== "string" || !ROLES.has(message.role)) {
      throw bad(`messages[${at}].role`, `\`messages[${at}].role\` must be one of ${[...ROLES].join(", ")}.`)
    }
    const content = message.content
    if (typeof content === "string" || content === null || content === undefined) continue
    if (!Array.isArray(content))
      throw bad(`messages[${at}].content`, `\`messages[${at}].content\` must be text or a list of parts.`)
  }
}

function checkStreamOptions(options: unknown): void {
  if (options === undefined || options === null) return
  if (typeof options !== "object" || Array.isArray(options))
    throw bad("stream_options", "`stream_options` must be an object.")
  const include = (options as Record<string, unknown>).include_usage
  if (include !== undefined && include !== null && typeof include !== "boolean") {
    throw bad("stream_options.include_usage", "`stream_options.include_usage` must be true or false.")
  }
}

function checkTools(tools: unknown): void {
  if (tools !== undefined && tools !== null && !Array.isArray(tools)) throw bad("tools", "`tools` must be a list.")
}

/** What providers bill beside tokens, or at another rate. */
function checkUnpriced(body: ChatBody): void {
  if (body.web_search_options !== undefined && body.web_search_options !== null) {
    throw bad("web_search_options", "Web search is not offered here. Leave `web_search_options` out.")
  }
  const tier = body.service_tier
  if (tier !== undefined && tier !== null && tier !== "auto" && tier !== "default") {
    throw bad("service_tier", "`service_tier` must be auto or default here.")
  }
}

function optionalBoolean(body: ChatBody, name: string): void {
  const value = body[name]
  if (value !== undefined && value !== null && typeof value !== "boolean")
    throw bad(name, `\`${name}\` must be true or false.`)
}

function optionalInteger(body: ChatBody, name: string, min: number, max: number): void {
  const value = body[name]
  if (value === undefined || value === null) return
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`
    throw bad(name, `\`${name}\` must be a whole number, ${range}.`)
  }
}

function optionalNumber(body: ChatBody, name: string, min: number, max: number): void {
  const value = body[name]
  if (value === undefined || value === null) return
  if (typeof value !== "number" || value < min || value > max)
    throw bad(name, `\`${name}\` must be a number from ${min} to ${max}.`)
}

const bad = (param: string, message: string): AppError =>
  new AppError("invalid_request", message, param === "" ? {} : { param })
