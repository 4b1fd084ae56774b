// For tests only: a provider of a quite different wire, Ollama's: lines of JSON, with other names for everything.
// `test/scaffold/provider.test.ts` puts this very text into a folder of its own among the providers.
import type { AnswerEvent, Conversation, Frame, Provider, Wire } from "../../gateway/index.ts"

/** One piece of an answer, and with `done` its end; a whole answer is one of them. */
export interface Line {
  model: string
  message?: { content?: string; thinking?: string; tool_calls?: { function: { name: string; arguments: object } }[] }
  done: boolean
  done_reason?: string
  prompt_eval_count?: number
  eval_count?: number
  error?: string
}

function frameOf(text: string): Frame {
  const line = JSON.parse(text) as Line
  const events = said(line)
  if (line.done) events.push({ type: "finish", choice: 0, reason: line.done_reason === "length" ? "length" : "stop" })
  if (line.done) events.push({ type: "usage", report: reportOf(line) })
  return { events, raw: { name: "", data: text, json: { ...line } }, model: line.model }
}

function said(line: Line): AnswerEvent[] {
  const events: AnswerEvent[] = []
  const { content, thinking, tool_calls = [] } = line.message ?? {}
  if (line.error) events.push({ type: "error", message: line.error })
  if (thinking) events.push({ type: "reasoning", choice: 0, text: thinking })
  if (content) events.push({ type: "text", choice: 0, text: content })
  for (const [index, { function: call }] of tool_calls.entries()) {
    const args = JSON.stringify(call.arguments)
    events.push({ type: "tool", choice: 0, index, id: `call_${index}`, name: call.name, arguments: args })
  }
  return events
}

const reportOf = (line: Line) => ({
  input: { inputTokens: line.prompt_eval_count ?? 0, cachedInputTokens: 0, cacheWriteTokens: 0, inputAudioTokens: 0 },
  output: { outputTokens: line.eval_count ?? 0, reasoningTokens: 0, outputAudioTokens: 0 },
  faults: [],
})

const decodeStream: Wire["decodeStream"] = (sink) => {
  const decoder = new TextDecoder()
  let rest = ""
  const feed = (text: string) => {
    const parts = (rest + text).split("\n")
    rest = parts.pop()!
    for (const part of parts) if (part) sink.frame(frameOf(part))
  }
  return { push: (bytes) => feed(decoder.decode(bytes, { stream: true })), end: () => feed("\n") }
}

/** It knows words alone. */
const messagesOf = ({ messages }: Conversation) =>
  messages.map(({ role, parts }) => ({
    role,
    content: parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
  }))

/** @param refusing another provider, whose refusals say `error` in the same place */
export const linesProvider = ({ messageIn, wireFor }: Pick<Provider, "messageIn" | "wireFor">): Provider => {
  const wire: Wire = {
    name: "gemini",
    endpoint: ({ baseUrl, apiKey }) => ({ url: `${baseUrl}/api/chat`, headers: headersFor(apiKey) }),
    encode: ({ model, stream, maxTokens, question }) =>
      JSON.stringify({
        model,
        stream,
        messages: messagesOf(question.conversation!),
        options: { num_predict: maxTokens },
      }),
    cannot: () => null,
    decodeStream,
    decodeWhole: frameOf,
    refusal: (answer) => wireFor("chat", { baseUrl: "", apiKey: "" })!.refusal(answer),
  }
  return {
    label: "Lines of JSON",
    help: "A server that answers in lines.",
    account: { baseUrlHelp: "Without /api.", baseUrlExample: "http://127.0.0.1:11434" },
    wireFor: (dialect) => (dialect === "embeddings" || dialect === "images" ? null : wire),
    leaving: { stream: "stops", whole: "stops" },
    modelList: ({ baseUrl, apiKey }) => ({ url: `${baseUrl}/api/tags`, headers: headersFor(apiKey) }),
    models: (text) => (JSON.parse(text) as { models: { name: string }[] }).models.map(({ name }) => name),
    messageIn,
  }
}

const headersFor = (apiKey: string) => ({ "content-type": "application/json", "x-key": apiKey })
