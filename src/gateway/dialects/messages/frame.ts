// Answers as messages: the events of a stream, or one document. Native answers keep their bytes; their last event waits for the charge.
// Other wires' answers are told in Anthropic's words.
import type { RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages"
import type { AppError } from "../../../app/index.ts"
import { anthropicBody } from "../../../http/index.ts"
import type { AnswerEvent, Frame } from "../../providers/index.ts"
import { sseComment, sseEvent } from "../../sse.ts"
import type { Framer } from "../dialect.ts"
import type { MessagesRequest } from "./request.ts"
import { gathered } from "./said.ts"
import { Telling } from "./telling.ts"

const STOP = sseEvent('{"type":"message_stop"}', "message_stop")
const PING = sseEvent('{"type": "ping"}', "ping")

export class MessagesFramer implements Framer {
  private out = ""
  private isNative = false
  /** A native stream's last event. */
  private last = STOP
  private readonly telling: Telling

  constructor(
    private readonly request: MessagesRequest,
    private readonly requestId: string,
  ) {
    this.telling = new Telling(requestId, (event) => {
      this.out += sseEvent(JSON.stringify(event), event.type)
    })
  }

  native({ raw }: Frame): string {
    this.isNative = true
    const { name, data, json } = raw!
    const text = sseEvent(data, name)
    if (json.type !== "message_stop") return text
    this.last = text
    return ""
  }

  events(events: readonly AnswerEvent[], model: string): string {
    this.telling.take(events, model)
    return this.taken()
  }

  end(): string {
    if (this.isNative) return this.last
    this.telling.end(this.request.model)
    return this.taken()
  }

  keepAlive = (): string => PING
  comment = sseComment
  broken = (error: AppError): string => sseEvent(JSON.stringify(anthropicBody(error, this.requestId)), "error")
  failed = this.broken

  private taken(): string {
    const text = this.out
    this.out = ""
    return text
  }
}

/** A whole answer: its own text where this is its wire, else what its events would tell as a stream. */
export function wholeMessage(request: MessagesRequest, frame: Frame, isNative: boolean, requestId: string): string {
  if (isNative && frame.raw) return frame.raw.data
  const told: RawMessageStreamEvent[] = []
  const telling = new Telling(requestId, (event) => void told.push(event))
  const model = frame.model ?? request.model
  telling.take(frame.events, model)
  telling.end(model)
  return JSON.stringify(gathered(told))
}
