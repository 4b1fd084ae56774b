// For tests only: upstreams that answer as real ones were seen to, byte for byte (`test/cases/gateway`, each with a note
// of what is right).
import { readFileSync } from "node:fs"
import { createServer, type Socket } from "node:net"
import { join } from "node:path"
import type { Log } from "../../app/index.ts"
import { ASK, kit, start, token, type V1Options } from "./testing.ts"

const CASES = join(import.meta.dir, "../../../test/cases/gateway")

/** What the operator is told. */
export let logged: { event: string; fields: Record<string, unknown> }[]
export async function startLogged(options: V1Options = {}): Promise<void> {
  logged = []
  const keep = (event: string, fields: Record<string, unknown> = {}) => void logged.push({ event, fields })
  const log: Log = { debug() {}, info() {}, warn: keep, error: keep }
  await start({ log, ...options })
}

/** The answer that a file holds. */
export function answerOf(name: string): Response {
  const text = readFileSync(join(CASES, `${name}.http`), "utf8")
  const end = text.search(/\r?\n\r?\n/)
  const [status, ...lines] = text.slice(0, end).split(/\r?\n/)
  const headers = new Headers()
  for (const line of lines) {
    const at = line.indexOf(":")
    const field = line.slice(0, at)
    if (!/^(content-length|connection)$/i.test(field)) headers.append(field, line.slice(at + 1).trim())
  }
  const body = text.slice(end).replace(/^\r?\n\r?\n/, "")
  return new Response(body, { status: Number(status!.split(" ")[1]), headers })
}

/** The data of each event a client gets; comments left out. */
export const dataOf = (text: string) =>
  text
    .split("\n\n")
    .filter((event) => event.includes("data: "))
    .map((event) => event.replace(/^data: /, ""))

/** That data, of an upstream that answers with a file. */
export async function streamed(name: string): Promise<string[]> {
  await startLogged()
  kit.upstream.answer = () => answerOf(name)
  return dataOf(await (await kit.post(token, { ...ASK, stream: true })).text())
}

export const httpOf = (body: string) =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

/** A server by hand: `answer` gets the socket and how many requests it has sent. */
export async function keepAliveServer(answer: (socket: Socket, nth: number) => void) {
  let requests = 0
  const server = createServer((socket) => {
    let nth = 0
    socket.on("error", () => {})
    socket.on("data", (bytes) => {
      if (!bytes.toString().startsWith("POST")) return
      requests++
      answer(socket, ++nth)
    })
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/v1`, requests: () => requests, stop: () => server.close() }
}
