// Messages and the parts of their content. Text counts wherever it stands; a part is measured as a picture, a recording
// or a document only when it is exactly that. Types nobody here can price are refused.

import { type TSchema, Type as t } from "@sinclair/typebox"
import { GATEWAY_LIMITS } from "../../limits.ts"
import { bad, documented, flag, isObject, type Json, members, objectOf, oneOf, text, words } from "../checks.ts"
import { paperIn } from "../document-tokens.ts"
import { type Picture, pictureSizeIn } from "../picture-tokens.ts"
import { PromptSize } from "../prompt-size.ts"
import { counted, type FieldCheck, field, type Reading, readMembers } from "../reading.ts"
import { ECHOES } from "./echoes.ts"

const ROLES = ["system", "developer", "user", "assistant", "tool", "function"]
/** Not checked here: the provider knows what it wants in it. */
const anything = documented(t.Unknown(), () => {})

/**
 * A mark for the provider's prompt cache, as Anthropic and OpenRouter take it; an hour costs more than five minutes.
 */
const mark = members({ type: oneOf("ephemeral"), ttl: oneOf("5m", "1h") })
export const cacheControl = field(mark.schema, (value, at, { size }) => {
  mark(value, at)
  if ((value as Json).ttl === "1h") size.hasLongCache = true
})

/** Where OpenAI's own cache may end; lifetimes of half a day have a price of their own. */
const breakpoint = members({ mode: oneOf("explicit"), ttl: oneOf("30m") })

const name = counted(text)
/** `format` is LiteLLM's: the media type, which a data URL says itself. */
const PICTURE = { url: text, detail: oneOf("auto", "low", "high", "original"), format: text }
const DOCUMENT = { filename: text, file_data: text, format: text }
const picture = members(PICTURE)
const sound = members({ data: text, format: text })
const file = members(DOCUMENT)
const earlierSound = members({ id: text, expires_at: anything, data: anything, transcript: text })
const parts: Record<string, Record<string, FieldCheck>> = {
  text: { text: counted(text), ...ECHOES },
  refusal: { refusal: counted(text) },
  thinking: { thinking: counted(anything), signature: counted(text), closed: flag },
  image_url: { image_url: field(t.Union([t.String(), objectOf(PICTURE, ["url"])]), image) },
  input_audio: { input_audio: field(sound.schema, audio) },
  file: { file: field(objectOf(DOCUMENT, ["file_data"]), document) },
}
const PARTS = new Map(
  Object.entries(parts).map(([type, own]): [string, Record<string, FieldCheck>] => [
    type,
    {
      type: field(t.Literal(type), () => {}),
      cache_control: cacheControl,
      prompt_cache_breakpoint: field(breakpoint.schema, (value, at) => breakpoint(value, at)),
      ...own,
    },
  ]),
)
const PART_SCHEMAS: TSchema[] = [...PARTS.values()].map((known) => objectOf(known, ["type"]))
const TYPES = [...PARTS.keys()].join(", ")

const MESSAGE: Record<string, FieldCheck> = {
  role: field(words(...ROLES), (value, at) => {
    if (!ROLES.includes(value as string)) throw bad(at, `\`${at}\` must be one of ${ROLES.join(", ")}.`)
  }),
  content: field(t.Union([t.String(), t.Array(t.Union(PART_SCHEMAS))]), content),
  name,
  audio: field(earlierSound.schema, (value, at, { size }) => {
    earlierSound(value, at)
    size.text({ ...(value as Json), data: "" })
    size.earlierAudio(GATEWAY_LIMITS.holdOutputTokensMax)
  }),
  tool_call_id: name,
  tool_calls: counted(anything),
  function_call: counted(anything),
  refusal: name,
  // What answers bring along and SDKs send back with the history.
  annotations: counted(anything),
  reasoning: counted(anything),
  reasoning_content: counted(anything),
  reasoning_details: counted(anything),
  thinking_blocks: counted(anything),
  provider_specific_fields: counted(anything),
  extra_content: counted(anything),
  parsed: counted(anything),
  // Tools that ran here, and why they ended: told once, and not sent.
  mcp_calls: field(anything.schema, () => {}),
  mcp_stopped: field(anything.schema, () => {}),
  // DeepSeek and Mistral: the answer goes on from here.
  prefix: flag,
  cache_control: cacheControl,
}

