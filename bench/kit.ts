// What benchmarks over HTTP share: parts as processes of their own, load from raw sockets, and what the machine is.
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs"
import { cpus } from "node:os"
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

/** Keeps `connections` sockets busy for `ms`; one request at a time each. */
export async function load(port: number, connections: number, ms: number, request: () => Buffer): Promise<Load> {
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
      let missing = Number.POSITIVE_INFINITY
      const next = (socket: { write(data: Buffer): number; end(): unknown }) => {
        sentMs = performance.now()
        if (sentMs > endMs) {
          socket.end()
          return resolve()
        }
        socket.write(request())
      }
      await Bun.connect({
        hostname: "127.0.0.1",
        port,
        socket: {
          open: next,
          data(socket, data) {
            chunks.push(Buffer.from(data))
            if (missing === Number.POSITIVE_INFINITY) missing = lengthOf(Buffer.concat(chunks))
            const got = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
            if (got < missing) return
            latencies.push(performance.now() - sentMs)
            bytes += got
            if (!chunks[0]!.subarray(0, 12).equals(OK)) {
              bad++
              firstBad ||= Buffer.concat(chunks).toString().slice(0, 600)
            }
            chunks = []
            missing = Number.POSITIVE_INFINITY
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
    ...{ count, perSecond: count / seconds, p50Ms: at(0.5), p99Ms: at(0.99) },
    ...{ bytes: bytes / Math.max(1, count), bad, firstBad },
  }
}

const OK = Buffer.from("HTTP/1.1 200")
const HEAD_END = Buffer.from("\r\n\r\n")

/** Whole length of an answer with a content-length; infinite until its head is there. */
function lengthOf(buffer: Buffer): number {
  const head = buffer.indexOf(HEAD_END)
  if (head < 0) return Number.POSITIVE_INFINITY
  const length = /content-length: (\d+)/i.exec(buffer.toString("latin1", 0, head))
  if (!length) throw new Error("an answer without content-length")
  return head + 4 + Number(length[1])
}

export interface Part<First, Last> {
  first: First
  /** Ends its stdin and reads what it says last. */
  finish(): Promise<Last>
  kill(): void
}

/** A process of its own: `bun <script> --role=<role> …`, which prints one JSON line when it is ready. */
export async function part<First, Last>(script: string, role: string, ...args: string[]): Promise<Part<First, Last>> {
  const child = Bun.spawn([process.execPath, script, `--role=${role}`, ...args], {
    cwd: join(import.meta.dir, ".."),
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  })
  const lines = linesOf(child.stdout)
  const first = await lines.next()
  if (first.done) throw new Error(`${role} ended before it was ready`)
  return {
    first: JSON.parse(first.value) as First,
    async finish() {
      child.stdin.write("end\n")
      await child.stdin.end()
      return JSON.parse((await lines.next()).value ?? "{}") as Last
    },
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

/** Time of one write and fsync of 4 kB. */
export function measureFsync(folder: string): number {
  const file = openSync(join(folder, "fsync"), "w")
  const started = performance.now()
  for (let at = 0; at < 50; at++) {
    writeSync(file, "x".repeat(4_096))
    fsyncSync(file)
  }
  closeSync(file)
  return (performance.now() - started) / 50
}

export const machine = (fsyncMs: number): string =>
  `${cpus().length} CPUs (${cpus()[0]?.model}), fsync ${fsyncMs.toFixed(3)} ms, all processes on this machine`
export const two = (value: number): number => Math.round(value * 100) / 100
export const say = (what: object): void => console.log(JSON.stringify(what))
