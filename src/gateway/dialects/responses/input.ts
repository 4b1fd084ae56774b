// `input`: text, or the items of a conversation so far. Text counts wherever it stands; a part is measured as a picture or a document
// only when it is exactly that. Items that only a provider's store or a provider's own tools could read are refused.
import { type TSchema, Type as t } from "@sinclair/typebox"
import { bad, documented, flag, isObject, type Json, members, objectOf, oneOf, text, words } from "../checks.ts"
import { paperIn } from "../document-tokens.ts"
import { type Picture, pictureSizeIn } from "../picture-tokens.ts"
import { counted, type FieldCheck, field, type Reading, readMembers } from "../reading.ts"
import { laterTools } from "./tools.ts"

const anything = documented(t.Unknown(), () => {})
/** Anything but null, which counts as left out. */
const given = documented(
  t.Union([t.Object({}, { additionalProperties: true }), t.Array(t.Unknown()), t.String(), t.Number(), t.Boolean()]),
  () => {},
)
const status = oneOf("in_progress", "completed", "incomplete")
const literal = (type: string): FieldCheck => field(t.Literal(type), () => {})
/** Where the provider's cache may end. Lifetimes of half a day have a price of their own. */
export const breakpoint = members({ mode: oneOf("explicit"), ttl: oneOf("30m") })
const DETAILS = ["auto", "low", "high", "original"]

type Known = Record<string, FieldCheck>
const PARTS: Readonly<
  Record<string, { known: Known; required: string[]; read?(part: Json, at: string, reading: Reading): void }>
> = {
  input_text: { known: { text: counted(text), prompt_cache_breakpoint: breakpoint }, required: ["text"] },
  input_image: {
    known: {
      image_url: field(text.schema, image),
      detail: oneOf(...DETAILS),
      prompt_cache_breakpoint: breakpoint,
    },
    required: ["image_url"],
    read: measureImage,
  },
  input_file: {
    known: {
      file_data: field(text.schema, fileData),
      file_url: field(text.schema, fileUrl),
      filename: counted(text),
      detail: oneOf("auto", "low", "high"),
      prompt_cache_breakpoint: breakpoint,
    },
    required: [],
    read(part, at) {
      if (!part.file_data && !part.file_url) throw bad(at, `\`${at}\` needs \`file_data\` or \`file_url\`.`)
    },
  },
  output_text: {
    known: { text: counted(text), annotations: counted(anything), logprobs: anything, parsed: anything },
    required: ["text"],
  },
  refusal: { known: { refusal: counted(text) }, required: ["refusal"] },
}
const GIVEN = ["input_text", "input_image", "input_file"]
const SAID = [...GIVEN, "output_text", "refusal"]

const partSchema = (type: string): TSchema =>
  objectOf({ type: literal(type), ...PARTS[type]!.known }, ["type", ...PARTS[type]!.required])
const contentSchema = (types: readonly string[]): TSchema =>
  t.Union([t.String(), t.Array(t.Union(types.map(partSchema)))])

/** Text, or a list of these parts. */
const contentOf = (types: readonly string[]): FieldCheck =>
  field(contentSchema(types), (value, at, reading) => {
    if (typeof value === "string") reading.size.text(value)
    else if (!Array.isArray(value)) throw bad(at, `\`${at}\` must be text or a list of parts.`)
    else for (const [index, part] of value.entries()) readPart(part, `${at}[${index}]`, types, reading)
  })

function readPart(part: unknown, at: string, types: readonly string[], reading: Reading): void {
  if (!isObject(part)) throw bad(at, `\`${at}\` must be an object with a \`type\`.`)
  if (typeof part.type !== "string" || !types.includes(part.type)) {
    throw bad(`${at}.type`, `\`${at}.type\` must be one of ${types.join(", ")}.`)
  }
  refuseUploads(part, at)
  const { known, required, read } = PARTS[part.type]!
  require(part, required, at)
  reading.size.text("")
  readMembers({ type: literal(part.type), ...known }, part, at, "input.content", reading)
  read?.(part, at, reading)
}

