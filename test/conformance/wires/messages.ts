// Anthropic's Messages. https://docs.claude.com/en/api/messages, …/build-with-claude/streaming
import {
  type Json,
  list,
  namedSse,
  object,
  type Played,
  pieces,
  type Said,
  type Seen,
  type SeenTurn,
  string,
} from "../meaning.ts"
import { MESSAGES, only } from "./members.ts"

const usageOf = ({ usage: { input, cached, output, reasoning } }: Said): Json => ({
  input_tokens: input - cached,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cached,
  output_tokens: output,
  ...(reasoning > 0 ? { output_tokens_details: { thinking_tokens: reasoning } } : {}),
})

const STOPS = { stop: "end_turn", tool_calls: "tool_use", length: "max_tokens", content_filter: "refusal" } as const
/** A refusal is a reason to stop here, with words beside. */
const stopOf = (said: Said): Json =>
  said.refusal === undefined
    ? { stop_reason: STOPS[said.finish], stop_sequence: null }
    : {
        stop_reason: "refusal",
        stop_sequence: null,
        stop_details: { type: "refusal", category: null, explanation: said.refusal },
      }

const blocksOf = ({ thought, seal, text, calls = [] }: Said): Json[] => [
  ...(thought ? [{ type: "thinking", thinking: thought, signature: seal ?? "" }] : []),
  ...(text ? [{ type: "text", text }] : []),
  ...calls.map(({ id, name, args }) => ({ type: "tool_use", id, name, input: args })),
]

function deltasOf(block: Json): Json[] {
  const text = (type: string, member: string, words: string) => pieces(words).map((one) => ({ type, [member]: one }))
  if (block.type === "text") return text("text_delta", "text", string(block.text))
  if (block.type === "tool_use") return text("input_json_delta", "partial_json", JSON.stringify(block.input))
  const seal = string(block.signature)
  const signed = seal === "" ? [] : [{ type: "signature_delta", signature: seal }]
  return [...text("thinking_delta", "thinking", string(block.thinking)), ...signed]
}

function emptied(block: Json): Json {
  if (block.type === "text") return { ...block, text: "" }
  return block.type === "tool_use" ? { ...block, input: {} } : { ...block, thinking: "", signature: "" }
}

const message = (content: Json[], usage: Json, stop: Json): Json => ({
  id: "msg_01XFDUDYJgAACzvnptvVoYEL",
  type: "message",
  role: "assistant",
  model: "played",
  content,
  stop_reason: null,
  stop_sequence: null,
  ...stop,
  usage,
})

export const messagesPlayed: Played = {
  stream(said, broken = false) {
    const blocks = blocksOf(broken ? { ...said, calls: [] } : said)
    const usage = usageOf(said)
    const told: Json[] = [
      { type: "message_start", message: message([], { ...usage, output_tokens: 1, output_tokens_details: null }, {}) },
      { type: "ping" },
      ...blocks.flatMap((block, index) => [
        { type: "content_block_start", index, content_block: emptied(block) },
        ...deltasOf(block).map((delta) => ({ type: "content_block_delta", index, delta })),
        ...(broken ? [] : [{ type: "content_block_stop", index }]),
      ]),
    ]
    const error = { type: "error", error: { type: "api_error", message: "Internal server error" } }
    if (broken) return namedSse([...told, error])
    return namedSse([...told, { type: "message_delta", delta: stopOf(said), usage }, { type: "message_stop" }])
  },
  whole: (said) => message(blocksOf(said), usageOf(said), stopOf(said)),
  overloaded: () =>
    Response.json(
      { type: "error", error: { type: "overloaded_error", message: "Overloaded" }, request_id: "req_1" },
      { status: 529, headers: { "retry-after": "7" } },
    ),
  seen,
}

const BLOCKS: Readonly<Record<string, readonly string[]>> = {
  text: ["type", "text", "citations", "cache_control"],
  image: ["type", "source", "cache_control"],
  tool_use: ["type", "id", "name", "input", "caller", "cache_control"],
  tool_result: ["type", "tool_use_id", "content", "is_error", "cache_control"],
  thinking: ["type", "thinking", "signature"],
}

function seen(body: Json): Seen {
  only(body, MESSAGES, "a message")
  const names = new Map<string, string>()
  const isSystem = ({ role }: Json): boolean => role === "system"
  const turns = list(body.messages)
    .filter((message) => !isSystem(message))
    .map(({ role, content }): SeenTurn => {
      const turn: SeenTurn = {
        by: role === "user" ? "user" : "model",
        text: "",
        images: [],
        calls: [],
        results: [],
        seals: [],
      }
      for (const block of blocksIn(content)) {
        const type = string(block.type)
        only(block, BLOCKS[type] ?? [], `a block of ${type}`)
        if (type === "text") turn.text += string(block.text)
        else if (type === "image") turn.images.push(string(object(block.source).data))
        else if (type === "thinking") turn.seals.push(string(block.signature))
        else if (type === "tool_use") {
          names.set(string(block.id), string(block.name))
          turn.calls.push({ name: string(block.name), args: object(block.input) })
        } else {
          const id = string(block.tool_use_id)
          if (!names.has(id)) throw new Error(`a result of no call: ${id}`)
          const text = blocksIn(block.content).map((one) => string(one.text))
          turn.results.push({ name: names.get(id)!, text: text.join("") })
        }
      }
      return turn
    })
  if (turns.some(({ by }, at) => by !== (at % 2 === 0 ? "user" : "model"))) throw new Error("turns alternate")
  const format = object(object(body.output_config).format)
  return {
    system: blocksIn(body.system)
      .map(({ text }) => string(text))
      .join("\n"),
    turns,
    tools: list(body.tools).map(({ name, input_schema }) => ({ name: string(name), schema: object(input_schema) })),
    schema: format.type === "json_schema" ? object(format.schema) : null,
    thinks: object(body.thinking).type === "enabled" || object(body.thinking).type === "adaptive",
    maxTokens: Number(body.max_tokens),
  }
}

const blocksIn = (content: unknown): Json[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : list(content)
