// An answer in the words of the Responses API, made of events: the stream and the whole are one and the same object, told on the way or
// at the end.
import type { AppError } from "../../../app/index.ts"
import { type AnswerEvent, type FinishReason, mergedReport, type UsageReport } from "../../providers/index.ts"
import { Hosted } from "./hosted.ts"
import { Call, type Emit, type Item, Message, picture, Reasoning } from "./items.ts"
import { type Names, namesIn } from "./namespaces.ts"
import type { ResponsesRequest } from "./request.ts"
import { type Answer, failedJson, idOf, usageJson } from "./said.ts"
import { SearchCall } from "./search-call.ts"

type Event<Type extends AnswerEvent["type"]> = Extract<AnswerEvent, { type: Type }>

const REASONS = { length: "max_output_tokens", content_filter: "content_filter" } as const

export class Assembly {
  /** Open to the end: the pieces of several calls may come in any order. */
  private readonly calls = new Map<number, Call | SearchCall>()
  /** Tools that run here, by the name of their charge. */
  private readonly hostedCalls = new Map<string, Hosted>()
  private stopped: string | null = null
  private readonly callIds = new Set<string>()
  private open: Message | Reasoning | null = null
  private report: UsageReport | null = null
  private finish: FinishReason = "stop"
  private readonly asksSummary: boolean
  private readonly names: Names
  isBegun = false

  constructor(
    readonly answer: Answer,
    request: Pick<ResponsesRequest, "plain" | "history">,
    private readonly requestId: string,
    private readonly emit: Emit,
  ) {
    this.names = namesIn(request)
    this.asksSummary = !!answer.reasoning?.summary || !!answer.reasoning?.generate_summary
  }

  begin(): void {
    if (this.isBegun) return
    this.isBegun = true
    this.emit({ type: "response.created", response: this.snapshot() })
    this.emit({ type: "response.in_progress", response: this.snapshot() })
  }

  take(event: AnswerEvent): void {
    this.begin()
    switch (event.type) {
      case "text":
        if (event.choice === 0 && (event.text !== "" || event.logprobs)) this.message().text(event)
        break
      case "refusal":
        if (event.choice === 0 && event.text !== "") this.message().refusal(event.text)
        break
      case "citation":
        if (event.choice === 0) this.message().citation(event.citation)
        break
      case "reasoning":
        if (event.choice === 0 && event.text !== "") this.thought(event)
        break
      case "signature":
        if (event.choice === 0) this.seal(event)
        break
      case "tool":
        if (event.choice === 0) this.tool(event)
        break
      case "media":
        if (event.choice === 0 && event.media === "image" && event.url !== "") this.picture(event.url)
        break
      case "hosted":
        this.hosted(event)
        break
      case "stopped":
        this.stopped = event.code
        break
      case "usage":
        this.report = mergedReport(this.report, event.report)
        break
      case "finish":
        if (event.choice === 0) this.finish = event.reason
        if (event.choice === 0) this.closeAll()
    }
  }

  /** The regular end. @returns the last event's name; what it tells is `answer` */
  end(): "response.completed" | "response.incomplete" {
    this.begin()
    this.closeAll()
    const { answer, finish } = this
    // SDKs that check answers refuse one without usage.
    answer.usage = usageJson(this.report ?? { input: null, output: null, faults: [] })
    if (finish === "length" || finish === "content_filter") {
      answer.status = "incomplete"
      // Rounds that ended early say why in a word of ours: OpenAI's types know two reasons.
      answer.incomplete_details = { reason: (this.stopped ?? REASONS[finish]) as (typeof REASONS)[typeof finish] }
      return "response.incomplete"
    }
    answer.status = "completed"
    answer.completed_at = Math.floor(Date.now() / 1_000)
    return "response.completed"
  }

  /** In the middle: what was said stays said. */
  cut(): void {
    this.begin()
    this.closeAll(true)
  }

  fail(error: AppError): void {
    const { answer } = this
    answer.status = "failed"
    answer.error = failedJson(error)
    if (this.report) answer.usage = usageJson(this.report)
    this.emit({ type: "response.failed", response: this.snapshot() })
  }

  /** The types of the SDK have `output_text`, which the SDK makes. */
  private snapshot = () => ({ ...this.answer, output: [...this.answer.output] }) as Answer & { output_text: string }

  private add<Kind extends Item>(make: (index: number) => Kind): Kind {
    const made = make(this.answer.output.length)
    this.answer.output.push(made.item)
    return made
  }

  private nameOf = (prefix: string): string => idOf(prefix, this.requestId, this.answer.output.length)

  private message(): Message {
    if (this.open instanceof Message) return this.open
    this.closeOpen()
    const message = this.add((index) => new Message(this.emit, index, this.nameOf("msg")))
    this.open = message
    return message
  }

  private reasoning(id = this.nameOf("rs")): Reasoning {
    if (this.open instanceof Reasoning) return this.open
    this.closeOpen()
    const reasoning = this.add((index) => new Reasoning(this.emit, index, id))
    this.open = reasoning
    return reasoning
  }

  /** Clients that ask for a summary look for thinking there alone. */
  private thought({ text, summary }: Event<"reasoning">): void {
    this.reasoning().text(text, summary || this.asksSummary ? "summary" : "content")
  }

  private seal({ signature, tool }: Event<"signature">): void {
    const call = tool === undefined ? undefined : this.calls.get(tool)
    if (call) {
      // A seal of a call stands in an item of its own, which names the call.
      this.closeOpen()
      this.reasoning().seal({ ...signature, id: call.item.call_id })
    } else this.reasoning(this.freeId(signature.id)).seal(signature)
    this.closeOpen()
  }

  /** OpenAI's seals fit only the name they were made for. */
  private freeId(id: string | undefined): string {
    const isFree = id?.startsWith("rs_") && !this.answer.output.some((item) => item.id === id)
    return isFree ? id! : this.nameOf("rs")
  }

  private tool(event: Event<"tool">): void {
    let call = this.calls.get(event.index)
    if (call) call.grow(event.name, event.arguments)
    else {
      this.closeOpen()
      const custom = event.custom === true
      const callId = event.id !== "" && !this.callIds.has(event.id) ? event.id : this.nameOf("call")
      this.callIds.add(callId)
      const said = { name: event.name, custom, ...this.names.get(event.name) }
      call = this.add((index) =>
        said.isSearch
          ? new SearchCall(this.emit, index, this.nameOf("tsc"), callId)
          : new Call(this.emit, index, this.nameOf(custom ? "ctc" : "fc"), callId, said),
      )
      this.calls.set(event.index, call)
      call.grow("", event.arguments)
    }
  }

  private hosted({ stage, call }: Event<"hosted">): void {
    if (stage === "begun") {
      this.closeOpen()
      this.hostedCalls.set(
        call.requestId,
        this.add((index) => new Hosted(this.emit, index, this.nameOf("mcp"), call)),
      )
    } else this.hostedCalls.get(call.requestId)?.done(call)
  }

  private picture(url: string): void {
    this.closeOpen()
    this.add((index) => picture(this.emit, index, this.nameOf("ig"), url))
  }

  private closeOpen(status: "completed" | "incomplete" = "completed"): void {
    this.open?.close(status)
    this.open = null
  }

  /** Only what was being said when the answer was cut is incomplete. */
  private closeAll(isCut = this.finish === "length" || this.finish === "content_filter"): void {
    const last = this.answer.output.at(-1)
    for (const call of this.calls.values()) call.close(isCut && call.item === last ? "incomplete" : "completed")
    this.calls.clear()
    this.closeOpen(isCut ? "incomplete" : "completed")
  }
}
