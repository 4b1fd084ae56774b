// The built-in `sandbox` upstream: OpenAI's wire format in this process, deterministic, word by word, one word = one token.
// It is called through the same client code as any other upstream and never leaves the machine.

import { messageTokens } from "../../dialects/chat/messages.ts"
import type { UpstreamFetch, UpstreamInit } from "../provider.ts"
import { type EmbeddingsBody, embedded } from "./embed.ts"
import { type ModerationBody, moderated, type RerankBody, ranked } from "./judging.ts"
import { before, HELP, REFUSAL, type Told, toldIn } from "./magic.ts"
import { pause } from "./pause.ts"
import { changed, type PictureBody, pictured } from "./picture.ts"
import { listened, type SpeechBody, spoken } from "./sound.ts"
import { filmed } from "./video.ts"

export const SANDBOX_URL = "http://sandbox.invalid/v1"
export const SANDBOX_MODEL = "sandbox"
/** As its price list says. */
const CONTEXT_WINDOW = 128_000

interface SandboxBody {
  messages: { role: string; content?: unknown }[]
  tools?: { function?: { name?: string } }[]
  model: string
  stream?: boolean
  stream_options?: { include_usage?: boolean }
  max_tokens?: number
  max_completion_tokens?: number
}

/** @param wordMs pause before each streamed word */
export function createSandbox(wordMs = 0): UpstreamFetch {
  return async (url, init) => {
    if (url.endsWith("/models")) {
      return Response.json({
        object: "list",
        data: [{ id: SANDBOX_MODEL, object: "model", created: 0, owned_by: "purser" }],
      })
    }
    const film = await filmed(url, init)
    if (film) return film
    if (init.form) return (url.endsWith("/images/edits") ? changed : listened)(init.form, init.signal)
    const text = typeof init.body === "string" ? init.body : "{}"
    if (url.endsWith("/audio/speech")) return spoken(JSON.parse(text) as SpeechBody, init.signal)
    if (url.endsWith("/embeddings")) {
      const body = JSON.parse(text) as EmbeddingsBody
      const first = Array.isArray(body.input) ? body.input[0] : body.input
      const instead = await before(toldIn(typeof first === "string" ? first : ""), init.signal)
      return instead ?? embedded(body)
    }
    if (url.endsWith("/images/generations")) return pictured(JSON.parse(text) as PictureBody, init.signal)
    if (url.endsWith("/moderations")) return moderated(JSON.parse(text) as ModerationBody, init.signal)
    if (url.endsWith("/rerank")) return ranked(JSON.parse(text) as RerankBody, init.signal)
    const body = JSON.parse(text) as SandboxBody
    const told = toldIn(lastQuestion(body.messages))
    const instead = await before(told, init.signal)
    if (instead) return instead
    const answer = answerTo(body, told)
    return body.stream === true ? streamed(body, answer, init, wordMs) : whole(body, answer)
  }
}

interface Answer {
  /** Told as a refusal, not as content. */
  isRefusal: boolean
  /** It ends in the middle, without a word. */
  breaks: boolean
  words: string[]
  /** Of a tool that it was told to call. */
  call: ToolCall | null
  finish: "stop" | "length" | "tool_calls"
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number }
}

interface ToolCall {
  id: string
  type: "function"
  function: { name: string; arguments: string }
}

/** What a tool answered since the last question; null: none did. */
function saidByTool({ messages }: SandboxBody): string | null {
  const last = messages.at(-1)
  return last?.role === "tool" ? plain(last.content) : null
}

/** The tool that it was told to call, where it is offered and has not answered yet. */
function callIn(body: SandboxBody, told: Told): ToolCall | null {
  if (told.act !== "tool" || saidByTool(body) !== null) return null
  const isOffered = (body.tools ?? []).some((tool) => tool.function?.name === told.name)
  return isOffered
    ? { id: "call_sandbox_1", type: "function", function: { name: told.name, arguments: told.args } }
    : null
}

