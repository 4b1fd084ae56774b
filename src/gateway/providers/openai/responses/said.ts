// What the events and items of the Responses API say.
import type { Citation } from "../../conversation.ts"
import type { AnswerEvent, TokenLogprob, UsageReport } from "../../provider.ts"
import { object, readUsage } from "../usage.ts"

type Json = Record<string, unknown>

const string = (value: unknown): string => (typeof value === "string" ? value : "")
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** The same figures under the names of chat completions. */
export function readResponsesUsage(reported: unknown): UsageReport | null {
  if (typeof reported !== "object" || reported === null) return null
  const usage = reported as Json
  return readUsage({
    prompt_tokens: usage.input_tokens,
    prompt_tokens_details: usage.input_tokens_details,
    completion_tokens: usage.output_tokens,
    completion_tokens_details: usage.output_tokens_details,
    total_tokens: usage.total_tokens,
  })
}

/** The events of one stream. Pieces come as deltas; what comes without any is taken from where it is told whole. */
export class Said {
  /** Output index → index of the call, and whether pieces of it came. */
  private readonly calls = new Map<unknown, { index: number; grew: boolean }>()
  /** Parts of messages and thinking of which pieces came. */
  private readonly grown = new Set<string>()

  /** @param translated all that can be said is wanted */
  constructor(private readonly translated: boolean) {}

  get hasCalls(): boolean {
    return this.calls.size > 0
  }

  events(type: string, json: Json): AnswerEvent[] {
    switch (type) {
      case "response.output_text.delta":
        return this.piece(json, { type: "text", choice: 0, text: string(json.delta), ...this.logprobs(json.logprobs) })
      case "response.output_text.done":
        return this.rest(json, { type: "text", choice: 0, text: string(json.text) })
      case "response.refusal.delta":
        return this.piece(json, { type: "refusal", choice: 0, text: string(json.delta) })
      case "response.refusal.done":
        return this.rest(json, { type: "refusal", choice: 0, text: string(json.refusal) })
      case "response.reasoning_summary_text.delta":
        return this.piece(json, { type: "reasoning", choice: 0, text: string(json.delta), summary: true })
      case "response.reasoning_summary_text.done":
        return this.rest(json, { type: "reasoning", choice: 0, text: string(json.text), summary: true })
      case "response.reasoning_text.delta":
        return this.piece(json, { type: "reasoning", choice: 0, text: string(json.delta) })
      case "response.reasoning_text.done":
        return this.rest(json, { type: "reasoning", choice: 0, text: string(json.text) })
      case "response.output_text.annotation.added":
        return this.translated ? citations([json.annotation]) : []
      case "response.output_item.added":
        return this.call(json, object(json.item))
      case "response.output_item.done":
        return this.done(json, object(json.item))
      case "response.function_call_arguments.delta":
      case "response.custom_tool_call_input.delta":
        return this.argument(json, string(json.delta))
      default:
        return []
    }
  }

  private piece(json: Json, event: AnswerEvent & { text: string }): AnswerEvent[] {
    if (event.text === "" && event.type !== "text") return []
    this.grown.add(placeOf(json))
    return [event]
  }

  private rest(json: Json, event: AnswerEvent & { text: string }): AnswerEvent[] {
    return event.text === "" || this.grown.has(placeOf(json)) ? [] : [event]
  }

  private call({ output_index }: Json, item: Json): AnswerEvent[] {
    const custom = item.type === "custom_tool_call"
    if (!custom && item.type !== "function_call") return []
    const index = this.calls.size
    const args = string(custom ? item.input : item.arguments)
    this.calls.set(output_index, { index, grew: args !== "" })
    return [toolEvent(item, index, args)]
  }

  private argument({ output_index }: Json, delta: string): AnswerEvent[] {
    const call = this.calls.get(output_index)
    if (!call || delta === "") return []
    call.grew = true
    return [{ type: "tool", choice: 0, index: call.index, id: "", name: "", arguments: delta }]
  }

