// Answers as responses: the events of a stream, or one document. Native answers keep their bytes; their last event waits for the charge.
// Other wires' answers are told in the words of the Responses API.
import type { AppError } from "../../../app/index.ts"
import { openaiBody } from "../../../http/index.ts"
import type { AnswerEvent, Frame } from "../../providers/index.ts"
import { sseComment, sseEvent } from "../../sse.ts"
import type { Framer } from "../dialect.ts"
import { Assembly } from "./assembly.ts"
import type { ResponsesRequest } from "./request.ts"
import { type Answer, emptyAnswer, failedJson } from "./said.ts"

const nowSeconds = (): number => Math.floor(Date.now() / 1_000)
const ENDS = new Set(["response.completed", "response.incomplete", "response.failed"])

export class ResponsesFramer implements Framer {
  private out = ""
  private sequence = 0
  private assembly: Assembly | null = null
  /** Of a native stream: its answer as it was last told, and its end, which leaves after the charge. */
  private told: Answer | null = null
  private lastEvent = ""

  constructor(
    private readonly request: ResponsesRequest,
    private readonly requestId: string,
  ) {}

  native({ raw }: Frame): string {
    const { name, data, json } = raw!
    if (typeof json.sequence_number === "number") this.sequence = json.sequence_number + 1
    if (typeof json.response === "object") this.told = json.response as Answer
    const text = sseEvent(data, name)
    if (!ENDS.has(json.type as string)) return text
    this.lastEvent = text
    return ""
  }

  events(events: readonly AnswerEvent[], model: string): string {
    const assembly = this.assembled(model)
    for (const event of events) assembly.take(event)
    return this.taken()
  }

  end(): string {
    if (this.lastEvent !== "") return this.lastEvent
    this.assembled(this.request.model).end()
    return this.taken()
  }

  keepAlive = (): string => sseComment("keep-alive")
  comment = sseComment

  /** The error as an event of its own, and as the answer's end: clients listen for one or the other. */
  broken(error: AppError): string {
    const { type: kind, ...rest } = openaiBody(error).error
    const told = { message: rest.message, param: rest.param, code: rest.code }
    if (!this.told) this.assembled(this.request.model).cut()
    this.send({ type: "error", ...told, error: { type: kind, ...rest } })
    if (this.told) {
      this.send({ type: "response.failed", response: { ...this.told, status: "failed", error: failedJson(error) } })
    } else this.assembly!.fail(error)
    return this.taken()
  }

  failed = (error: AppError): string => this.broken(error)

  private assembled(model: string): Assembly {
    this.assembly ??= new Assembly(
      emptyAnswer(this.request, this.requestId, model, nowSeconds()),
      this.requestId,
      (event) => this.send(event),
    )
    return this.assembly
  }

  private send<Event extends { type: string }>(event: Event): void {
    this.out += sseEvent(JSON.stringify({ ...event, sequence_number: this.sequence++ }), event.type)
  }

  private taken(): string {
    const text = this.out
    this.out = ""
    return text
  }
}

/** A whole answer: its own text where this is its wire, else one document made of its events. */
export function wholeResponse(request: ResponsesRequest, frame: Frame, isNative: boolean, requestId: string): string {
  if (isNative && frame.raw) return frame.raw.data
  const answer = emptyAnswer(request, requestId, frame.model ?? request.model, nowSeconds())
  const assembly = new Assembly(answer, requestId, () => {})
  for (const event of frame.events) assembly.take(event)
  assembly.end()
  return JSON.stringify(answer)
}
