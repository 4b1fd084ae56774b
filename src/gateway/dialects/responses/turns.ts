// Items of a responses request as turns of a conversation. Thinking, words and calls that stand together are one turn of the assistant,
// and answers of tools that stand together one of the user, as other wires have it.
import { type Part, type Signature, type Source, type Turn, unsealed } from "../../providers/index.ts"
import { isObject, type Json } from "../checks.ts"
import { flattened, joined, SEARCH } from "./namespaces.ts"

const object = (value: unknown): Json => (isObject(value) ? value : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const string = (value: unknown): string => (typeof value === "string" ? value : "")

interface Open {
  role: Turn["role"]
  parts: Part[]
  param: string
}

/** @param history items that were kept, and stand before; what is wrong with them is wrong with naming them */
export function turnsOf(input: unknown, history: readonly unknown[] = []): Turn[] {
  const at = "input"
  if (typeof input === "string") {
    const said: Turn = { role: "user", parts: [{ type: "text", text: input, param: at }], param: at }
    return history.length === 0 ? [said] : [...turnsOf([], history), said]
  }
  const items = [...history, ...list(input)].map(object)
  const seals = callSeals(items)
  const turns: Open[] = []
  for (const [index, item] of items.entries()) {
    const own = index - history.length
    const param = own < 0 ? "previous_response_id" : `${at}[${own}]`
    const { role, parts, joins } = read(item, param, seals)
    const last = turns.at(-1)
    if (last?.role === role && joins(last)) last.parts.push(...parts)
    else if (parts.length > 0 || item.type === undefined || item.type === "message") turns.push({ role, parts, param })
  }
  return turns
}

interface ReadItem {
  role: Turn["role"]
  parts: Part[]
  /** Whether it goes on with that turn, which has the same role. */
  joins(last: Open): boolean
}

const has =
  (type: Part["type"]) =>
  ({ parts }: Open): boolean =>
    parts.some((part) => part.type === type)
const always = () => true

function read(item: Json, param: string, seals: ReadonlyMap<string, Signature>): ReadItem {
  switch (item.type) {
    case "reasoning":
      return { role: "assistant", parts: isCallSeal(item) ? [] : reasoningParts(item, param), joins: always }
    case "function_call":
    case "custom_tool_call": {
      const custom = item.type === "custom_tool_call"
      const id = string(item.call_id)
      const args = string(custom ? item.input : item.arguments)
      const signature = seals.get(id) ?? null
      const call: Part = {
        type: "call",
        id,
        name: joined(item.namespace, string(item.name)),
        arguments: args,
        custom,
        signature,
        param,
      }
      return { role: "assistant", parts: [call], joins: always }
    }
    case "function_call_output":
    case "custom_tool_call_output": {
      const parts = contentOf(item.output, `${param}.output`)
      const name = typeof item.name === "string" ? joined(item.namespace, item.name) : null
      const result: Part = { type: "result", id: string(item.call_id), name, parts, isError: false, param }
      return { role: "user", parts: [result], joins: has("result") }
    }
    case "tool_search_call": {
      const id = string(item.call_id)
      const signature = seals.get(id) ?? null
      const args = JSON.stringify(item.arguments)
      const call: Part = { type: "call", id, name: SEARCH, arguments: args, custom: false, signature, param }
      return { role: "assistant", parts: [call], joins: always }
    }
    case "tool_search_output": {
      const parts: Part[] = [{ type: "text", text: foundIn(item), param }]
      const result: Part = { type: "result", id: string(item.call_id), name: SEARCH, parts, isError: false, param }
      return { role: "user", parts: [result], joins: has("result") }
    }
    case "additional_tools":
      return { role: "user", parts: [], joins: always }
    default: {
      const role = item.role as Turn["role"]
      const parts = contentOf(item.content, `${param}.content`)
      // Two messages stay two, unless a call of the first still waits for its answer.
      const joins = (last: Open) => role === "assistant" && (!has("text")(last) || has("call")(last))
      return { role, parts, joins }
    }
  }
}

/** Its tools stand among the request's from there on. */
function foundIn({ tools }: Json): string {
  const names = flattened(list(tools).map(object), "").map(({ tool }) => String(tool.name))
  return names.length > 0 ? `Found: ${names.join(", ")}` : "Nothing found."
}

/** What `encrypted_content` holds: another provider's seal that we put there, or OpenAI's own. */
function sealOf({ encrypted_content: text, id }: Json): Signature | null {
  if (typeof text !== "string" || text === "") return null
  return unsealed(text) ?? { format: "openai", data: text, ...(typeof id === "string" ? { id } : {}) }
}

/** A seal that belongs to a call travels in an item of its own and names the call. */
const isCallSeal = (item: Json): boolean => {
  const seal = sealOf(item)
  return seal?.format === "google" && seal.id !== undefined
}

function callSeals(items: readonly Json[]): Map<string, Signature> {
  const seals = new Map<string, Signature>()
  for (const item of items) {
    if (item.type !== "reasoning" || !isCallSeal(item)) continue
    const { id, ...seal } = sealOf(item)!
    seals.set(id!, seal)
  }
  return seals
}

/** The words that were shown, and the seal at their end. */
function reasoningParts(item: Json, param: string): Part[] {
  const signature = sealOf(item)
  const said = list(item.content).map((one) => string(object(one).text))
  const summary = said.length === 0
  const texts = summary ? list(item.summary).map((one) => string(object(one).text)) : said
  const text = texts.join("\n\n")
  return text === "" && !signature ? [] : [{ type: "reasoning", text, summary, signature, param }]
}

function contentOf(content: unknown, param: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content, param }]
  return list(content).map((one, index) => {
    const part = object(one)
    const read = partOf(part, `${param}[${index}]`)
    return part.prompt_cache_breakpoint ? { ...read, cache: { ttl: "5m" as const } } : read
  })
}

const DETAILS = ["low", "high", "original"] as const

function partOf(part: Json, param: string): Part {
  switch (part.type) {
    case "refusal":
      return { type: "refusal", text: string(part.refusal), param }
    case "input_image": {
      const source = sourceOf(string(part.image_url), "image/png")
      if (source.type === "data" && source.mediaType === "application/pdf") {
        return { type: "file", source, name: null, citations: false, param }
      }
      return { type: "image", source, detail: DETAILS.find((one) => one === part.detail) ?? "auto", param }
    }
    case "input_file": {
      const data = string(part.file_data)
      const source: Source =
        data === "" ? { type: "url", url: string(part.file_url) } : sourceOf(data, "application/pdf")
      return {
        type: "file",
        source,
        name: typeof part.filename === "string" ? part.filename : null,
        citations: false,
        param,
      }
    }
    default:
      return { type: "text", text: string(part.text), param }
  }
}

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)((?:;[\w=.-]+)*);base64,/i

/** A data URL, an address, or bare base64 of the kind that is usual there. */
function sourceOf(text: string, mediaType: string): Source {
  const head = DATA_URL.exec(text.slice(0, 200))
  if (head) return { type: "data", mediaType: head[1]!.toLowerCase(), data: text.slice(head[0].length) }
  return /^https?:\/\//i.test(text) ? { type: "url", url: text } : { type: "data", mediaType, data: text }
}
