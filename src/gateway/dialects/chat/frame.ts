// Answers as chat completions: chunks of a stream, or one document. Native answers keep their bytes; only usage that nobody asked
// for is taken out. Other wires' answers are told in OpenAI's words, and where it has none in those of OpenRouter.
import type { AppError } from "../../../app/index.ts"
import { openaiBody } from "../../../http/index.ts"
import { type AnswerEvent, type Frame, mergedReport, type UsageReport } from "../../providers/index.ts"
import { sseComment, sseEvent } from "../../sse.ts"
import type { Framer } from "../dialect.ts"
import type { ChatRequest } from "./request.ts"
import { annotationJson, detailJson, hostedJson, imageJson, toolJson, usageJson } from "./said.ts"

type Json = Record<string, unknown>

export class ChatFramer implements Framer {
  private readonly wantsUsage: boolean
  private readonly created = Math.floor(Date.now() / 1_000)
  private readonly begun = new Set<number>()
  /** Thinking by choice that no seal has ended yet. */
  private readonly thoughts = new Map<number, string>()
  /** Of a translated answer, for its end: wires report in pieces. */
  private report: UsageReport | null = null
  private model = ""

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

  end(): string {
    const usage = this.wantsUsage && this.report ? this.chunk(this.model, [], { usage: usageJson(this.report) }) : ""
    return `${usage}data: [DONE]\n\n`
  }
  keepAlive = (): string => sseComment("keep-alive")
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
      this.report = mergedReport(this.report, event.report)
      this.model = model
      return ""
    }
    const { choice } = event
    const role = this.begun.has(choice) ? {} : { role: "assistant" }
    this.begun.add(choice)
    if (event.type === "finish") return this.choice(model, choice, role, { finish_reason: event.reason })
    if (event.type === "reasoning") this.thoughts.set(choice, (this.thoughts.get(choice) ?? "") + event.text)
    const delta = deltaOf(event, this.thoughts.get(choice) ?? "")
    if (event.type === "signature") this.thoughts.delete(choice)
    if (delta === null) return ""
    const more = event.type === "text" && event.logprobs ? { logprobs: { content: event.logprobs } } : {}
    return this.choice(model, choice, { ...role, ...delta }, more)
  }

  private choice(model: string, index: number, delta: Json, more: Json): string {
    return this.chunk(model, [{ index, delta, finish_reason: null, ...more }])
  }

  private chunk(model: string, choices: Json[], more: Json = {}): string {
    const head = { id: `chatcmpl-${this.requestId}`, object: "chat.completion.chunk", created: this.created, model }
    return sseEvent(JSON.stringify({ ...head, choices, ...more }))
  }
}

type Said = Exclude<AnswerEvent, { type: "usage" | "finish" | "error" }>

/** @param thought what a seal seals. @returns null for what this dialect has no word for */
function deltaOf(event: Said, thought: string): Json | null {
  switch (event.type) {
    case "text":
      return { content: event.text }
    case "refusal":
      return { refusal: event.text }
    case "reasoning":
      return { reasoning_content: event.text }
    case "signature":
      return event.tool === undefined
        ? { reasoning_details: [detailJson(event.signature, thought)] }
        : // Strict parsers want a function in each piece of a call.
          { tool_calls: [{ index: event.tool, function: { arguments: "" }, extra_content: extraOf(event) }] }
    case "tool":
      return { tool_calls: [{ index: event.index, ...toolJson(event) }] }
    case "citation": {
      const annotation = annotationJson(event.citation)
      return annotation && { annotations: [annotation] }
    }
    case "media":
      return event.media === "image" && event.url !== "" ? { images: [imageJson(event.url)] } : null
    case "hosted":
      return { mcp_calls: [hostedJson(event)] }
    case "stopped":
      return { mcp_stopped: { code: event.code, message: event.message } }
  }
}

const extraOf = ({ signature }: Extract<AnswerEvent, { type: "signature" }>): Json => ({
  google: { thought_signature: signature.data },
})

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
    message: { role: "assistant", content: null, refusal: null },
    logprobs: null,
    finish_reason: "stop",
  }
  const choice = choices[event.choice]!
  const message = choice.message as Json
  const append = (name: string, text: string) => {
    message[name] = `${message[name] ?? ""}${text}`
  }
  const push = (name: string, one: Json | null) => {
    if (one) message[name] = [...((message[name] as Json[] | undefined) ?? []), one]
  }
  switch (event.type) {
    case "finish":
      choice.finish_reason = event.reason
      break
    case "text":
      append("content", event.text)
      if (event.logprobs)
        choice.logprobs = { content: [...contentOf(choice.logprobs), ...event.logprobs], refusal: null }
      break
    case "refusal":
      append("refusal", event.text)
      break
    case "reasoning":
      append("reasoning_content", event.text)
      break
    case "signature":
      if (event.tool === undefined) push("reasoning_details", detailJson(event.signature, unsealed(message)))
      else callAt(message, event.tool).extra_content = extraOf(event)
      break
    case "tool":
      collectTool(callAt(message, event.index), event)
      break
    case "citation":
      push("annotations", annotationJson(event.citation))
      break
    case "media":
      if (event.media === "image" && event.url !== "") push("images", imageJson(event.url))
      break
    case "hosted":
      if (event.stage === "done") push("mcp_calls", hostedJson(event))
      break
    case "stopped":
      message.mcp_stopped = { code: event.code, message: event.message }
  }
}

const contentOf = (logprobs: unknown): readonly unknown[] => (logprobs as { content?: unknown[] } | null)?.content ?? []

/** The thinking that no seal ended yet. */
function unsealed(message: Json): string {
  const sealed = (message.reasoning_details as { text?: string }[] | undefined) ?? []
  const length = sealed.reduce((sum, { text }) => sum + (text?.length ?? 0), 0)
  return ((message.reasoning_content as string | undefined) ?? "").slice(length)
}

function callAt(message: Json, index: number): Json {
  message.tool_calls ??= []
  const calls = message.tool_calls as Json[]
  calls[index] ??= { id: "" }
  return calls[index]
}

function collectTool(call: Json, event: Extract<AnswerEvent, { type: "tool" }>): void {
  const kind = event.custom ? "custom" : "function"
  const input = event.custom ? "input" : "arguments"
  call.id ||= event.id
  call.type ??= kind
  call[kind] ??= { name: "", [input]: "" }
  const said = call[kind] as Record<string, string>
  said.name += event.name
  said[input] += event.arguments
}
