// Answers as responses: the events of a stream, or one document. Native answers keep their bytes; their last event waits for the charge.
// Other wires' answers are told in the words of the Responses API.
import type { AppError } from "../../../app/index.ts"
import { openaiBody } from "../../../http/index.ts"
import { type AnswerEvent, brokenAnswer, type Frame } from "../../providers/index.ts"
import { sseComment, sseEvent } from "../../sse.ts"
import { isObject, type Json } from "../checks.ts"
import type { Framer } from "../dialect.ts"
import { Assembly } from "./assembly.ts"
import type { ResponsesRequest } from "./request.ts"
import { type Answer, emptyAnswer, failedJson, idOf } from "./said.ts"

const nowSeconds = (): number => Math.floor(Date.now() / 1_000)
const ENDS = new Set(["response.completed", "response.incomplete", "response.failed"])

export class ResponsesFramer implements Framer {
  private out = ""
  private sequence = 0
  private assembly: Assembly | null = null
  /** Of a native stream: its answer as it was last told, and its last event, which leaves after the charge. */
  private told: Answer | null = null
  private last: { text: string; json: Json } | null = null

  constructor(
    private readonly request: ResponsesRequest,
    private readonly requestId: string,
  ) {}

  native({ raw }: Frame): string {
    const { name, data, json } = raw!
    if (typeof json.sequence_number === "number") this.sequence = json.sequence_number + 1
    const type = json.type as string
    const answer = json.response
    const text = sseEvent(data, name)
    if (!isObject(answer)) return text
    this.told = this.request.keep ? this.ours(answer, true) : (answer as unknown as Answer)
    if (ENDS.has(type)) {
      this.last = { text, json }
      return ""
    }
    return this.request.keep ? sseEvent(JSON.stringify({ ...json, response: this.told }), name) : text
  }

  events(events: readonly AnswerEvent[], model: string): string {
    const assembly = this.assembled(model)
    for (const event of events) assembly.take(event)
    return this.taken()
  }

  end(): string | Promise<string> {
    const { last } = this
    const { keep } = this.request
    if (!last) {
      if (this.told) return this.broken(brokenAnswer("no last event").error)
      const assembly = this.assembled(this.request.model)
      const type = assembly.end()
      this.request.remember?.(assembly.answer.output)
      return keep ? this.keptEnd(type, assembly.answer) : this.ended(type, assembly.answer)
    }
    this.request.remember?.(outputOf(this.told))
    if (!keep) return last.text
    return this.keptEnd(last.json.type as string, this.told!)
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
      this.request,
      this.requestId,
      (event) => this.send(event),
    )
    return this.assembly
  }

  /** What an answer that is kept says of itself; its name is ours, so that nobody else's names stand in our rows. */
  private ours(answer: object, store: boolean): Answer {
    const previous_response_id = (this.request.plain.previous_response_id as string | undefined) ?? null
    return { ...answer, id: idOf("resp", this.requestId), previous_response_id, store } as Answer
  }

  private ended(type: string, response: Answer): string {
    this.send({ type, response })
    return this.taken()
  }

  private async keptEnd(type: string, answer: Answer): Promise<string> {
    const store = await this.request.keep!(this.requestId, answer)
    // The last event of a native stream has its number already.
    if (this.last) this.sequence--
    return this.ended(type, { ...answer, store })
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
export function wholeResponse(
  request: ResponsesRequest,
  frame: Frame,
  isNative: boolean,
  requestId: string,
): string | Promise<string> {
  if (isNative && frame.raw) request.remember?.(outputOf(frame.raw.json))
  if (isNative && frame.raw && !request.keep) return frame.raw.data
  const answer = isNative && frame.raw ? frame.raw.json : assembledWhole(request, frame, requestId)
  return request.keep ? keptWhole(request, answer, requestId) : JSON.stringify(answer)
}

function assembledWhole(request: ResponsesRequest, frame: Frame, requestId: string): Answer {
  const answer = emptyAnswer(request, requestId, frame.model ?? request.model, nowSeconds())
  const assembly = new Assembly(answer, request, requestId, () => {})
  for (const event of frame.events) assembly.take(event)
  assembly.end()
  request.remember?.(answer.output)
  return answer
}

const outputOf = (answer: unknown): readonly unknown[] =>
  isObject(answer) && Array.isArray(answer.output) ? answer.output : []

async function keptWhole({ keep, plain }: ResponsesRequest, answer: object, requestId: string): Promise<string> {
  const previous_response_id = plain.previous_response_id ?? null
  const ours = { ...answer, id: idOf("resp", requestId), previous_response_id, store: true }
  return JSON.stringify({ ...ours, store: await keep!(requestId, ours) })
}