export const messages = field(t.Array(objectOf(MESSAGE, ["role"]), { minItems: 1 }), (value, at, reading) => {
  if (!Array.isArray(value) || value.length === 0) throw bad(at, `\`${at}\` must be a list with one or more messages.`)
  // Role, separators and what frames the whole.
  reading.size.text(Array(value.length).fill(""))
  for (const [index, message] of value.entries()) {
    const here = `${at}[${index}]`
    if (!isObject(message)) throw bad(here, `\`${here}\` must be an object.`)
    MESSAGE.role!(message.role, `${here}.role`, reading)
    readMembers(MESSAGE, message, here, at, reading)
  }
})

/** What these messages come to for a model, for whoever has no request around them. */
export function messageTokens(value: unknown, model: string, contextWindow: number | null): number {
  const size = new PromptSize()
  messages(value, "messages", { size, extras: [] })
  return size.fairFor(model, contextWindow)
}

function content(value: unknown, at: string, reading: Reading): void {
  if (typeof value === "string") {
    reading.size.text(value)
    return
  }
  if (!Array.isArray(value)) throw bad(at, `\`${at}\` must be text or a list of parts.`)
  for (const [index, part] of value.entries()) {
    const here = `${at}[${index}]`
    if (!isObject(part)) throw bad(here, `\`${here}\` must be an object with a \`type\`.`)
    const known = typeof part.type === "string" ? PARTS.get(part.type) : undefined
    if (!known) throw bad(`${here}.type`, `\`${here}.type\` must be one of ${TYPES}.`)
    reading.size.text("")
    readMembers(known, part, here, "messages.content", reading)
  }
}

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.-]+)*;base64,/i

/** `{ url, detail }`, or the address alone as some servers take it. */
function image(value: unknown, at: string, { size }: Reading): void {
  const given = typeof value === "string" ? { url: value } : value
  picture(given, at)
  const { url, detail } = given as { url?: string | null; detail?: string | null }
  const where = typeof value === "string" ? at : `${at}.url`
  if (!url) throw bad(where, `\`${where}\` must be an https address or a data URL of a picture.`)
  const type = DATA_URL.exec(url.slice(0, 200))?.[1]?.toLowerCase()
  const looked = { detail: (detail ?? "auto") as Picture["detail"] }
  if (type === "application/pdf") size.document(paperIn(url.slice(url.indexOf(",") + 1)))
  else if (type?.startsWith("image/")) size.image({ ...looked, size: pictureSizeIn(url.slice(url.indexOf(",") + 1)) })
  else if (/^https?:\/\//i.test(url)) {
    size.text(url)
    size.image({ ...looked, size: null })
  } else throw bad(where, `\`${where}\` must be an https address or a data URL of a picture.`)
}

function audio(value: unknown, at: string, { size }: Reading): void {
  sound(value, at)
  const { data, format } = value as { data?: string | null; format?: string | null }
  size.text(format ?? "")
  size.audio(data?.length ?? 0)
}

/** Named by an id, a file's size is nobody's to know, and it would lie in the operator's account. */
function document(value: unknown, at: string, { size }: Reading): void {
  if (isObject(value) && typeof value.file_id === "string") {
    throw bad(`${at}.file_id`, `Uploaded files are not offered here. Send the file itself as \`${at}.file_data\`.`)
  }
  file(value, at)
  const { file_data: data, ...rest } = value as { file_data?: string }
  if (!data) throw bad(`${at}.file_data`, `\`${at}.file_data\` must be a data URL with the file.`)
  size.text(rest)
  const type = DATA_URL.exec(data.slice(0, 200))?.[1]?.toLowerCase() ?? "application/pdf"
  if (type.startsWith("text/")) size.text(Buffer.from(data.slice(data.indexOf(",") + 1), "base64").toString("utf8"))
  else size.document(paperIn(data.slice(data.indexOf(",") + 1)))
}