/** Named by an id, a file's size is nobody's to know, and it would lie in the operator's account. */
function refuseUploads(part: Json, at: string): void {
  if (typeof part.file_id !== "string") return
  throw bad(`${at}.file_id`, `Uploaded files are not offered here. Send the file itself instead of \`${at}.file_id\`.`)
}

function require(value: Json, names: readonly string[], at: string): void {
  const missing = names.find((name) => value[name] === undefined || value[name] === null)
  if (missing) throw bad(`${at}.${missing}`, `\`${at}.${missing}\` is missing.`)
}

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.-]+)*;base64,/i
const mediaTypeOf = (url: string): string | undefined => DATA_URL.exec(url.slice(0, 200))?.[1]?.toLowerCase()
const isAddress = (url: string): boolean => /^https?:\/\//i.test(url)

function image(value: unknown, at: string, { size }: Reading): void {
  text(value, at)
  const url = value as string
  const type = mediaTypeOf(url)
  if (isAddress(url)) size.text(url)
  else if (type !== "application/pdf" && !type?.startsWith("image/")) {
    throw bad(at, `\`${at}\` must be an https address or a data URL of a picture.`)
  }
}

function measureImage({ image_url, detail }: Json, _: string, { size }: Reading): void {
  const url = image_url as string
  const data = url.slice(url.indexOf(",") + 1)
  const looked = (detail ?? "auto") as Picture["detail"]
  if (isAddress(url)) size.image({ detail: looked, size: null })
  else if (mediaTypeOf(url) === "application/pdf") size.document(paperIn(data))
  else size.image({ detail: looked, size: pictureSizeIn(data) })
}

function fileData(value: unknown, at: string, { size }: Reading): void {
  text(value, at)
  const data = value as string
  const type = mediaTypeOf(data) ?? "application/pdf"
  if (type.startsWith("text/")) size.text(Buffer.from(data.slice(data.indexOf(",") + 1), "base64").toString("utf8"))
  else size.document(paperIn(data.slice(data.indexOf(",") + 1)))
}

/** The provider fetches it; how long it is nobody knows before. */
function fileUrl(value: unknown, at: string, { size }: Reading): void {
  text(value, at)
  if (!isAddress(value as string)) throw bad(at, `\`${at}\` must be an https address.`)
  size.text(value)
  size.document({ bytes: 0, pages: null })
}

/** Thinking that comes back: what a provider sealed counts whole, as it cannot be seen how long it is inside. */
const thought = (type: string): FieldCheck =>
  counted(documented(t.Array(objectOf({ type: literal(type), text }, ["text"])), list))
function list(value: unknown, at: string): void {
  if (!Array.isArray(value) || value.some((one) => !isObject(one) || typeof one.text !== "string")) {
    throw bad(at, `\`${at}\` must be a list of objects with \`text\`.`)
  }
}

