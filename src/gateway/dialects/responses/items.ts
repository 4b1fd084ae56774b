// The items that an answer consists of while they grow: each says the events of its beginning, its growth and its end.
import type {
  ResponseCustomToolCall,
  ResponseFunctionToolCall,
  ResponseOutputItem,
  ResponseOutputMessage,
  ResponseOutputRefusal,
  ResponseOutputText,
  ResponseReasoningItem,
  ResponseStreamEvent,
} from "openai/resources/responses/responses"
import { type AnswerEvent, type Citation, type Signature, sealed } from "../../providers/index.ts"
import { annotationJson, logprobsJson } from "./said.ts"

/** Sent with its number in the stream; nothing where a whole answer is made. */
export type Emit = (event: Unnumbered<ResponseStreamEvent>) => void
type Unnumbered<Event> = Event extends { sequence_number: number } ? Omit<Event, "sequence_number"> : Event
type Status = "completed" | "incomplete"

export interface Item {
  readonly item: ResponseOutputItem
  close(status: Status): void
}

export class Message implements Item {
  readonly item: ResponseOutputMessage
  private open: ResponseOutputText | ResponseOutputRefusal | null = null

  constructor(
    private readonly emit: Emit,
    private readonly index: number,
    id: string,
  ) {
    this.item = { id, type: "message", role: "assistant", status: "in_progress", content: [] }
    emit({ type: "response.output_item.added", output_index: index, item: copyOf(this.item) })
  }

  text({ text: delta, logprobs }: Extract<AnswerEvent, { type: "text" }>): void {
    const part = this.textPart()
    part.text += delta
    const known = logprobsJson(logprobs)
    if (known.length > 0) part.logprobs!.push(...known)
    this.emit({ type: "response.output_text.delta", ...this.at(), delta, logprobs: known })
  }

  refusal(delta: string): void {
    if (this.open?.type !== "refusal") this.begin({ type: "refusal", refusal: "" })
    const part = this.open as ResponseOutputRefusal
    part.refusal += delta
    this.emit({ type: "response.refusal.delta", ...this.at(), delta })
  }

  citation(citation: Citation): void {
    const part = this.textPart()
    const annotation = annotationJson(citation, part.text.length)
    const annotation_index = part.annotations.push(annotation) - 1
    this.emit({ type: "response.output_text.annotation.added", ...this.at(), annotation_index, annotation })
  }

  close(status: Status): void {
    this.closePart()
    this.item.status = status
    this.emit({ type: "response.output_item.done", output_index: this.index, item: this.item })
  }

  private at() {
    return { item_id: this.item.id, output_index: this.index, content_index: this.item.content.length - 1 }
  }

  private textPart(): ResponseOutputText {
    if (this.open?.type !== "output_text") this.begin({ type: "output_text", text: "", annotations: [], logprobs: [] })
    return this.open as ResponseOutputText
  }

  private begin(part: ResponseOutputText | ResponseOutputRefusal): void {
    this.closePart()
    this.open = part
    this.item.content.push(part)
    this.emit({ type: "response.content_part.added", ...this.at(), part: copyOf(part) })
  }

  private closePart(): void {
    const part = this.open
    if (!part) return
    if (part.type === "refusal") this.emit({ type: "response.refusal.done", ...this.at(), refusal: part.refusal })
    else this.emit({ type: "response.output_text.done", ...this.at(), text: part.text, logprobs: part.logprobs! })
    this.emit({ type: "response.content_part.done", ...this.at(), part })
    this.open = null
  }
}

export class Reasoning implements Item {
  readonly item: ResponseReasoningItem
  private words = ""
  private part: "summary" | "content" | null = null

  constructor(
    private readonly emit: Emit,
    private readonly index: number,
    id: string,
  ) {
    this.item = { id, type: "reasoning", summary: [] }
    emit({ type: "response.output_item.added", output_index: index, item: copyOf(this.item) })
  }

  text(delta: string, part: "summary" | "content"): void {
    if (this.part !== part) this.begin(part)
    this.words += delta
    if (part === "summary") this.emit({ type: "response.reasoning_summary_text.delta", ...this.inSummary(), delta })
    else this.emit({ type: "response.reasoning_text.delta", ...this.inContent(), delta })
  }

  /** What OpenAI sealed stays as it is, as long as it stands under the name it was sealed with. */
  seal(signature: Signature): void {
    const { format, data, id } = signature
    const isOwn = format === "openai" && (id === undefined || id === this.item.id)
    this.item.encrypted_content = isOwn ? data : sealed(signature)
  }

