// Answers as chat completions: chunks of a stream, or one document. Native answers keep their bytes; only usage that nobody asked
// for is taken out.
import type { AppError } from "../../../app/index.ts"
import { openaiBody } from "../../../http/index.ts"
import type { AnswerEvent, Frame, UsageReport } from "../../providers/index.ts"
import { sseComment, sseEvent } from "../../sse.ts"
import type { Framer } from "../dialect.ts"
import type { ChatRequest } from "./request.ts"

type Json = Record<string, unknown>

export class ChatFramer implements Framer {
  private readonly wantsUsage: boolean
  private readonly created = Math.floor(Date.now() / 1_000)
  private readonly begun = new Set<number>()

  constructor(
    { streamOptions }: ChatRequest,
    private readonly requestId: string,
  ) {
    this.wantsUsage = streamOptions.include_usage === true
  }

  native({ raw }: Frame): string {
    const { json, data, name } = raw!
    if (json.usage === undefined || json.usage === null || this.wantsUsage) return sseEvent(data, name)
    if (!Array.isArray(json.choices) || json.choices.length === 0) return ""
    const { usage: _, ...rest } = json
    return sseEvent(JSON.stringify(rest), name)
  }

  events(events: readonly AnswerEvent[], model: string): string {
    let text = ""
    for (const event of events) text += this.event(event, model)
    return text
  }

  end = (): string => "data: [DONE]\n\n"
  comment = sseComment
  failed = (error: AppError): string => sseEvent(JSON.stringify(openaiBody(error)))
  broken = (error: AppError): string =>
    sseEvent(
      JSON.stringify({
        ...openaiBody(error),
        choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
      }),
    )

  private event(event: AnswerEvent, model: string): string {
    if (event.type === "error") return ""
    if (event.type === "usage") {
      return this.wantsUsage ? this.chunk(model, [], { usage: usageJson(event.report) }) : ""
    }
    const { choice } = event
    const role = this.begun.has(choice) ? {} : { role: "assistant" }
    this.begun.add(choice)
    if (event.type === "finish") return this.choice(model, choice, role, event.reason)
    return this.choice(model, choice, { ...role, ...deltaOf(event) }, null)
  }

  private choice(model: string, index: number, delta: Json, finish_reason: string | null): string {
    return this.chunk(model, [{ index, delta, finish_reason }])
  }

  private chunk(model: string, choices: Json[], more: Json = {}): string {
    const head = { id: `chatcmpl-${this.requestId}`, object: "chat.completion.chunk", created: this.created, model }
    return sseEvent(JSON.stringify({ ...head, choices, ...more }))
  }
}

type Said = Exclude<AnswerEvent, { type: "usage" | "finish" | "error" }>

function deltaOf(event: Said): Json {
  switch (event.type) {
    case "text":
      return { content: event.text }
    case "reasoning":
      return { reasoning_content: event.text }
    case "tool":
      return { tool_calls: [{ index: event.index, ...toolJson(event) }] }
    case "media":
      return event.media === "image" && event.url !== "" ? { images: [imageJson(event.url)] } : {}
  }
}

const imageJson = (url: string): Json => ({ type: "image_url", image_url: { url } })

/** Later pieces of a call carry arguments alone. */
function toolJson(event: Extract<AnswerEvent, { type: "tool" }>): Json {
  const named = event.name === "" ? {} : { name: event.name }
  const head = event.id === "" ? {} : { id: event.id, type: "function" }
  return { ...head, function: { ...named, arguments: event.arguments } }
}

/** A whole answer: its own text where this is its wire, else one document made of its events. */
export function wholeChat(frame: Frame, isNative: boolean, requestId: string): string {
  if (isNative && frame.raw) return frame.raw.data
  const choices: Json[] = []
  let usage: Json | null = null
  for (const event of frame.events) {
    if (event.type === "usage") usage = usageJson(event.report)
    else if (event.type !== "error") collect(choices, event)
  }
  return JSON.stringify({
    id: `chatcmpl-${requestId}`,
    object: "chat.completion",
    created: Math.floor(Date.now() / 1_000),
    model: frame.model,
    choices: choices.filter(Boolean),
    ...(usage ? { usage } : {}),
  })
}

function collect(choices: Json[], event: Said | Extract<AnswerEvent, { type: "finish" }>): void {
  choices[event.choice] ??= {
    index: event.choice,
    message: { role: "assistant", content: null },
    finish_reason: "stop",
  }
  const choice = choices[event.choice]!
  const message = choice.message as Json
  const add = (name: string, text: string) => {
    message[name] = `${message[name] ?? ""}${text}`
  }
  if (event.type === "finish") choice.finish_reason = event.reason
  else if (event.type === "text") add("content", event.text)
  else if (event.type === "reasoning") add("reasoning_content", event.text)
  else if (event.type === "tool") collectTool(message, event)
  else if (event.media === "image" && event.url !== "") {
    message.images = [...((message.images as Json[] | undefined) ?? []), imageJson(event.url)]
  }
}

function collectTool(message: Json, event: Extract<AnswerEvent, { type: "tool" }>): void {
  message.tool_calls ??= []
  const calls = message.tool_calls as { id: string; type: string; function: { name: string; arguments: string } }[]
  calls[event.index] ??= { id: "", type: "function", function: { name: "", arguments: "" } }
  const call = calls[event.index]!
  call.id ||= event.id
  call.function.name += event.name
  call.function.arguments += event.arguments
}

/** OpenAI's names. */
function usageJson({ input, output }: UsageReport): Json {
  const prompt = input?.inputTokens ?? 0
  const completion = output?.outputTokens ?? 0
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: input?.cachedInputTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: output?.reasoningTokens ?? 0 },
  }
}
