// Heavy reads (verify, export, analytics over ranges) run in a Worker with a read-only connection of its own: on the main
// thread an aggregate over millions of rows would stop every stream (DESIGN §1).
import { LIMITS, within } from "../app/index.ts"
import { copyLog } from "./checkpoint.ts"
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
  /** Copies the log into the database; see `Checkpoints`. */
  copyLog(): Promise<void>
  /** Lets go of the file, then ends; what is under way is refused at once. A read that takes too long is cut. */
  stop(): Promise<void>
}

const COPY_LOG = "store.copyLog"
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

/** Starts lazily; a worker that dies is replaced at the next question. */
export function createReadWorker(script: URL | string, path: string): ReadWorker {
  let worker: Worker | null = null
  let nextId = 1
  let stopped = false
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()

  const refuse = (reason: string) => {
    for (const { reject } of waiting.values()) reject(new Error(`the read worker stopped: ${reason}`))
    waiting.clear()
  }
  const die = (reason: string) => {
    worker?.terminate()
    worker = null
    refuse(reason)
  }
  const start = (): Worker => {
    const started = new Worker(script)
    started.onmessage = ({ data }: MessageEvent<Answer>) => {
      const one = waiting.get(data.id)
      waiting.delete(data.id)
      if (data.error === undefined) one?.resolve(data.value as never)
      else one?.reject(new Error(data.error))
    }
    started.onerror = (event) => die(event.message)
    // An idle worker must not keep a finished process alive.
    ;(started as Worker & { unref?(): void }).unref?.()
    return started
  }
  const ask = <T>(name: string, input?: unknown, stream?: StreamQuestion): Promise<T> => {
    if (stopped && name !== CLOSE) return Promise.reject(new Error("the read worker stopped: closing"))
    worker ??= start()
    const id = nextId++
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      worker?.postMessage({ id, path, name, input, ...(stream && { stream }) } satisfies Question)
    })
  }
  return {
    ask: (name, input) => ask(name, input),
    stream: <T>(name: string, input: unknown = null) => pieces<T>(ask, () => worker !== null, nextId++, name, input),
    async copyLog() {
      try {
        await ask(COPY_LOG)
      } catch (error) {
        if (!stopped) throw error
      }
    },
    async stop() {
      stopped = true
      refuse("closing")
      if (worker) await within(ask(CLOSE), LIMITS.readWorkerStopMs).catch(() => {})
      die("closing")
    },
  }
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
    if (name === COPY_LOG) return copyLog(path)
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
