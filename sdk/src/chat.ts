// One call: its words as they come, its events, or the whole answer.
import type { Answer, Chat } from "../sdk.d.ts"
import { broken, PurserError } from "./errors.ts"

interface Event {
  id?: string
  model?: string
  choices?: {
    delta?: { content?: string | null }
    message?: { content?: string | null }
    finish_reason?: string | null
  }[]
  usage?: { prompt_tokens: number; completion_tokens: number } | null
  error?: { code?: string; message?: string }
}

/**
 * @param send the call, streamed or not
 * @param costOf what a finished call was charged, by its id
 * @param done after the last word, or the error
 */
export function createChat(
  send: (stream: boolean) => Promise<Response>,
  costOf: (requestId: string) => Promise<string>,
  done: (error?: unknown) => void,
): Chat {
  let stream: AsyncGenerator<Event> | undefined
  let whole: Promise<Answer> | undefined
  let finished: () => void
  const end = new Promise<void>((resolve) => {
    finished = resolve
  })
  const answer: Answer = { text: "", model: "", finishReason: null, usage: null, charged: null, requestId: "" }

  const take = (event: Event): string => {
    const [choice] = event.choices ?? []
    const words = choice?.delta?.content ?? choice?.message?.content ?? ""
    answer.text += words
    answer.model = event.model ?? answer.model
    answer.finishReason = choice?.finish_reason ?? answer.finishReason
    if (event.usage) answer.usage = { input: event.usage.prompt_tokens, output: event.usage.completion_tokens }
    return words
  }

  /** Whatever ends it, an early `break` too, is told once. */
  async function* run(): AsyncGenerator<Event> {
    let failed: unknown
    try {
      const response = await send(true)
      answer.requestId = response.headers.get("x-request-id") ?? ""
      for await (const event of eventsOf(response)) {
        take(event)
        yield event
      }
    } catch (error) {
      failed = broken(error)
      throw failed
    } finally {
      finished()
      done(failed)
    }
  }
  async function* words(): AsyncGenerator<string> {
    for await (const event of once()) {
      const text = event.choices?.[0]?.delta?.content
      if (text) yield text
    }
  }
  const once = (): AsyncGenerator<Event> => {
    if (stream || whole) throw new PurserError("bad_request", "This answer was read already.")
    stream = run()
    return stream
  }

  async function all(): Promise<Answer> {
    if (stream) {
      await end
      answer.charged = answer.requestId ? await costOf(answer.requestId).catch(() => null) : null
      return answer
    }
    try {
      const response = await send(false)
      answer.requestId = response.headers.get("x-request-id") ?? ""
      answer.charged = response.headers.get("x-credits-charged")
      take(await response.json())
      done()
      return answer
    } catch (error) {
      const known = broken(error)
      done(known)
      throw known
    }
  }

  return {
    [Symbol.asyncIterator]: words,
    events: once as unknown as Chat["events"],
    // biome-ignore lint/suspicious/noThenProperty: `await ai.chat(…)` is the whole answer
    then(resolve, reject) {
      whole ??= all()
      return whole.then(resolve, reject)
    },
  }
}

/** Server-sent events of a stream, until `[DONE]`. @throws PurserError for one that breaks or says an error */
async function* eventsOf(response: Response): AsyncGenerator<Event> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  try {
    for (;;) {
      const { value, done } = await reader.read()
      // It ends by its last word alone.
      if (done) throw new PurserError("offline", "The answer broke off.")
      rest += value
      const lines = rest.split("\n")
      rest = lines.pop()!
      for (const line of lines) {
        if (!line.startsWith("data:")) continue
        const data = line.slice(5).trim()
        if (data === "[DONE]") return
        const event = JSON.parse(data) as Event
        if (event.error)
          throw new PurserError("unavailable", event.error.message, { serverCode: event.error.code ?? "" })
        yield event
      }
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}
