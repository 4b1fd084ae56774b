// Chat completions by OpenAI's own SDK: what it returns whole, and what its helper gathers of a stream.
import OpenAI from "openai"
import type { ChatCompletion, ChatCompletionCreateParams, ChatCompletionMessageParam } from "openai/resources"
import {
  type Ask,
  type At,
  type Heard,
  type Json,
  list,
  object,
  type Spoken,
  string,
  TOOLS,
  type Turn,
} from "../meaning.ts"

const client = ({ url, token }: At) =>
  new OpenAI({ apiKey: token, baseURL: `${url}/v1`, maxRetries: 0 }).chat.completions

type Params = Omit<ChatCompletionCreateParams, "stream">

const paramsOf = ({ model }: At, { system, turns, tools, schema, thinks, maxTokens }: Ask): Params => ({
  model,
  messages: [...(system ? [{ role: "system" as const, content: system }] : []), ...turns.flatMap(messagesOf)],
  max_completion_tokens: maxTokens,
  ...(tools ? { tools: tools.map(toolOf) } : {}),
  ...(schema
    ? { response_format: { type: "json_schema" as const, json_schema: { name: "person", strict: true, schema } } }
    : {}),
  ...(thinks ? { reasoning_effort: "medium" as const } : {}),
})

const toolOf = (name: string) => {
  const { description, schema: parameters } = TOOLS[name]!
  return { type: "function" as const, function: { name, description, parameters } }
}

function messagesOf(turn: Turn): ChatCompletionMessageParam[] {
  switch (turn.by) {
    case "user": {
      const { text, image } = turn
      if (!image) return [{ role: "user", content: text }]
      const url = `data:image/png;base64,${image}`
      return [
        {
          role: "user",
          content: [
            { type: "text", text },
            { type: "image_url", image_url: { url } },
          ],
        },
      ]
    }
    case "model": {
      const tool_calls = turn.calls.map(({ id, name, args }) => ({
        id,
        type: "function" as const,
        function: { name, arguments: JSON.stringify(args) },
      }))
      return [{ role: "assistant", content: turn.text, tool_calls }]
    }
    case "tools":
      return turn.results.map(({ id, text }) => ({ role: "tool", tool_call_id: id, content: text }))
    case "sdk":
      return [turn.heard.turn as ChatCompletionMessageParam]
  }
}

/** @param beside members of the message that only servers of thinking say, which the helper does not gather */
function heardOf({ choices, usage }: ChatCompletion, beside: Json = {}): Heard {
  const { message, finish_reason } = choices[0]!
  const turn = { ...(message as unknown as Json), ...beside }
  const { prompt_tokens_details: prompt, completion_tokens_details: made } = usage!
  return {
    thought: string(turn.reasoning_content ?? turn.reasoning),
    text: message.content ?? "",
    refusal: message.refusal ?? "",
    calls: (message.tool_calls ?? []).map((call) => {
      if (call.type !== "function") throw new Error("free text")
      const { name, arguments: args } = call.function
      return { id: call.id, name, args: JSON.parse(args) as Json }
    }),
    finish: finish_reason,
    usage: {
      input: usage!.prompt_tokens,
      cached: prompt?.cached_tokens ?? 0,
      output: usage!.completion_tokens,
      reasoning: made?.reasoning_tokens ?? 0,
    },
    turn,
  }
}

/** Pieces of thinking joined, as OpenRouter's documentation tells clients to. */
function joined(deltas: readonly Json[]): Json {
  const beside: Json = {}
  for (const name of ["reasoning_content", "reasoning"]) {
    const words = deltas.map((delta) => string(delta[name])).join("")
    if (words !== "") beside[name] = words
  }
  const details = deltas.flatMap(({ reasoning_details }) => list(reasoning_details))
  if (details.length === 0) return beside
  const told = details.map(({ text }) => string(text)).join("")
  return { ...beside, reasoning_details: [{ ...details[0], ...details.at(-1), text: told }] }
}

export const chat: Spoken = {
  whole: async (at, ask) => heardOf((await client(at).create(paramsOf(at, ask))) as ChatCompletion),
  async stream(at, ask, onText) {
    const stream = client(at).stream({ ...paramsOf(at, ask), stream: true, stream_options: { include_usage: true } })
    const deltas: Json[] = []
    for await (const { choices } of stream) {
      const delta = object(choices[0]?.delta)
      if (delta.content) onText?.(string(delta.content))
      deltas.push(delta)
    }
    return heardOf(await stream.finalChatCompletion(), joined(deltas))
  },
}
