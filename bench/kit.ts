// What benchmarks over HTTP share: parts as processes of their own, and load from raw sockets.
import { join } from "node:path"

export interface Load {
  count: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  bytes: number
  bad: number
  firstBad: string
}

/** Keeps `connections` sockets busy for `ms`, or until `request` has nothing more (null); one request at a time each. */
export async function load(port: number, connections: number, ms: number, request: () => Buffer | null): Promise<Load> {
  const latencies: number[] = []
  let bytes = 0
  let bad = 0
  let firstBad = ""
  const startedMs = performance.now()
  const endMs = startedMs + ms
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      let chunks: Buffer[] = []
      let sentMs = 0
      let whole: number | null = Number.POSITIVE_INFINITY
      const next = (socket: { write(data: Buffer): number; end(): unknown }) => {
        sentMs = performance.now()
        const bytes = sentMs > endMs ? null : request()
        if (bytes) return void socket.write(bytes)
        socket.end()
        resolve()
      }
      await Bun.connect({
        hostname: "127.0.0.1",
        port,
        socket: {
          open: next,
          data(socket, data) {
            chunks.push(Buffer.from(data))
            if (whole === Number.POSITIVE_INFINITY) whole = lengthOf(Buffer.concat(chunks))
            const got = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
            if (whole === null ? !endsWith(chunks, LAST_CHUNK) : got < whole) return
            latencies.push(performance.now() - sentMs)
            bytes += got
            // The first piece may be a few bytes.
            const begin = chunks[0]!.length < OK.length ? Buffer.concat(chunks.slice(0, 3)) : chunks[0]!
            if (!begin.subarray(0, OK.length).equals(OK)) {
              bad++
              firstBad ||= Buffer.concat(chunks).toString().slice(0, 600)
            }
            chunks = []
            whole = Number.POSITIVE_INFINITY
            next(socket)
          },
          error: (_, error) => reject(error),
          close: () => resolve(),
        },
      })
      return promise
    }),
  )
  const seconds = (performance.now() - startedMs) / 1_000
  latencies.sort((a, b) => a - b)
  const at = (part: number) => latencies[Math.floor(latencies.length * part)] ?? 0
  const count = latencies.length
  return {
    count,
    perSecond: count / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    bytes: bytes / Math.max(1, count),
    bad,
    firstBad,
  }
}

const OK = Buffer.from("HTTP/1.1 200")
const HEAD_END = Buffer.from("\r\n\r\n")
const LAST_CHUNK = Buffer.from("0\r\n\r\n")

/** Whole length of an answer; infinite until its head is there, null when it comes in chunks. */
function lengthOf(buffer: Buffer): number | null {
  const head = buffer.indexOf(HEAD_END)
  if (head < 0) return Number.POSITIVE_INFINITY
  const length = /content-length: (\d+)/i.exec(buffer.toString("latin1", 0, head))
  return length ? head + 4 + Number(length[1]) : null
}

/** The end may lie across two chunks. */
function endsWith(chunks: Buffer[], end: Buffer): boolean {
  const last = chunks.at(-1)!
  const tail = last.length >= end.length ? last : Buffer.concat(chunks.slice(-3))
  return tail.subarray(-end.length).equals(end)
}

/** The run in the middle, by answers per second. */
export const median = (loads: Load[]): Load =>
  loads.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(loads.length / 2)]!

/** Requests in turn, by a large prime step: neighbours in time are strangers in the file. */
export function turns(requests: Buffer[]): () => Buffer {
  let at = 0
  return () => {
    at = (at + 7_919) % requests.length
    return requests[at]!
  }
}

/** Each request once. */
export function once(requests: Buffer[]): () => Buffer | null {
  let at = 0
  return () => requests[at++] ?? null
}

export interface Part<First, Last> {
  first: First
  /** Says a word on its stdin and reads the JSON line that it answers. */
  ask<T>(word: string): Promise<T>
  /** Ends its stdin and reads what it says last. */
  finish(): Promise<Last>
  pid: number
  /** Its exit code. */
  exited: Promise<number>
  kill(): void
}

/** A process of its own: `bun <script> --role=<role> …`, which prints one JSON line when it is ready. */
export const part = <First, Last>(script: string, role: string, ...args: string[]): Promise<Part<First, Last>> =>
  startPart([script, `--role=${role}`, ...args])

/** The same with bun's own options in front. @param log file for what it says on stderr; inherited by default */
export async function startPart<First, Last>(command: string[], log?: string): Promise<Part<First, Last>> {
  const child = Bun.spawn([process.execPath, ...command], {
    cwd: join(import.meta.dir, ".."),
    stdin: "pipe",
    stdout: "pipe",
    stderr: log === undefined ? "inherit" : Bun.file(log),
  })
  const lines = linesOf(child.stdout)
  const next = async <T>(): Promise<T> => {
    const line = await lines.next()
    if (line.done) throw new Error(`${command.join(" ")} ended before it answered`)
    return JSON.parse(line.value) as T
  }
  return {
    first: await next<First>(),
    async ask<T>(word: string) {
      child.stdin.write(`${word}\n`)
      await child.stdin.flush()
      return next<T>()
    },
    async finish() {
      child.stdin.write("end\n")
      await child.stdin.end()
      return next<Last>()
    },
    pid: child.pid,
    exited: child.exited,
    kill: () => child.kill(),
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n")
    rest = lines.pop()!
    for (const line of lines) if (line.startsWith("{")) yield line
  }
}
