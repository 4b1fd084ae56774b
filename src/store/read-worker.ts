// Heavy reads (verify, export, analytics over ranges) run in a Worker with a read-only connection of its own: on the main
// thread an aggregate over millions of rows would stop every stream (DESIGN §1).
import { LIMITS, Passing, within } from "../app/index.ts"
import { openReadOnly } from "./open.ts"
import { type HeavyStreams, ReadStreams, type StreamQuestion } from "./read-streams.ts"
import type { SnapshotReader } from "./types.ts"

/** Named reads with cloneable input and result. */
export type HeavyReads = Record<string, (reader: SnapshotReader, input: unknown) => unknown>

export interface ReadWorker {
  /** @throws Error with the read's own message, or when the worker died */
  ask<T>(name: string, input?: unknown): Promise<T>
  /** A long read of one moment, piece by piece as it is taken; whoever stops early ends it. */
  stream<T>(name: string, input?: unknown): AsyncGenerator<T>
  /** Lets go of the file, then ends; what is under way is refused at once. A read that takes too long is cut. */
  stop(): Promise<void>
}

const CLOSE = "store.close"

interface Question {
  id: number
  path: string
  name: string
  input: unknown
  stream?: StreamQuestion
}
interface Answer {
  id: number
  value?: unknown
  error?: string
}

/** Questions without an answer yet. */
class Waiting {
  private readonly asked = new Passing<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()

  get size(): number {
    return this.asked.size
  }
  add<T>(id: number): Promise<T> {
    return new Promise<T>((resolve, reject) => this.asked.set(id, { resolve, reject }))
  }
  answer({ id, value, error }: Answer): void {
    const one = this.asked.get(id)
    this.asked.delete(id)
    if (error === undefined) one?.resolve(value as never)
    else one?.reject(new Error(error))
  }
  refuse(reason: string): void {
    for (const { reject } of this.asked.values()) reject(new Error(`the read worker stopped: ${reason}`))
    this.asked.clear()
  }
}

/** Starts lazily and ends when nobody asks; a worker that died or ended is replaced at the next question. */
export function createReadWorker(
  script: URL | string,
  path: string,
  idleMs: number = LIMITS.readWorkerIdleMs,
): ReadWorker {
  let worker: Worker | null = null
  let idle: ReturnType<typeof setTimeout> | undefined
  let streams = 0
  let nextId = 1
  let stopped = false
  const waiting = new Waiting()

  const die = (reason: string) => {
    worker?.terminate()
    worker = null
    waiting.refuse(reason)
  }
  const rest = () => {
    clearTimeout(idle)
    if (waiting.size > 0 || streams > 0 || stopped || !worker) return
    idle = setTimeout(() => {
      if (worker) closeIdle(worker, path)
      worker = null
    }, idleMs)
    idle.unref()
  }
  const hear = ({ data }: MessageEvent<Answer>) => {
    waiting.answer(data)
    rest()
  }
  const ask = <T>(name: string, input?: unknown, stream?: StreamQuestion): Promise<T> => {
    if (stopped && name !== CLOSE) return Promise.reject(new Error("the read worker stopped: closing"))
    clearTimeout(idle)
    worker ??= started(script, hear, die)
    const id = nextId++
    const answer = waiting.add<T>(id)
    worker.postMessage({ id, path, name, input, ...(stream && { stream }) } satisfies Question)
    return answer
  }
  return {
    ask: (name, input) => ask(name, input),
    async *stream<T>(name: string, input: unknown = null) {
      streams++
      try {
        yield* pieces<T>(ask, () => worker !== null, nextId++, name, input)
      } finally {
        streams--
        rest()
      }
    },
    async stop() {
      stopped = true
      clearTimeout(idle)
      waiting.refuse("closing")
      if (worker) await within(ask(CLOSE), LIMITS.readWorkerStopMs).catch(() => {})
      die("closing")
    },
  }
}

function started(
  script: URL | string,
  hear: (event: MessageEvent<Answer>) => void,
  die: (reason: string) => void,
): Worker {
  const worker = unreferenced(new Worker(script))
  worker.onmessage = hear
  worker.onerror = ({ message }) => die(message)
  return worker
}

/** Lets go of the file, then ends. What is asked meanwhile is asked of another. */
function closeIdle(worker: Worker, path: string): void {
  worker.onmessage = worker.onerror = () => worker.terminate()
  worker.postMessage({ id: 0, path, name: CLOSE, input: null } satisfies Question)
}

/** An idle worker must not keep a finished process alive. */
export function unreferenced(worker: Worker & { unref?(): void }): Worker {
  worker.unref?.()
  return worker
}

type Ask = <T>(name: string, input?: unknown, stream?: StreamQuestion) => Promise<T>

async function* pieces<T>(
  ask: Ask,
  isAlive: () => boolean,
  stream: number,
  name: string,
  input: unknown,
): AsyncGenerator<T> {
  let isOver = false
  try {
    for (let first = true; ; first = false) {
      const next = await ask<{ done: boolean; piece?: T }>(name, first ? input : undefined, { stream })
      isOver = next.done
      if (next.done) return
      yield next.piece as T
    }
  } catch (error) {
    isOver = true
    throw error
  } finally {
    // A worker that died has forgotten it already.
    if (!isOver && isAlive()) await ask(name, null, { stream, end: true }).catch(() => {})
  }
}

/** The worker's side: answers questions until it is terminated. */
export function answerReads(reads: HeavyReads, heavyStreams: HeavyStreams = {}): void {
  const streams = new ReadStreams(heavyStreams)
  const readers = new Map<string, ReturnType<typeof openReadOnly>>()
  const answerTo = ({ path, name, input, stream }: Question): unknown => {
    if (name === CLOSE) {
      streams.closeAll()
      for (const reader of readers.values()) reader.close()
      return readers.clear()
    }
    if (stream) return streams.next(stream, path, name, input)
    const reader = readers.get(path) ?? openReadOnly(path)
    readers.set(path, reader)
    const read = reads[name]
    if (!read) throw new Error(`no heavy read is named ${name}`)
    return read(reader, input)
  }
  self.onmessage = ({ data }: MessageEvent<Question>) => {
    const answer: Answer = { id: data.id }
    try {
      answer.value = answerTo(data)
    } catch (error) {
      answer.error = error instanceof Error ? error.message : String(error)
    }
    self.postMessage(answer)
  }
}
