// A client and a server of a publisher that are nothing but sockets: what real ones never send, and when.
import net from "node:net"
import { eventually, LONG_MS } from "../eventually.ts"

export interface RawServer {
  url: string
  /** Everything that came, connection by connection. */
  got: string[]
  /** Forgets what came, and what connections of before still say. */
  reset(): void
  close(): void
}

/** @param talk called with each connection's first bytes, and the socket */
export async function rawServer(talk: (socket: net.Socket, head: string, at: number) => void): Promise<RawServer> {
  const got: string[] = []
  let round = 0
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    const at = got.push("") - 1
    const mine = round
    let hasTalked = false
    sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => sockets.delete(socket))
    socket.on("data", (bytes) => {
      if (mine !== round) return
      got[at] += bytes.toString("latin1")
      if (hasTalked || !got[at]!.includes("\r\n\r\n")) return
      hasTalked = true
      talk(socket, got[at]!, at)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as net.AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    got,
    reset() {
      round++
      got.splice(0)
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

export interface RawAnswer {
  text: string
  /** The other side closed. */
  isClosed: boolean
}

/**
 * What is sent next: bytes; what must have been answered first; or an act that is awaited, so that what follows comes after it. None is
 * a pause: on a busy machine both of its ends are read at once.
 */
export type Piece = string | Buffer | RegExp | (() => unknown)

/** Sends these pieces, and reads until `until` is there or the line is closed. One of them must come: else it is an error. */
export function rawCall(
  origin: string,
  pieces: Piece[],
  { until = /(?!)/ }: { until?: RegExp } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname === "localhost" ? "127.0.0.1" : hostname)
    let text = ""
    const end = (act: () => void) => {
      clearTimeout(timer)
      socket.destroy()
      act()
    }
    const done = (isClosed: boolean) => end(() => resolve({ text, isClosed }))
    const late = () => end(() => reject(new Error(`neither ${until} nor an end came: ${JSON.stringify(text)}`)))
    const timer = setTimeout(late, LONG_MS)
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1")
      if (until.test(text)) done(false)
    })
    socket.on("close", () => done(true))
    socket.on("error", () => {})
    const send = async () => {
      for (const piece of pieces) {
        if (piece instanceof RegExp) await eventually(`${piece} in the answer`, () => piece.test(text))
        else if (typeof piece === "function") await piece()
        else socket.write(piece)
      }
    }
    socket.on("connect", () => void send().catch((error: Error) => end(() => reject(error))))
  })
}
