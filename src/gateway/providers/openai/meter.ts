// Meters one stream as it passes: which events the client gets, what was produced so far, what the upstream reports.
// Holds figures only, never the text.
import type { TokenUsage } from "../../../pricing/index.ts"
import { sseEvent } from "../sse.ts"
import { readUsage, streamedTokens } from "./rules.ts"

interface Chunk {
  model?: unknown
  choices?: Choice[]
  usage?: unknown
  error?: unknown
}
interface Choice {
  delta?: Delta
  finish_reason?: string | null
}
interface Delta {
  content?: unknown
  reasoning_content?: unknown
  reasoning?: unknown
  refusal?: unknown
  tool_calls?: { function?: { name?: unknown; arguments?: unknown } }[]
  function_call?: { name?: unknown; arguments?: unknown }
}

/** What one event means for the relay. */
export type Verdict = "forward" | "drop" | "done" | "error"

export class Meter {
  /** As the upstream reported it; null until then, or when it is not credible. */
  usage: TokenUsage | null = null
  /** Streamed pieces with text, and their UTF-8 bytes. */
  pieces = 0
  bytes = 0
  finished = false
  /** The model that answers, as the chunks name it. */
  model: string | null = null
  /** What to send for the last forwarded event. */
  text = ""
  /** What the upstream said went wrong. */
  errorText = ""

  constructor(private readonly clientWantsUsage: boolean) {}

  get outputTokens(): number {
    return streamedTokens(this.pieces, this.bytes)
  }

  take(data: string, name: string): Verdict {
    if (data === "[DONE]") return "done"
    let chunk: Chunk
    try {
      chunk = JSON.parse(data) as Chunk
    } catch {
      return this.fail("not JSON")
    }
    if (typeof chunk !== "object" || chunk === null) return this.fail("not an object")
    if (chunk.error || name === "error") return this.fail(data)
    if (typeof chunk.model === "string" && chunk.model !== "") this.model = chunk.model
    const choices = Array.isArray(chunk.choices) ? chunk.choices : []
    for (const choice of choices) this.choice(choice)
    return this.withUsage(chunk, choices.length, data, name)
  }

  private choice(choice: Choice): void {
    if (choice.finish_reason) this.finished = true
    const delta = choice.delta
    if (!delta) return
    let bytes = size(delta.content) + size(delta.reasoning_content ?? delta.reasoning) + size(delta.refusal)
    if (Array.isArray(delta.tool_calls)) {
      for (const call of delta.tool_calls) bytes += size(call?.function?.name) + size(call?.function?.arguments)
    }
    if (delta.function_call) bytes += size(delta.function_call.name) + size(delta.function_call.arguments)
    if (bytes === 0) return
    this.pieces++
    this.bytes += bytes
  }

  /** Usage repeats on some upstreams' chunks: the last one counts. The client sees it only when it asked. */
  private withUsage(chunk: Chunk, choices: number, data: string, name: string): Verdict {
    this.text = ""
    if (chunk.usage === undefined || chunk.usage === null) {
      this.text = sseEvent(data, name)
      return "forward"
    }
    const read = readUsage(chunk.usage)
    if (read) this.usage = read
    if (this.clientWantsUsage) {
      this.text = sseEvent(data, name)
      return "forward"
    }
    if (choices === 0) return "drop"
    const { usage: _, ...rest } = chunk
    this.text = sseEvent(JSON.stringify(rest), name)
    return "forward"
  }

  private fail(text: string): Verdict {
    this.errorText = text
    return "error"
  }
}

const size = (text: unknown): number => (typeof text === "string" && text !== "" ? Buffer.byteLength(text) : 0)
