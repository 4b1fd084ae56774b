// Chat completions, as OpenAI and its imitations speak them, and as OpenRouter does.
// https://platform.openai.com/docs/api-reference/chat, https://openrouter.ai/docs/guides/best-practices/reasoning-tokens
import {
  type Json,
  list,
  object,
  type Played,
  pieces,
  type Said,
  type Seen,
  type SeenTurn,
  sse,
  string,
} from "../meaning.ts"
import { CHAT, OPENROUTER, only } from "./members.ts"

/** What OpenRouter reports as its cost, in dollars. */
export const ROUTER_COST = 0.0012345678

const head = (object: string): Json => ({ id: "chatcmpl-9x", object, created: 1_780_000_000, model: "played" })

export function chatPlayed(isRouter: boolean): Played {
  const usage = ({ usage: { input, cached, output, reasoning } }: Said): Json => ({
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
    ...(isRouter ? { cost: ROUTER_COST, is_byok: false } : {}),
  })
  const chunk = (delta: Json, finish: string | null = null): Json => ({
    ...head("chat.completion.chunk"),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  })
  const thought = (text: string): Json =>
    isRouter ? { reasoning: text, reasoning_details: [detail({ text })] } : { reasoning_content: text }

  return {
    stream(said, broken = false) {
      const calls = (said.calls ?? []).flatMap(({ id, name, args }, index) => [
        chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }),
        ...pieces(JSON.stringify(args)).map((text) =>
          chunk({ tool_calls: [{ index, function: { arguments: text } }] }),
        ),
      ])
      const told = [
        chunk({ role: "assistant", content: "", refusal: null }),
        ...pieces(said.thought ?? "").map((text) => chunk(thought(text))),
        ...(isRouter && said.seal ? [chunk({ reasoning_details: [detail({ text: "", signature: said.seal })] })] : []),
        ...pieces(said.text ?? "").map((content) => chunk({ content })),
      ]
      if (broken)
        return sse([...told, { error: { message: "The server had an error", type: "server_error", code: 500 } }])
      return sse([
        ...told,
        ...pieces(said.refusal ?? "").map((refusal) => chunk({ refusal })),
        ...calls,
        chunk({}, said.finish),
        { ...head("chat.completion.chunk"), choices: [], usage: usage(said) },
        "[DONE]",
      ])
    },
    whole(said) {
      const { thought: words, seal } = said
      const details =
        isRouter && words ? { reasoning: words, reasoning_details: [detail({ text: words, signature: seal })] } : {}
      const message = {
        role: "assistant",
        content: said.text ?? null,
        refusal: said.refusal ?? null,
        ...(words ? (isRouter ? details : { reasoning_content: words }) : {}),
        ...(said.calls ? { tool_calls: said.calls.map(callJson) } : {}),
      }
      const choice = { index: 0, message, logprobs: null, finish_reason: said.finish }
      return { ...head("chat.completion"), choices: [choice], usage: usage(said) }
    },
    overloaded: () =>
      Response.json(
        {
          error: { message: "Rate limit reached", type: "rate_limit_error", param: null, code: "rate_limit_exceeded" },
        },
        { status: 429, headers: { "retry-after": "7" } },
      ),
    seen: (body) => seenOf(body, isRouter),
  }
}

const detail = (more: { text: string; signature?: string | undefined }): Json => ({
  type: "reasoning.text",
  format: "anthropic-claude-v1",
  index: 0,
  ...more,
})
const callJson = ({ id, name, args }: { id: string; name: string; args: Json }): Json => ({
  id,
  type: "function",
  function: { name, arguments: JSON.stringify(args) },
})

const ROLES: Readonly<Record<string, readonly string[]>> = {
  system: ["role", "content"],
  developer: ["role", "content"],
  user: ["role", "content"],
  // OpenAI's own SDK puts `parsed` there, and sends it back.
  assistant: ["role", "content", "refusal", "tool_calls", "parsed"],
  // LangChain names the tool, and OpenAI lets it.
  tool: ["role", "content", "tool_call_id", "name"],
}
/** Thinking that servers say beside OpenAI's words, and take back. */
const SPOKEN = ["reasoning", "reasoning_content", "reasoning_details"]

function seenOf(body: Json, isRouter: boolean): Seen {
  only(body, isRouter ? OPENROUTER : CHAT, "chat completions")
  const names = new Map<string, string>()
  const system: string[] = []
  const turns: SeenTurn[] = []
  const turnOf = (by: SeenTurn["by"]): SeenTurn => {
    const turn: SeenTurn = { by, text: "", images: [], calls: [], results: [], seals: [] }
    turns.push(turn)
    return turn
  }
  for (const message of list(body.messages)) {
    const role = string(message.role)
    only(message, [...(ROLES[role] ?? []), ...(role === "assistant" ? SPOKEN : [])], `a message of ${role}`)
    if (role === "system" || role === "developer") system.push(contentText(message.content))
    else if (role === "tool") {
      const last = turns.at(-1)
      const turn = last?.by === "user" && last.results.length > 0 ? last : turnOf("user")
      const id = string(message.tool_call_id)
      if (!names.has(id)) throw new Error(`a result of no call: ${id}`)
      turn.results.push({ name: names.get(id)!, text: contentText(message.content) })
    } else {
      const turn = turnOf(role === "user" ? "user" : "model")
      turn.text = contentText(message.content)
      for (const part of list(message.content)) {
        if (part.type === "image_url") turn.images.push(string(object(part.image_url).url).split(",")[1]!)
        else only(part, ["type", "text", "cache_control"], "a part")
      }
      for (const call of list(message.tool_calls)) {
        const { name, arguments: args } = object(call.function)
        names.set(string(call.id), string(name))
        turn.calls.push({ name: string(name), args: JSON.parse(string(args)) as Json })
      }
      for (const one of list(message.reasoning_details)) if (one.signature) turn.seals.push(string(one.signature))
    }
  }
  const format = object(body.response_format)
  const tools = list(body.tools).map((tool) => object(tool.function))
  return {
    system: system.join("\n"),
    turns,
    tools: tools.map(({ name, parameters }) => ({ name: string(name), schema: object(parameters) })),
    schema: format.type === "json_schema" ? object(object(format.json_schema).schema) : null,
    thinks: body.reasoning_effort !== undefined || body.reasoning !== undefined,
    maxTokens: Number(body.max_completion_tokens ?? body.max_tokens),
  }
}

const contentText = (content: unknown): string =>
  typeof content === "string"
    ? content
    : list(content)
        .map(({ text }) => string(text))
        .join("")
