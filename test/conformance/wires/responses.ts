// OpenAI's Responses. https://platform.openai.com/docs/api-reference/responses, …/responses-streaming
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
import { only, RESPONSES } from "./members.ts"

const usageOf = ({ usage: { input, cached, output, reasoning } }: Said): Json => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: input + output,
})

function itemsOf({ thought, seal, text, refusal, calls = [] }: Said, status: string): Json[] {
  const reasoning = { id: "rs_67ccf", type: "reasoning", summary: [{ type: "summary_text", text: thought }] }
  const part =
    refusal === undefined ? { type: "output_text", text, annotations: [], logprobs: [] } : { type: "refusal", refusal }
  return [
    ...(thought ? [{ ...reasoning, encrypted_content: seal }] : []),
    ...(text || refusal ? [{ id: "msg_67ccf", type: "message", role: "assistant", status, content: [part] }] : []),
    ...calls.map(({ id, name, args }, at) => ({
      id: `fc_67ccf${at}`,
      type: "function_call",
      call_id: id,
      name,
      arguments: JSON.stringify(args),
      status,
    })),
  ]
}

function whole(said: Said): Json {
  const isCut = said.finish === "length" || said.finish === "content_filter"
  const status = isCut ? "incomplete" : "completed"
  const reason = said.finish === "length" ? "max_output_tokens" : "content_filter"
  return {
    ...begun(),
    status,
    completed_at: isCut ? null : 1_780_000_002,
    incomplete_details: isCut ? { reason } : null,
    output: itemsOf(said, status),
    usage: usageOf(said),
  }
}

const begun = (): Json => ({
  id: "resp_67ccd2bed1ec8190b14f964abc054267",
  object: "response",
  created_at: 1_780_000_000,
  completed_at: null,
  status: "in_progress",
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  model: "played",
  output: [],
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: false,
  temperature: 1,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  truncation: "disabled",
  usage: null,
  user: null,
  metadata: {},
})

/** The events of one item, in OpenAI's order. */
function grown(item: Json, output_index: number, isBroken: boolean): Json[] {
  const at = { item_id: item.id, output_index }
  const end = isBroken ? [] : [{ type: "response.output_item.done", output_index, item }]
  if (item.type === "function_call") {
    return [
      { type: "response.output_item.added", output_index, item: { ...item, arguments: "", status: "in_progress" } },
      ...pieces(string(item.arguments)).map((delta) => ({
        type: "response.function_call_arguments.delta",
        ...at,
        delta,
      })),
      { type: "response.function_call_arguments.done", ...at, name: item.name, arguments: item.arguments },
      ...end,
    ]
  }
  const isMessage = item.type === "message"
  const [part] = list(isMessage ? item.content : item.summary)
  const kind = isMessage ? (part!.type === "refusal" ? "refusal" : "output_text") : "reasoning_summary_text"
  const member = kind === "refusal" ? "refusal" : "text"
  const place = { ...at, [isMessage ? "content_index" : "summary_index"]: 0 }
  const parts = isMessage ? "response.content_part" : "response.reasoning_summary_part"
  const logprobs = kind === "output_text" ? { logprobs: [] } : {}
  const added = isMessage
    ? { ...item, status: "in_progress", content: [] }
    : { id: item.id, type: item.type, summary: [] }
  return [
    { type: "response.output_item.added", output_index, item: added },
    { type: `${parts}.added`, ...place, part: { ...part, [member]: "" } },
    ...pieces(string(part![member])).map((delta) => ({ type: `response.${kind}.delta`, ...place, delta, ...logprobs })),
    ...(isBroken
      ? []
      : [
          { type: `response.${kind}.done`, ...place, [member]: part![member], ...logprobs },
          { type: `${parts}.done`, ...place, part },
        ]),
    ...end,
  ]
}