/** After a tool was called, or could not be. */
function afterTool(body: SandboxBody, told: Told): string | null {
  if (told.act !== "tool") return null
  const said = saidByTool(body)
  return said === null ? `I was not offered a tool called ${told.name}.` : `The tool says: ${said}`
}

function answerTo(body: SandboxBody, told: Told): Answer {
  const call = callIn(body, told)
  const text = call ? "" : (afterTool(body, told) ?? textOf(lastQuestion(body.messages), told))
  const all = text.match(/\s*\S+/g) ?? []
  const max = body.max_completion_tokens ?? body.max_tokens ?? all.length
  const words = all.slice(0, max)
  // A call is one word, as it is one thing that was decided.
  const written = call ? 1 : words.length
  const prompt = messageTokens(body.messages, SANDBOX_MODEL, CONTEXT_WINDOW)
  return {
    isRefusal: told.act === "refuse",
    breaks: told.act === "break",
    words,
    call,
    finish: call ? "tool_calls" : words.length < all.length ? "length" : "stop",
    usage: { prompt_tokens: prompt, completion_tokens: written, total_tokens: prompt + written },
  }
}

function textOf(question: string, told: Told): string {
  if (told.act === "refuse") return REFUSAL
  if (told.act === "help") return HELP
  if (told.act === "cost") return "word ".repeat(told.words).trim()
  return question === "" ? "I am the sandbox model. Ask me something." : `You said: ${question}`
}

function lastQuestion(messages: SandboxBody["messages"]): string {
  return plain(messages.findLast((message) => message.role === "user")?.content)
}

function plain(content: unknown): string {
  if (typeof content === "string") return content.trim()
  if (!Array.isArray(content)) return ""
  const texts = content.map((part: { text?: unknown }) => (typeof part?.text === "string" ? part.text : ""))
  return texts.join(" ").trim()
}

const envelope = (object: string, model: string) => ({
  id: "chatcmpl-sandbox",
  object,
  created: Math.floor(Date.now() / 1_000),
  model,
})

function whole(body: SandboxBody, { words, call, finish, usage, isRefusal, breaks }: Answer): Response {
  const text = words.join("")
  const message = {
    role: "assistant",
    content: isRefusal || call ? null : text,
    refusal: isRefusal ? text : null,
    ...(call ? { tool_calls: [call] } : {}),
  }
  // Half of an answer, as a connection that ends early leaves it.
  if (breaks) return new Response(`{"choices":[{"index":0,"message":{"role":"assistant","content":"You`)
  return Response.json({
    ...envelope("chat.completion", body.model),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
    usage,
  })
}

function streamed(body: SandboxBody, answer: Answer, init: UpstreamInit, wordMs: number): Response {
  const { words, call, finish, usage, isRefusal, breaks } = answer
  const head = envelope("chat.completion.chunk", body.model)
  const chunk = (delta: object, finish_reason: string | null) =>
    `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason }] })}\n\n`
  const events = [chunk({ role: "assistant", content: "" }, null)]
  for (const word of breaks ? words.slice(0, 1) : words)
    events.push(chunk(isRefusal ? { refusal: word } : { content: word }, null))
  if (call) events.push(chunk({ tool_calls: [{ index: 0, ...call }] }, null))
  if (!breaks) {
    events.push(chunk({}, finish))
    if (body.stream_options?.include_usage) events.push(`data: ${JSON.stringify({ ...head, choices: [], usage })}\n\n`)
    events.push("data: [DONE]\n\n")
  }
  const encoder = new TextEncoder()
  let at = 0
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (wordMs > 0 && at > 0) await pause(wordMs, init.signal)
        controller.enqueue(encoder.encode(wordMs > 0 ? events[at++] : events.slice(at).join("")))
        if (wordMs === 0 || at === events.length) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(stream, { headers: { "content-type": "text/event-stream" } })
}
