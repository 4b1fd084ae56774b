// A certificate that changes twenty times while strangers connect anew: nobody is cut off, and from the change on each gets the new one.
import { afterEach, expect, setDefaultTimeout, test } from "bun:test"
import { connect, type Socket } from "node:net"
import { join } from "node:path"
import { connect as connectTls } from "node:tls"
import { Elysia } from "elysia"
import { createIds, silentLog } from "../../src/app/index.ts"
import { assetsOf, type HttpServer, startServer } from "../../src/http/index.ts"
import { selfSigned } from "../../src/tls/self-signed.ts"

setDefaultTimeout(60_000)
const CHANGES = 20
const LEFT_MS = 600
let server: HttpServer
afterEach(() => server?.stop())

const start = (tls: { cert: string; key: string }) =>
  startServer({
    host: "127.0.0.1",
    port: 0,
    tls,
    leftMs: LEFT_MS,
    sites: [new Elysia().get("/livez", () => new Response("ok"))],
    assets: assetsOf(join(import.meta.dir, "../../public")),
    ids: createIds(),
    log: silentLog,
    errorPage: ({ status }) => new Response("failed", { status }),
  })

/** One request over this connection. @returns the certificate's serial number */
const ask = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ""
    const secure = connectTls({ socket, rejectUnauthorized: false }, () =>
      secure.write("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    )
    secure.on("data", (bytes) => {
      text += bytes
    })
    secure.on("error", reject)
    const serial = () => secure.getPeerX509Certificate()?.serialNumber ?? ""
    secure.on("end", () => (text.endsWith("ok") ? resolve(serial()) : reject(new Error(`cut: ${text}`))))
    secure.on("close", () => reject(new Error("closed")))
  })
const opened = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1", () => resolve(socket))
    socket.on("error", reject)
  })

test("strangers under load, and a handshake that a change comes into", async () => {
  const certificates = await Promise.all(Array.from({ length: 4 }, () => selfSigned("localhost")))
  server = start(certificates[0]!)
  let isOver = false
  let answered = 0
  const failures: string[] = []
  const load = Array.from({ length: 12 }, async () => {
    while (!isOver)
      await opened()
        .then(ask)
        .then(
          () => answered++,
          (error: Error) => failures.push(`${(error as NodeJS.ErrnoException).code ?? error.message}`),
        )
  })
  while (answered < 50) await Bun.sleep(10)
  const serials: string[] = []
  for (let change = 1; change <= CHANGES; change++) {
    const slow = await opened()
    const before = answered
    server.useCertificate(certificates[change % certificates.length]!)
    // Some come within the time that earlier servers are kept, some after it.
    await Bun.sleep(change % 5 === 0 ? LEFT_MS + 50 : 60)
    while (answered === before) await Bun.sleep(10)
    if (change % 5 !== 0) expect(await ask(slow)).not.toBe("")
    else slow.destroy()
    serials.push(await ask(await opened()))
  }
  isOver = true
  await Promise.all(load)
  expect(failures).toEqual([])
  expect(new Set(serials).size).toBe(certificates.length)
  for (let change = 1; change < CHANGES; change++) expect(serials[change]).not.toBe(serials[change - 1]!)
})
