// Responses by OpenAI's own SDK.
import OpenAI from "openai"
import type {
  Response,
  ResponseCreateParamsNonStreaming,
  ResponseInputItem,
  ResponseOutputItem,
} from "openai/resources/responses/responses"
import { type Ask, type At, type Call, type Heard, type Json, type Spoken, TOOLS, type Turn } from "../meaning.ts"

const client = ({ url, token }: At) => new OpenAI({ apiKey: token, baseURL: `${url}/v1`, maxRetries: 0 }).responses

const paramsOf = (
  { model }: At,
  { system, turns, tools, schema, thinks, maxTokens }: Ask,
): Omit<ResponseCreateParamsNonStreaming, "stream"> => ({
  model,
  input: turns.flatMap(itemsOf),
  max_output_tokens: maxTokens,
  ...(system ? { instructions: system } : {}),
  ...(tools ? { tools: tools.map(toolOf) } : {}),
  ...(schema ? { text: { format: { type: "json_schema" as const, name: "person", strict: true, schema } } } : {}),
  ...(thinks ? { reasoning: { effort: "medium" as const, summary: "auto" as const } } : {}),
})

const toolOf = (name: string) => {
  const { description, schema: parameters } = TOOLS[name]!
  return { type: "function" as const, name, description, parameters, strict: true }
}

function itemsOf(turn: Turn): ResponseInputItem[] {
  switch (turn.by) {
    case "user": {
      const { text, image } = turn
      if (!image) return [{ role: "user", content: text }]
      const image_url = `data:image/png;base64,${image}`
      const picture = { type: "input_image" as const, image_url, detail: "auto" as const }
      return [{ role: "user", content: [{ type: "input_text", text }, picture] }]
    }
    case "model": {
      const calls = turn.calls.map(({ id, name, args }) => ({
        type: "function_call" as const,
        call_id: id,
        name,
        arguments: JSON.stringify(args),
      }))
      return [{ role: "assistant", content: turn.text }, ...calls]
    }
    case "tools":
      return turn.results.map(({ id, text }) => ({ type: "function_call_output", call_id: id, output: text }))
    case "sdk":
      return turn.heard.turn as ResponseInputItem[]
  }
}

const textsOf = (item: ResponseOutputItem): string[] =>
  item.type === "reasoning" ? [...(item.content ?? []), ...item.summary].map(({ text }) => text) : []
const refusalsOf = (item: ResponseOutputItem): string[] =>
  item.type === "message" ? item.content.flatMap((part) => (part.type === "refusal" ? [part.refusal] : [])) : []
const callsOf = (item: ResponseOutputItem): Call[] =>
  item.type === "function_call" ? [{ id: item.call_id, name: item.name, args: JSON.parse(item.arguments) as Json }] : []

function heardOf({ output, output_text, usage, incomplete_details }: Response): Heard {
  const calls = output.flatMap(callsOf)
  const cut = incomplete_details?.reason === "max_output_tokens" ? "length" : incomplete_details?.reason
  return {
    thought: output.flatMap(textsOf).join(""),
    text: output_text,
    refusal: output.flatMap(refusalsOf).join(""),
    calls,
    finish: cut ?? (calls.length > 0 ? "tool_calls" : "stop"),
    usage: {
      input: usage!.input_tokens,
      cached: usage!.input_tokens_details.cached_tokens,
      output: usage!.output_tokens,
      reasoning: usage!.output_tokens_details.reasoning_tokens,
    },
    turn: output,
  }
}

export const responses: Spoken = {
  whole: async (at, ask) => heardOf(await client(at).create(paramsOf(at, ask))),
  async stream(at, ask, onText) {
    const stream = client(at).stream(paramsOf(at, ask))
    stream.on("response.output_text.delta", ({ delta }) => onText?.(delta))
    return heardOf(await stream.finalResponse())
  },
}
