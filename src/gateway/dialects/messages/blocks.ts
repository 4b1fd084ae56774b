// Blocks of content. Text counts wherever it stands; a block is measured as a picture or a document only when it is exactly that. Blocks
// of tools that a provider runs are refused: nobody here can price them.
import { type TSchema, Type as t } from "@sinclair/typebox"
import { bad, flag, isObject, type Json, list, members, object, objectOf, oneOf, text } from "../checks.ts"
import { paperIn } from "../document-tokens.ts"
import { pictureSizeIn } from "../picture-tokens.ts"
import { counted, type FieldCheck, field, type Reading, readMembers } from "../reading.ts"

/** A mark for the provider's prompt cache; an hour costs more than five minutes. */
const mark = members({ type: oneOf("ephemeral"), ttl: oneOf("5m", "1h") })
export const cacheControl = field(mark.schema, (value, at, { size }) => {
  mark(value, at)
  if ((value as Json).ttl === "1h") size.hasLongCache = true
})

interface Block {
  known: Readonly<Record<string, FieldCheck>>
  needs: readonly string[]
}
const literal = (type: string): FieldCheck => field(t.Literal(type), () => {})
const block = (type: string, known: Record<string, FieldCheck>, needs: string[]): Block => ({
  known: { type: literal(type), cache_control: cacheControl, ...known },
  needs,
})
const name = counted(text)

const TEXT = block("text", { text: name, citations: counted(list) }, ["text"])
const IMAGE_SOURCES: Readonly<Record<string, Block>> = {
  base64: { known: { type: literal("base64"), media_type: text, data: text }, needs: ["media_type", "data"] },
  url: { known: { type: literal("url"), url: text }, needs: ["url"] },
}
const IMAGE = block(
  "image",
  {
    source: field(sourceSchema(IMAGE_SOURCES), (value, at, reading) => {
      const { data } = sourceIn(IMAGE_SOURCES, value, at, reading)
      reading.size.image({ detail: "auto", size: typeof data === "string" ? pictureSizeIn(data) : null })
    }),
    transformations: members({ oversized_image: oneOf("downsize", "error") }),
  },
  ["source"],
)

const SOURCES: Readonly<Record<string, Block>> = {
  ...IMAGE_SOURCES,
  text: { known: { type: literal("text"), media_type: oneOf("text/plain"), data: name }, needs: ["data"] },
  content: {
    known: { type: literal("content"), content: contentOf({ text: TEXT, image: IMAGE }) },
    needs: ["content"],
  },
}
const citations = members({ enabled: flag })
const DOCUMENT = block(
  "document",
  {
    source: field(sourceSchema(SOURCES), (value, at, reading) => {
      const { type, data } = sourceIn(SOURCES, value, at, reading)
      if (type === "url") reading.size.document({ bytes: 0, pages: null })
      if (type === "base64") reading.size.document(paperIn(data as string))
    }),
    title: name,
    context: name,
    citations,
  },
  ["source"],
)
const SEARCH_RESULT = block(
  "search_result",
  { content: contentOf({ text: TEXT }), source: name, title: name, citations },
  ["content", "source", "title"],
)

const SEEN = { text: TEXT, image: IMAGE, document: DOCUMENT, search_result: SEARCH_RESULT }
/** Who called; of tools that the caller runs, only the model itself. */
const caller = members({ type: oneOf("direct") })
const BLOCKS: Readonly<Record<string, Block>> = {
  ...SEEN,
  tool_use: block("tool_use", { id: name, name, input: counted(object), caller }, ["id", "name", "input"]),
  tool_result: block("tool_result", { tool_use_id: name, content: contentOf(SEEN), is_error: flag }, ["tool_use_id"]),
  // A tool that ran here, as an answer told it.
  mcp_tool_use: block("mcp_tool_use", { id: name, name, input: counted(object), server_name: text }, [
    "id",
    "name",
    "input",
  ]),
  mcp_tool_result: block("mcp_tool_result", { tool_use_id: name, content: contentOf(SEEN), is_error: flag }, [
    "tool_use_id",
  ]),
  // Without a seal where another provider's answer had none; some SDKs leave an empty one out.
  thinking: block("thinking", { thinking: name, signature: name }, ["thinking"]),
  redacted_thinking: block("redacted_thinking", { data: name }, ["data"]),
}

/** Content of a message. */
export const content = contentOf(BLOCKS)
/** Of `system`, and of system turns: text alone. */
export const systemContent = contentOf({ text: TEXT })

function contentOf(blocks: Readonly<Record<string, Block>>): FieldCheck {
  const types = Object.keys(blocks).join(", ")
  const union: TSchema[] = Object.values(blocks).map(({ known, needs }) => objectOf(known, ["type", ...needs]))
  return field(t.Union([t.String(), t.Array(t.Union(union))]), (value, at, reading) => {
    if (typeof value === "string") {
      reading.size.text(value)
      return
    }
    if (!Array.isArray(value)) throw bad(at, `\`${at}\` must be text or a list of blocks.`)
    for (const [index, one] of value.entries()) {
      const here = `${at}[${index}]`
      if (!isObject(one)) throw bad(here, `\`${here}\` must be an object with a \`type\`.`)
      const { type } = one
      if (typeof type !== "string" || !Object.hasOwn(blocks, type)) {
        const said = typeof type === "string" ? `\`${type.slice(0, 60)}\` is not offered here. ` : ""
        throw bad(`${here}.type`, `${said}\`${here}.type\` must be one of ${types}.`)
      }
      reading.size.text("")
      readBlock(blocks[type]!, one, here, reading)
    }
  })
}

function readBlock({ known, needs }: Block, value: Json, at: string, reading: Reading): void {
  for (const member of needs) {
    if (value[member] === undefined || value[member] === null) {
      throw bad(`${at}.${member}`, `\`${at}.${member}\` is missing.`)
    }
  }
  readMembers(known, value, at, "messages.content", reading)
}

function sourceSchema(sources: Readonly<Record<string, Block>>): TSchema {
  return t.Union(Object.values(sources).map(({ known, needs }) => objectOf(known, ["type", ...needs])))
}

/** Named by an id, a file's size is nobody's to know, and it would lie in the operator's account. */
function sourceIn(sources: Readonly<Record<string, Block>>, value: unknown, at: string, reading: Reading): Json {
  if (!isObject(value)) throw bad(at, `\`${at}\` must be an object.`)
  const { type } = value
  if (type === "file")
    throw bad(`${at}.type`, `Uploaded files are not offered here. Send the file itself as \`${at}\`.`)
  if (typeof type !== "string" || !Object.hasOwn(sources, type)) {
    throw bad(`${at}.type`, `\`${at}.type\` must be one of ${Object.keys(sources).join(", ")}.`)
  }
  readBlock(sources[type]!, value, at, reading)
  if (type === "url" && !/^https?:\/\//i.test(String(value.url))) {
    throw bad(`${at}.url`, `\`${at}.url\` must be an https address.`)
  }
  return value
}
