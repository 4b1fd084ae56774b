// What a model said in one round: passed on as far as it is for the caller, kept as the turn that the next round goes on from. Calls of
// tools that run here, the report and the end are not the caller's business yet.
import type { AppError } from "../../app/index.ts"
import {
  type AnswerEvent,
  type FinishReason,
  mergedReport,
  type Part,
  type Turn,
  type UsageReport,
} from "../providers/index.ts"
import type { HostedTools } from "./tools.ts"

type Of<Type extends AnswerEvent["type"]> = Extract<AnswerEvent, { type: Type }>
export type CallPart = Extract<Part, { type: "call" }>
type Open<Kind extends Part["type"]> = {
  -readonly [Key in keyof Extract<Part, { type: Kind }>]: Extract<Part, { type: Kind }>[Key]
}

const PARAM = "messages"

export class Heard {
  report: UsageReport | null = null
  finish: Of<"finish"> | null = null
  model: string | null = null
  /** Of an answer in one piece: what the caller is told of it. */
  shown: AnswerEvent[] = []
  /** The stream's own end, where it was not well. */
  failure: AppError | null = null
  private readonly parts: Part[] = []
  /** By the index of the wire. */
  private readonly calls = new Map<number, Open<"call">>()
  /** Indexes of the caller's own calls, as they are told. */
  private readonly own = new Map<number, number>()

  constructor(private readonly tools: HostedTools) {}

  /** @returns what the caller is told now */
  take(events: readonly AnswerEvent[]): AnswerEvent[] {
    return events.flatMap((event) => this.event(event) ?? [])
  }

  /** Calls that run here. */
  get hosted(): readonly CallPart[] {
    return [...this.calls.values()].filter(({ name }) => this.tools.has(name))
  }
  /** The caller has to run something itself: then it is its turn. */
  get asksCaller(): boolean {
    return this.own.size > 0
  }
  get reason(): FinishReason {
    return this.finish?.reason ?? "stop"
  }

  turn = (): Turn => ({ role: "assistant", parts: this.parts, param: PARAM })

  private event(event: AnswerEvent): AnswerEvent | null {
    switch (event.type) {
      case "usage":
        this.report = mergedReport(this.report, event.report)
        return null
      case "finish":
        this.finish = event
        return null
      case "tool":
        return this.tool(event)
      case "signature":
        return this.seal(event)
      case "text":
      case "refusal":
      case "reasoning":
        this.grow(event)
    }
    return event
  }

  private grow(event: Of<"text"> | Of<"refusal"> | Of<"reasoning">): void {
    const last = this.parts.at(-1) as Open<"text"> | Open<"refusal"> | Open<"reasoning"> | undefined
    const isSealed = last?.type === "reasoning" && last.signature !== null
    if (last?.type === event.type && !isSealed) last.text += event.text
    else if (event.type !== "reasoning") this.parts.push({ type: event.type, text: event.text, param: PARAM })
    else
      this.parts.push({
        type: "reasoning",
        text: event.text,
        summary: event.summary === true,
        signature: null,
        param: PARAM,
      })
  }

  private tool(event: Of<"tool">): AnswerEvent | null {
    const { index, id, name } = event
    let call = this.calls.get(index)
    if (call) {
      call.name += name
      call.arguments += event.arguments
    } else {
      const custom = event.custom === true
      call = {
        type: "call",
        id: id || `call_${index}`,
        name,
        arguments: event.arguments,
        custom,
        signature: null,
        param: PARAM,
      }
      this.calls.set(index, call)
      this.parts.push(call)
    }
    if (this.tools.has(call.name)) return null
    if (!this.own.has(index)) this.own.set(index, this.own.size)
    return { ...event, index: this.own.get(index)! }
  }

  private seal(event: Of<"signature">): AnswerEvent | null {
    const { signature, tool } = event
    if (tool !== undefined) {
      const call = this.calls.get(tool)
      if (call) call.signature = signature
      const index = this.own.get(tool)
      return index === undefined ? null : { ...event, tool: index }
    }
    const last = this.parts.at(-1) as Open<"reasoning"> | undefined
    if (last?.type === "reasoning" && last.signature === null) last.signature = signature
    else this.parts.push({ type: "reasoning", text: "", summary: false, signature, param: PARAM })
    return event
  }
}

/** What several rounds came to; a half that one of them did not report is not known. */
export function summed(reports: readonly (UsageReport | null)[]): UsageReport {
  const sum = <Half extends "input" | "output">(half: Half): UsageReport[Half] => {
    const halves = reports.map((report) => report?.[half] ?? null)
    if (halves.length === 0 || halves.includes(null)) return null
    const total: Record<string, number> = {}
    for (const one of halves as Record<string, number>[])
      for (const [name, count] of Object.entries(one)) if (count !== undefined) total[name] = (total[name] ?? 0) + count
    return total as unknown as UsageReport[Half]
  }
  return { input: sum("input"), output: sum("output"), faults: [] }
}
