// Bodies of chat calls as hostile and clumsy clients send them: too large, stalled, without a token (cases `req-body-11MB.sh`).
import { afterAll, beforeAll, expect, test } from "bun:test"
import { connect } from "node:net"
import { until } from "../../../test/eventually.ts"
import { LIMITS } from "../../app/index.ts"
import { openV1, type V1Kit } from "./testing.ts"

let kit: V1Kit
let token: string
beforeAll(async () => {
  kit = await openV1()
  token = await (await kit.app()).token()
})
afterAll(() => kit.close())

const chat = (chars: number) => `{"model":"mock-1","messages":[{"role":"user","content":"${"A".repeat(chars)}"}]}`

/** A raw client that sends this and then waits. */
function waiting(text: string): { heard(): string; close(): void } {
  const socket = connect(kit.server.port, "127.0.0.1")
  let heard = ""
  socket.on("data", (data) => {
    heard += data.toString("latin1")
  })
  socket.on("error", () => {})
  socket.write(text)
  return { heard: () => heard, close: () => socket.destroy() }
}

const head = (length: number, authorization: string) =>
  `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nAuthorization: ${authorization}\r\n\r\n`

test("11 MB: 413 in the envelope, with CORS and request id, and the line goes on", async () => {
  const before = kit.upstream.journal.length
  for (const framing of ["declared", "chunked"]) {
    const body = framing === "declared" ? chat(11_200_000) : new Blob([chat(11_200_000)]).stream()
    const response = await kit.post(token, "", { body })
    expect([framing, response.status]).toEqual([framing, 413])
    expect(response.headers.get("access-control-allow-origin")).toBe("*")
    expect(response.headers.get("access-control-expose-headers")).toContain("x-request-id")
    expect(response.headers.get("x-request-id")).toStartWith("req_")
    const { error } = (await response.json()) as { error: { code: string; message: string } }
    expect(error.code).toBe("body_too_large")
    expect(error.message).toContain(String(LIMITS.apiBodyBytesMax))
  }
  expect(kit.upstream.journal.length).toBe(before)
  expect((await kit.post(token, chat(100))).status).toBe(200)
})

test("a stranger's body is not waited for, nor are the limits of their line lifted", async () => {
  const client = waiting(`${head(10_000_000, "Bearer nonsense")}{"model":`)
  await until(() => client.heard().includes("token_invalid"))
  expect(client.heard()).toStartWith("HTTP/1.1 401")
  client.close()
})

test("a known caller who stalls keeps no more than their own share", async () => {
  const text = head(LIMITS.apiBodyBytesMax, `Bearer ${token}`) + "a".repeat(LIMITS.apiBodyBytesMax - 100)
  const clients = Array.from({ length: 6 }, () => waiting(text))
  const refused = () => clients.filter((client) => client.heard().startsWith("HTTP/1.1 429"))
  // Four of the largest are taken in; whoever sends a fifth is told, at once.
  await until(() => refused().length >= 2)
  expect(refused()[0]!.heard()).toContain("rate_limit_exceeded")
  const other = await (await kit.app()).token(2)
  expect((await kit.post(other, chat(10))).status).not.toBe(429)
  for (const client of clients) client.close()
})
