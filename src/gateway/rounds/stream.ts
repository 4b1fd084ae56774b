// A call with tools as one stream: each round's words as they come, which tools run and what they said, and one end. Nothing runs ahead of
// its reader but a tool.
import { AppError, within } from "../../app/index.ts"
import type { Framer, Question } from "../dialects/dialect.ts"
import type { Heard } from "./heard.ts"
import type { Round, Rounds } from "./rounds.ts"

export async function streamed<Body extends Question>(rounds: Rounds<Body>): Promise<Response> {
  const { dialect, body, posed } = rounds
  const framer = dialect.framer(body, posed.requestId)
  const gone = new AbortController()
  const signal = AbortSignal.any([posed.signal, gone.signal])
  // Refused before anything was told: a status of its own.
  const first = await rounds.ask(framer, signal)
  const telling = told(rounds, framer, first, signal)
  const encoder = new TextEncoder()
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await telling.next()
        if (done || signal.aborted) return controller.close()
        controller.enqueue(typeof value === "string" ? encoder.encode(value) : value)
      },
      cancel: () => gone.abort(),
    },
    { highWaterMark: 0 },
  )
  return new Response(stream, { headers: first.response.headers })
}

type Chunks = AsyncGenerator<string | Uint8Array, void>

async function* told<Body extends Question>(
  rounds: Rounds<Body>,
  framer: Framer,
  first: Round,
  signal: AbortSignal,
): Chunks {
  let round: Round = first
  while (true) {
    yield* bytesOf(round, signal)
    if (signal.aborted) return
    const calls = await rounds.hear(round)
    const { failure, model } = round.heard
    if (failure)
      return yield rounds.isFirst && rounds.chargedNano === 0 ? framer.failed(failure) : framer.broken(failure)
    if (calls.length === 0) return yield* ended(rounds, framer, round.heard)
    yield* ran(rounds, framer, calls, model, signal)
    if (signal.aborted) return
    if (rounds.stopped) return yield* ended(rounds, framer, round.heard)
    try {
      round = await rounds.ask(framer, signal)
    } catch (error) {
      if (rounds.stopBy(error)) return yield* ended(rounds, framer, round.heard)
      const known =
        error instanceof AppError ? error : new AppError("internal", "Something failed on our side.", {}, error)
      rounds.deps.log.error("gateway.stream_broken", {
        request: rounds.posed.requestId,
        code: known.code,
        error: known.detail ?? known.message,
      })
      return yield framer.broken(known)
    }
  }
}

async function* bytesOf({ response }: Round, signal: AbortSignal): Chunks {
  const reader = response.body!.getReader()
  const leave = () => void reader.cancel().catch(() => {})
  signal.addEventListener("abort", leave, { once: true })
  try {
    while (true) {
      const { value, done } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    signal.removeEventListener("abort", leave)
  }
}

/** Tools at work, told as they begin and end, with signs of life in between. */
async function* ran<Body extends Question>(
  rounds: Rounds<Body>,
  framer: Framer,
  calls: Parameters<Rounds["run"]>[0],
  model: string | null,
  signal: AbortSignal,
): Chunks {
  let waiting = ""
  let wake = Promise.withResolvers<void>()
  let isOver = false
  const running = rounds
    .run(calls, signal, (event) => {
      waiting += framer.events([event], model ?? rounds.body.model)
      wake.resolve()
    })
    .finally(() => {
      isOver = true
      wake.resolve()
    })
  running.catch(() => {})
  while (!isOver || waiting !== "") {
    const woken =
      waiting !== "" ||
      (await within(
        wake.promise.then(() => true),
        rounds.deps.timeouts.keepAliveMs,
      ))
    if (!woken) {
      yield framer.keepAlive()
      continue
    }
    wake = Promise.withResolvers()
    const text = waiting
    waiting = ""
    if (text !== "") yield text
  }
  await running
}

/** Every part is settled by now. */
async function* ended<Body extends Question>(rounds: Rounds<Body>, framer: Framer, heard: Heard): Chunks {
  const { chargedNano, balanceAfterNano } = rounds.receipt()
  const events = framer.events(rounds.end(heard), heard.model ?? rounds.body.model)
  const last = await framer.end()
  const charge = rounds.posed.tellsCharge ? framer.comment(`charged ${chargedNano} remaining ${balanceAfterNano}`) : ""
  yield `${events}${charge}${last}`
}
