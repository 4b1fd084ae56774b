// A server by hand that breaks HTTP itself, in front of every wire.
import { createServer, type Socket } from "node:net"
import { testCtx } from "../../src/store/index.ts"
import { COLUMNS, type Column } from "./columns.ts"
import type { Rig } from "./rig.ts"

export interface Faulty {
  /** What is done to the next questions. */
  answer: (socket: Socket, asked: { column: Column; isStream: boolean }) => void
  stop(): void
}

export const nameOf = ({ name }: Column): string => `faulty-${name}`

export async function openFaulty(rig: Rig): Promise<Faulty> {
  const faulty = { answer: () => {} } as unknown as Faulty
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let got = ""
    socket.on("error", () => {})
    socket.on("close", () => sockets.delete(socket))
    socket.on("data", (bytes) => {
      got += bytes.toString("latin1")
      const head = got.indexOf("\r\n\r\n")
      const length = Number(/content-length: (\d+)/i.exec(got)?.[1] ?? 0)
      if (head === -1 || got.length < head + 4 + length) return
      const path = got.split(" ")[1]!
      const column = COLUMNS.find((one) => path.startsWith(`${one.path}/`))!
      const isStream = got.includes('"stream":true') || path.includes(":streamGenerateContent")
      got = ""
      faulty.answer(socket, { column, isStream })
    })
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const { port } = server.address() as { port: number }
  for (const column of COLUMNS) {
    if (column.kind === "vertex") continue
    const { kind, priceProvider, model, path } = column
    const baseUrl = `http://127.0.0.1:${port}${path}`
    const upstream = {
      kind,
      name: nameOf(column),
      baseUrl,
      apiKey: "sk-faulty-upstream",
      priceProvider,
      models: [model],
    }
    await rig.kit.gateway.addUpstream(testCtx, upstream)
  }
  faulty.stop = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return faulty
}

/** @param more header fields, each with its line's end */
export const head = (type: string, more = "connection: close\r\n", status = "200 OK"): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\n${more}\r\n`

export const typeOf = (isStream: boolean): string => (isStream ? "text/event-stream" : "application/json")
