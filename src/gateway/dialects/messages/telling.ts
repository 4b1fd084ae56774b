// Other wires' events as the events of a message: one block after the other, never two at once. What belongs to another block waits
// while a call is not told to its end, so that parallel calls whose pieces come mixed are still one block each.
import type {
  RawContentBlockDelta,
  RawContentBlockStartEvent,
  RawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/messages"
import {
  type AnswerEvent,
  citationJson,
  mergedReport,
  type Signature,
  sealed,
  type UsageReport,
} from "../../providers/index.ts"
import { emptyMessage, hostedResult, hostedUse, stopReason, usageJson } from "./said.ts"

type Of<Type extends AnswerEvent["type"]> = Extract<AnswerEvent, { type: Type }>
type Content = Exclude<
  AnswerEvent,
  Of<"usage"> | Of<"finish"> | Of<"error"> | Of<"media"> | Of<"hosted"> | Of<"stopped">
>

/** `citations` only where there are some, as Anthropic itself has it: Vercel's provider refuses null. Its own SDK's types know no such block. */
const EMPTY_TEXT = { type: "text", text: "" } as unknown as RawContentBlockStartEvent["content_block"]

type Open = { kind: "text" | "thinking" } | { kind: "tool"; tool: number; json: string; looks: number }

/** A call is looked at so often whether it is whole; then it is whole at the end, whatever an upstream sends. */
const LOOKS_MAX = 100
/** Of a call's arguments, where its last bracket must stand. */
const END_CHARS = 20

export class Telling {
  private isStarted = false
  private index = -1
  private open: Open | null = null
  private readonly told = new Set<number>()
  private waiting: Content[] = []
  private report: UsageReport | null = null
  private finish: Of<"finish"> | null = null
  private refused = false
  /** Rounds ended before their model had: the caller may send the message back, and it goes on. */
  private isPaused = false

  constructor(
    private readonly requestId: string,
    private readonly send: (event: RawMessageStreamEvent) => void,
  ) {}

  take(events: readonly AnswerEvent[], model: string): void {
    for (const event of events) {
      if (event.type === "usage") this.report = mergedReport(this.report, event.report)
      // This dialect has one answer, and no place for what a model draws or says aloud.
      else if (event.type === "error" || event.type === "media" || event.choice !== 0) continue
      else if (event.type === "finish") this.finish = event
      else if (event.type === "stopped") this.isPaused = true
      else if (event.type === "hosted") this.hosted(event, model)
      else if (event.type === "signature" && event.tool !== undefined) continue
      else {
        this.start(model)
        if (event.type === "tool") this.sealBefore(event, events)
        this.place(event)
      }
    }
  }

  end(model: string): void {
    this.start(model)
    const rest = this.waiting
    this.waiting = []
    for (const event of byCall(rest)) this.tell(event)
    this.close()
    const stop_reason = this.isPaused
      ? "pause_turn"
      : stopReason(this.finish, { calls: this.told.size > 0, refusal: this.refused })
    this.send({
      type: "message_delta",
      delta: {
        stop_reason,
        stop_sequence: this.finish?.stopSequence ?? null,
        stop_details: stop_reason === "refusal" ? { type: "refusal", category: null, explanation: null } : null,
        container: null,
      },
      usage: usageJson(this.report),
    })
    this.send({ type: "message_stop" })
  }

  private start(model: string): void {
    if (this.isStarted) return
    this.isStarted = true
    this.send({ type: "message_start", message: emptyMessage(this.requestId, model, this.report) })
  }

  /** A call's seal has no place in its block: it stands before it as sealed thinking, and names it. */
  private sealBefore(call: Of<"tool">, events: readonly AnswerEvent[]): void {
    if (this.told.has(call.index)) return
    const found = events.find((one) => one.type === "signature" && one.choice === 0 && one.tool === call.index)
    if (found?.type !== "signature") return
    this.place({ ...found, signature: { ...found.signature, id: this.idOf(call) } })
  }

  private place(event: Content): void {
    if (this.mustWait(event)) {
      this.waiting.push(event)
      return
    }
    this.tell(event)
    if (this.waiting.length === 0 || !this.isComplete) return
    const waited = this.waiting
    this.waiting = []
    for (const one of waited) this.place(one)
  }

  private mustWait(event: Content): boolean {
    if (this.open?.kind !== "tool") return false
    const isItsOwn = event.type === "tool" && event.index === this.open.tool
    return !isItsOwn && (this.waiting.length > 0 || !this.isComplete)
  }

  /** The open call's arguments are whole. */
  private get isComplete(): boolean {
    if (this.open?.kind !== "tool") return true
    if (this.open.looks >= LOOKS_MAX || !/\}\s*$/.test(this.open.json.slice(-END_CHARS))) return false
    this.open.looks++
    try {
      JSON.parse(this.open.json)
      return true
    } catch {
      return false
    }
  }

  private tell(event: Content): void {
    switch (event.type) {
      case "refusal":
        this.refused = true
        this.text(event.text)
        break
      case "text":
        this.text(event.text)
        break
      case "reasoning":
        if (event.text !== "") this.grow("thinking", { type: "thinking_delta", thinking: event.text })
        break
      case "signature":
        this.signature(event.signature, event.tool !== undefined)
        break
      case "citation":
        this.grow("text", { type: "citations_delta", citation: citationJson(event.citation) })
        break
      case "tool":
        this.tool(event)
    }
  }

  private text(text: string): void {
    if (text !== "") this.grow("text", { type: "text_delta", text })
  }

  private grow(kind: "text" | "thinking", delta: RawContentBlockDelta): void {
    if (this.open?.kind !== kind) {
      const empty = kind === "text" ? EMPTY_TEXT : { type: "thinking" as const, thinking: "", signature: "" }
      this.begin(empty, { kind })
    }
    this.delta(delta)
  }

  private signature(signature: Signature, isOfCall: boolean): void {
    if (isOfCall) this.close()
    const isOwn = signature.format === "anthropic"
    const seal = isOwn ? signature.data : sealed(signature)
    // Clients leave out thinking without words when they send it back, but not what is sealed.
    const isWordless = isOwn ? signature.redacted === true : this.open?.kind !== "thinking"
    if (signature.data !== "" && isWordless) {
      this.begin({ type: "redacted_thinking", data: seal }, { kind: "thinking" })
    } else if (signature.data !== "") {
      this.grow("thinking", { type: "signature_delta", signature: seal })
    }
    if (this.open?.kind === "thinking") this.close()
  }

  private tool(event: Of<"tool">): void {
    const { index, name } = event
    if (this.open?.kind !== "tool" || this.open.tool !== index) {
      // Its arguments were whole when its block was closed.
      if (this.told.has(index)) return
      this.told.add(index)
      const block = {
        type: "tool_use" as const,
        id: this.idOf(event),
        name,
        input: {},
        caller: { type: "direct" as const },
      }
      this.begin(block, { kind: "tool", tool: index, json: "", looks: 0 })
    }
    if (event.arguments === "" || this.open?.kind !== "tool") return
    this.open.json += event.arguments
    this.delta({ type: "input_json_delta", partial_json: event.arguments })
  }

  /** Whole when it is told, so that each is a block without growth: the SDK's parsers know no pieces of it outside of their betas. */
  private hosted({ stage, call }: Of<"hosted">, model: string): void {
    this.start(model)
    this.close()
    this.index++
    const content_block = stage === "begun" ? hostedUse(call) : hostedResult(call)
    this.send({ type: "content_block_start", index: this.index, content_block: content_block as never })
    this.send({ type: "content_block_stop", index: this.index })
  }

  private idOf = ({ id, index }: Of<"tool">): string => (id === "" ? `toolu_${this.requestId}_${index}` : id)

  private begin(content_block: RawContentBlockStartEvent["content_block"], open: Open): void {
    this.close()
    this.open = open
    this.index++
    this.send({ type: "content_block_start", index: this.index, content_block })
  }

  private delta(delta: RawContentBlockDelta): void {
    this.send({ type: "content_block_delta", index: this.index, delta })
  }

  private close(): void {
    if (this.open) this.send({ type: "content_block_stop", index: this.index })
    this.open = null
  }
}

/** The pieces of each call together, where its first one stood. */
function byCall(events: readonly Content[]): Content[] {
  const calls = new Map<number, Content[]>()
  const groups: Content[][] = []
  for (const event of events) {
    const known = event.type === "tool" ? calls.get(event.index) : undefined
    if (known) {
      known.push(event)
      continue
    }
    const group = [event]
    groups.push(group)
    if (event.type === "tool") calls.set(event.index, group)
  }
  return groups.flat()
}
