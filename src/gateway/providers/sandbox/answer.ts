// The built-in `sandbox` upstream: OpenAI's wire format in this process, deterministic, word by word, one word = one token.
// It is called through the same client code as any other upstream and never leaves the machine.

import { messageTokens } from "../../dialects/chat/messages.ts"
import type { UpstreamFetch, UpstreamInit } from "../provider.ts"
import { type EmbeddingsBody, embedded } from "./embed.ts"

export const SANDBOX_URL = "http://sandbox.invalid/v1"
export const SANDBOX_MODEL = "sandbox"
/** As its price list says. */
const CONTEXT_WINDOW = 128_000

interface SandboxBody {
  messages: { role: string; content?: unknown }[]
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
    if (url.endsWith("/embeddings")) return embedded(JSON.parse(init.body ?? "{}") as EmbeddingsBody)
    const body = JSON.parse(init.body ?? "{}") as SandboxBody
    return body.stream === true ? streamed(body, init, wordMs) : whole(body)
  }
}

interface Answer {
  words: string[]
  finish: "stop" | "length"
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number }
}

function answerTo(body: SandboxBody): Answer {
  const question = lastQuestion(body.messages)
  const text = question === "" ? "I am the sandbox model. Ask me something." : `You said: ${question}`
  const all = text.match(/\s*\S+/g) ?? []
  const max = body.max_completion_tokens ?? body.max_tokens ?? all.length
  const words = all.slice(0, max)
  const prompt = messageTokens(body.messages, SANDBOX_MODEL, CONTEXT_WINDOW)
  return {
    words,
    finish: words.length < all.length ? "length" : "stop",
    usage: { prompt_tokens: prompt, completion_tokens: words.length, total_tokens: prompt + words.length },
  }
}

function lastQuestion(messages: SandboxBody["messages"]): string {
  const content = messages.findLast((message) => message.role === "user")?.content
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

function whole(body: SandboxBody): Response {
  const { words, finish, usage } = answerTo(body)
  const message = { role: "assistant", content: words.join(""), refusal: null }
  return Response.json({
    ...envelope("chat.completion", body.model),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
    usage,
  })
}

function streamed(body: SandboxBody, init: UpstreamInit, wordMs: number): Response {
  const { words, finish, usage } = answerTo(body)
  const head = envelope("chat.completion.chunk", body.model)
  const chunk = (delta: object, finish_reason: string | null) =>
    `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason }] })}\n\n`
  const events = [chunk({ role: "assistant", content: "" }, null)]
  for (const word of words) events.push(chunk({ content: word }, null))
  events.push(chunk({}, finish))
  if (body.stream_options?.include_usage) events.push(`data: ${JSON.stringify({ ...head, choices: [], usage })}\n\n`)
  events.push("data: [DONE]\n\n")
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

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop)
      resolve()
    }, ms)
    signal.addEventListener("abort", stop, { once: true })
  })
}