const id = text
/** Who called; programs that a provider runs are not offered. */
const caller = members({ type: oneOf("direct") })
const execution = oneOf("client")
const ROLES = ["user", "assistant", "system", "developer"]
const ITEMS: Readonly<Record<string, { known: Known; required: string[] }>> = {
  message: {
    known: { id, role: oneOf(...ROLES), content: contentOf(SAID), status, phase: oneOf("commentary", "final_answer") },
    required: ["role", "content"],
  },
  function_call: {
    known: {
      id,
      call_id: counted(text),
      name: counted(text),
      namespace: counted(text),
      async: flag,
      caller,
      arguments: counted(text),
      status,
      parsed_arguments: anything,
    },
    required: ["call_id", "name", "arguments"],
  },
  function_call_output: {
    known: {
      id,
      call_id: counted(text),
      output: contentOf(GIVEN),
      status,
      name: counted(text),
      namespace: counted(text),
      caller,
    },
    required: ["call_id", "output"],
  },
  custom_tool_call: {
    known: {
      id,
      call_id: counted(text),
      name: counted(text),
      namespace: counted(text),
      async: flag,
      caller,
      input: counted(text),
      status,
    },
    required: ["call_id", "name", "input"],
  },
  custom_tool_call_output: {
    known: { id, call_id: counted(text), output: contentOf(GIVEN), status, caller },
    required: ["call_id", "output"],
  },
  // A search of tools that the caller runs, what it found, and tools that the developer gives later.
  tool_search_call: {
    known: { id, call_id: counted(text), execution, arguments: counted(given), status },
    required: ["call_id", "execution", "arguments"],
  },
  tool_search_output: {
    known: { id, call_id: counted(text), execution, status, tools: laterTools },
    required: ["call_id", "execution", "tools"],
  },
  // A tool that ran here, as an answer told it.
  mcp_call: {
    known: {
      id: counted(text),
      server_label: text,
      name: counted(text),
      arguments: counted(text),
      output: counted(text),
      error: counted(anything),
      status: oneOf("in_progress", "completed", "incomplete", "calling", "failed"),
      approval_request_id: anything,
      request_id: text,
      charged: anything,
    },
    required: ["id", "name", "arguments"],
  },
  additional_tools: { known: { id, role: oneOf("developer"), tools: laterTools }, required: ["role", "tools"] },
  reasoning: {
    known: {
      id,
      summary: thought("summary_text"),
      content: thought("reasoning_text"),
      encrypted_content: counted(text),
      status,
    },
    required: [],
  },
}
const TYPES = Object.keys(ITEMS)
const itemSchema = (type: string): TSchema => {
  const { known, required } = ITEMS[type]!
  return type === "message"
    ? objectOf({ type: literal(type), ...known }, required)
    : objectOf({ type: literal(type), ...known }, ["type", ...required])
}
const SCHEMA = t.Union([t.String(), t.Array(t.Union(TYPES.map(itemSchema)), { minItems: 1 })], {
  description: "Text, or the items of the conversation so far, those of earlier answers as they came.",
})

export const input = field(SCHEMA, (value, at, reading) => {
  if (typeof value === "string") {
    reading.size.text(value)
    return
  }
  if (!Array.isArray(value) || value.length === 0) throw bad(at, `\`${at}\` must be text or a list of items.`)
  // What frames each item.
  reading.size.text(Array(value.length).fill(""))
  for (const [index, item] of value.entries()) {
    const here = `${at}[${index}]`
    if (!isObject(item)) throw bad(here, `\`${here}\` must be an object.`)
    const { known, required } = kindOf(item, here)
    require(item, required, here)
    readMembers({ ...known, ...OWN_WORDS }, item, here, at, reading)
  }
})

/** What Codex notes for itself on items that it sends to OpenAI. */
const NOTE = "internal_chat_message_metadata_passthrough"
const OWN_WORDS = { [NOTE]: anything }
const hasNote = (item: unknown): item is Json => isObject(item) && Object.hasOwn(item, NOTE)

/** The same items where nothing is noted, as nearly always. No provider is sent a note. */
export function withoutNotes(items: unknown): unknown {
  if (!Array.isArray(items) || !items.some(hasNote)) return items
  return items.map((item: unknown) => {
    if (!hasNote(item)) return item
    const { [NOTE]: _, ...rest } = item
    return rest
  })
}

function kindOf(item: Json, at: string): { known: Known; required: string[] } {
  const type = item.type ?? "message"
  if (typeof type === "string" && Object.hasOwn(ITEMS, type)) {
    const { known, required } = ITEMS[type]!
    return { known: { type: field(words(type), () => {}), ...known }, required }
  }
  if (type === "item_reference") {
    throw bad(
      `${at}.type`,
      "This item is not known here: answers are not kept, and their items have names for half an hour alone. Send the item itself: with `store: false`, SDKs do.",
    )
  }
  throw bad(`${at}.type`, `\`${at}.type\` must be one of ${TYPES.join(", ")}.`)
}