  /**
   * Many callers leave at the end of a message or a call, a moment before the report, which alone tells what was thought: for
   * those who see the bytes themselves it counts as a finish, and whoever leaves then owes what the report says.
   */
  private done(json: Json, item: Json): AnswerEvent[] {
    if (item.type === "reasoning") return this.translated ? sealOf(item) : []
    const finish: AnswerEvent[] = this.translated ? [] : [{ type: "finish", choice: 0, reason: "stop" }]
    if (item.type === "message") return finish
    if (item.type !== "function_call" && item.type !== "custom_tool_call") return []
    return [...this.restOfCall(json, item), ...finish]
  }

  private restOfCall(json: Json, item: Json): AnswerEvent[] {
    const known = this.calls.get(json.output_index)
    if (!known) return this.call(json, item)
    return known.grew ? [] : this.argument(json, string(item.type === "function_call" ? item.arguments : item.input))
  }

  private logprobs(value: unknown): { logprobs?: readonly TokenLogprob[] } {
    return this.translated && Array.isArray(value) && value.length > 0 ? { logprobs: value as TokenLogprob[] } : {}
  }
}

const placeOf = ({ output_index, content_index, summary_index }: Json): string =>
  `${output_index}.${content_index ?? ""}.${summary_index ?? ""}`

function toolEvent(item: Json, index: number, args: string): AnswerEvent {
  const named = { id: string(item.call_id), name: string(item.name), arguments: args }
  return { type: "tool", choice: 0, index, ...named, ...(item.type === "custom_tool_call" ? { custom: true } : {}) }
}

function sealOf({ encrypted_content: data, id }: Json): AnswerEvent[] {
  if (typeof data !== "string" || data === "") return []
  const named = typeof id === "string" ? { id } : {}
  return [{ type: "signature", choice: 0, signature: { format: "openai", data, ...named } }]
}

/** Files of the provider's own store mean nothing to anybody else. */
function citations(annotations: readonly unknown[]): AnswerEvent[] {
  return annotations.flatMap((one): AnswerEvent[] => {
    const { type, url, title, start_index, end_index } = object(one)
    if (type !== "url_citation") return []
    const place = (value: unknown) => (typeof value === "number" ? value : null)
    const citation: Citation = {
      type: "url",
      url: string(url),
      title: typeof title === "string" ? title : null,
      text: null,
      start: place(start_index),
      end: place(end_index),
    }
    return [{ type: "citation", choice: 0, citation }]
  })
}

/** The items of a whole answer. */
export function itemEvents(output: readonly unknown[], translated: boolean): AnswerEvent[] {
  const events: AnswerEvent[] = []
  let calls = 0
  for (const one of output) {
    const item = object(one)
    if (item.type === "message")
      for (const part of list(item.content)) events.push(...partEvents(object(part), translated))
    else if (item.type === "reasoning") {
      for (const [texts, summary] of [
        [item.summary, true],
        [item.content, false],
      ] as const) {
        for (const part of list(texts)) {
          const text = string(object(part).text)
          if (text !== "") events.push({ type: "reasoning", choice: 0, text, ...(summary ? { summary } : {}) })
        }
      }
      if (translated) events.push(...sealOf(item))
    } else if (item.type === "function_call" || item.type === "custom_tool_call") {
      events.push(toolEvent(item, calls++, string(item.type === "function_call" ? item.arguments : item.input)))
    }
  }
  return events
}

function partEvents(part: Json, translated: boolean): AnswerEvent[] {
  if (part.type === "refusal") return [{ type: "refusal", choice: 0, text: string(part.refusal) }]
  if (part.type !== "output_text") return []
  const logprobs = list(part.logprobs) as TokenLogprob[]
  const more = translated && logprobs.length > 0 ? { logprobs } : {}
  const text: AnswerEvent = { type: "text", choice: 0, text: string(part.text), ...more }
  return translated ? [text, ...citations(list(part.annotations))] : [text]
}