function stream(said: Said, broken = false): string {
  const end = whole(said)
  const error = { code: "server_error", message: "The server had an error." }
  const events = [
    { type: "response.created", response: begun() },
    { type: "response.in_progress", response: begun() },
    ...(end.output as Json[]).flatMap((item, at) => grown(item, at, broken)),
    broken
      ? { type: "response.failed", response: { ...begun(), status: "failed", error } }
      : { type: `response.${String(end.status)}`, response: end },
  ]
  return namedSse(events.map((event, sequence_number) => ({ ...event, sequence_number })))
}

export const responsesPlayed: Played = {
  stream,
  whole,
  overloaded: () =>
    Response.json(
      { error: { message: "Rate limit reached", type: "requests", param: null, code: "rate_limit_exceeded" } },
      { status: 429, headers: { "retry-after": "7" } },
    ),
  seen,
}

const ITEMS: Readonly<Record<string, readonly string[]>> = {
  message: ["type", "role", "content", "id", "status", "phase"],
  reasoning: ["type", "id", "summary", "content", "encrypted_content", "status"],
  // OpenAI's own SDK puts `parsed_arguments` there, and sends it back.
  function_call: ["type", "id", "call_id", "name", "arguments", "status", "parsed_arguments"],
  function_call_output: ["type", "call_id", "output", "id", "status"],
  additional_tools: ["type", "id", "role", "tools"],
  tool_search_call: ["type", "id", "call_id", "execution", "arguments", "status"],
  tool_search_output: ["type", "id", "call_id", "execution", "tools", "status"],
}

function seen(body: Json): Seen {
  only(body, RESPONSES, "responses")
  if (body.store !== false) throw new Error("it would be stored")
  const names = new Map<string, string>()
  const system = body.instructions === undefined ? [] : [string(body.instructions)]
  const turns: SeenTurn[] = []
  const turnOf = (by: SeenTurn["by"], joins: (last: SeenTurn) => boolean): SeenTurn => {
    const last = turns.at(-1)
    if (last?.by === by && joins(last)) return last
    const turn: SeenTurn = { by, text: "", images: [], calls: [], results: [], seals: [] }
    turns.push(turn)
    return turn
  }
  const items = typeof body.input === "string" ? [{ role: "user", content: body.input }] : list(body.input)
  for (const item of items as Json[]) {
    const type = string(item.type) || "message"
    only(item, ITEMS[type] ?? [], `an item of ${type}`)
    if (item.tools !== undefined || type === "tool_search_call") continue
    if (type === "reasoning") turnOf("model", () => true).seals.push(string(item.encrypted_content))
    else if (type === "function_call") {
      names.set(string(item.call_id), string(item.name))
      const args = JSON.parse(string(item.arguments)) as Json
      turnOf("model", () => true).calls.push({ name: string(item.name), args })
    } else if (type === "function_call_output") {
      const name = names.get(string(item.call_id))
      if (name === undefined) throw new Error(`a result of no call: ${item.call_id}`)
      turnOf("user", ({ results }) => results.length > 0).results.push({ name, text: string(item.output) })
    } else if (item.role === "system" || item.role === "developer") system.push(contentText(item.content))
    else {
      const turn = turnOf(item.role === "user" ? "user" : "model", () => item.role !== "user")
      turn.text += contentText(item.content)
      for (const part of list(item.content)) {
        if (part.type === "input_image") turn.images.push(string(part.image_url).split(",")[1]!)
      }
    }
  }
  const format = object(object(body.text).format)
  return {
    system: system.join("\n"),
    turns,
    tools: list(body.tools).map(({ name, parameters }) => ({ name: string(name), schema: object(parameters) })),
    schema: format.type === "json_schema" ? object(format.schema) : null,
    thinks: object(body.reasoning).effort !== undefined,
    maxTokens: Number(body.max_output_tokens),
  }
}

const contentText = (content: unknown): string =>
  typeof content === "string"
    ? content
    : list(content)
        .map(({ text }) => string(text))
        .join("")