  close(status: Status): void {
    this.closePart()
    this.item.status = status
    this.emit({ type: "response.output_item.done", output_index: this.index, item: this.item })
  }

  private inSummary() {
    return { item_id: this.item.id, output_index: this.index, summary_index: this.item.summary.length - 1 }
  }
  private inContent() {
    return { item_id: this.item.id, output_index: this.index, content_index: (this.item.content?.length ?? 0) - 1 }
  }

  private begin(part: "summary" | "content"): void {
    this.closePart()
    this.part = part
    if (part === "summary") {
      this.item.summary.push({ type: "summary_text", text: "" })
      const said = { type: "summary_text" as const, text: "" }
      this.emit({ type: "response.reasoning_summary_part.added", ...this.inSummary(), part: said })
      return
    }
    this.item.content = [...(this.item.content ?? []), { type: "reasoning_text", text: "" }]
    const said = { type: "reasoning_text" as const, text: "" }
    this.emit({ type: "response.content_part.added", ...this.inContent(), part: said })
  }

  private closePart(): void {
    const text = this.words
    if (this.part === "summary") {
      this.item.summary.at(-1)!.text = text
      this.emit({ type: "response.reasoning_summary_text.done", ...this.inSummary(), text })
      const part = { type: "summary_text" as const, text }
      this.emit({ type: "response.reasoning_summary_part.done", ...this.inSummary(), part })
    } else if (this.part === "content") {
      this.item.content!.at(-1)!.text = text
      this.emit({ type: "response.reasoning_text.done", ...this.inContent(), text })
      const part = { type: "reasoning_text" as const, text }
      this.emit({ type: "response.content_part.done", ...this.inContent(), part })
    }
    this.part = null
    this.words = ""
  }
}

/** A call of a function, or of a custom tool, whose input is free text. */
export class Call implements Item {
  /** OpenAI says how far a custom call is, too, and SDKs that check answers want it. */
  readonly item: ResponseFunctionToolCall | (ResponseCustomToolCall & Pick<ResponseFunctionToolCall, "status">)

  constructor(
    private readonly emit: Emit,
    private readonly index: number,
    private readonly id: string,
    call_id: string,
    { name, custom, namespace }: { name: string; custom: boolean; namespace?: string },
  ) {
    const named = namespace === undefined ? { name } : { name, namespace }
    this.item = custom
      ? { id, type: "custom_tool_call", call_id, ...named, input: "", status: "in_progress" }
      : { id, type: "function_call", call_id, ...named, arguments: "", status: "in_progress" }
    emit({ type: "response.output_item.added", output_index: index, item: copyOf(this.item) })
  }

  grow(name: string, delta: string): void {
    this.item.name += name
    if (delta === "") return
    const at = { item_id: this.id, output_index: this.index }
    if (this.item.type === "custom_tool_call") {
      this.item.input += delta
      this.emit({ type: "response.custom_tool_call_input.delta", ...at, delta })
    } else {
      this.item.arguments += delta
      this.emit({ type: "response.function_call_arguments.delta", ...at, delta })
    }
  }

  close(status: Status): void {
    const { item, emit } = this
    const at = { item_id: this.id, output_index: this.index }
    item.status = status
    if (item.type === "custom_tool_call") {
      emit({ type: "response.custom_tool_call_input.done", ...at, input: item.input })
    } else {
      emit({
        type: "response.function_call_arguments.done",
        ...at,
        arguments: item.arguments,
        name: item.name,
      } as never)
    }
    emit({ type: "response.output_item.done", output_index: this.index, item })
  }
}

/** A picture that the model made: there at once. */
export function picture(emit: Emit, output_index: number, id: string, url: string): Item {
  const result = /^data:[^,]*;base64,/i.test(url) ? url.slice(url.indexOf(",") + 1) : url
  const item = { id, type: "image_generation_call" as const, result, status: "completed" as const }
  emit({ type: "response.output_item.added", output_index, item: { ...item, result: null, status: "in_progress" } })
  emit({ type: "response.output_item.done", output_index, item })
  return { item, close: () => {} }
}

/** As it is now; it grows on. */
const copyOf = <Value extends object>(value: Value): Value =>
  Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [name, Array.isArray(inside) ? [] : inside]),
  ) as Value
