// A client and a server of a publisher that are nothing but sockets: what real ones never send, and when.
import net from "node:net"

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

/** Sends these pieces, and reads until `until` is there, the line is closed, or time is over. */
export function rawCall(
  origin: string,
  pieces: (string | Buffer | number)[],
  { until = /(?!)/, ms = 1_500 }: { until?: RegExp; ms?: number } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname === "localhost" ? "127.0.0.1" : hostname)
    let text = ""
    const done = (isClosed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ text, isClosed })
    }
    const timer = setTimeout(() => done(false), ms)
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1")
      if (until.test(text)) done(false)
    })
    socket.on("close", () => done(true))
    socket.on("error", () => {})
    socket.on("connect", async () => {
      // A number is a pause.
      for (const piece of pieces) {
        if (typeof piece === "number") await Bun.sleep(piece)
        else socket.write(piece)
      }
    })
  })
}
