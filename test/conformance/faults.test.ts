// What providers and the network do wrong, on every wire, streamed and whole: each with the caller's status, the charge and the operator's
// line of log. Nothing of it is left held.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "bun:test"
import type { Socket } from "node:net"
import { gzipSync } from "node:zlib"
import { UserId } from "../../src/app/index.ts"
import { BODIES, codeIn, type Dialect, PATHS, SAID, WIRES } from "./asked.ts"
import type { Column } from "./columns.ts"
import { type Faulty, head, nameOf, openFaulty, typeOf } from "./faulty.ts"
import { DIALECTS } from "./matrix.ts"
import { brokenBooks, goldenPrice, lastCall, openRig, priceOf, type Rig, rawPico, streamed } from "./rig.ts"
import { USAGE } from "./scenarios.ts"

const MB = 1024 * 1024
const PAGE = "<!doctype html><html><title>502</title><body>the secret name of a host</body></html>"
/** Inflates to one line above every limit. */
const BOMBS = {
  stream: gzipSync(Buffer.concat([Buffer.from("data: "), Buffer.alloc(40 * MB, "x")])),
  whole: gzipSync(Buffer.alloc(80 * MB, " ")),
}

interface Fault {
  name: string
  isStream: boolean
  /** @param heard once the caller has the first of it: the platform's fetch drops what it has read and not yet handed over */
  answer(socket: Socket, bytes: Buffer, column: Column, heard: Promise<void>): void
  /** Of the caller; 200 = the stream had begun. */
  status: number
  code: string | null
  end: "done" | "failed"
  charge: "nothing" | "estimate" | "report"
  /** SDKs must not ask again: it was made and billed. */
  isLost?: true
  /** As it is when the last bytes come before the end, and not with it. */
  or?: Pick<Fault, "status" | "code" | "end" | "charge">
}

const failed = { status: 502, code: "provider_error", end: "failed", charge: "nothing" } as const
const broken = { status: 200, code: "provider_error", end: "failed", charge: "estimate" } as const
const fine = { status: 200, code: null, end: "done", charge: "report" } as const

/** Up to where some words were said, and nothing of the end. */
const half = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length * 0.6))
const both = (fault: Omit<Fault, "isStream">): Fault[] => [true, false].map((isStream) => ({ ...fault, isStream }))
const length = (bytes: number): string => `content-length: ${bytes}\r\n`

const FAULTS: readonly Fault[] = [
  ...both({ name: "reset before the head", answer: (socket) => void socket.resetAndDestroy(), ...failed }),
  ...both({
    name: "a page of HTML",
    answer: (socket) => void socket.end(head("text/html") + PAGE),
    ...failed,
  }),
  ...both({
    name: "a page of HTML as an error",
    answer: (socket) => void socket.end(head("text/html", "connection: close\r\n", "502 Bad Gateway") + PAGE),
    ...failed,
  }),
  {
    name: "a gzip bomb",
    isStream: true,
    answer: (socket) => {
      socket.write(head(typeOf(true), `content-encoding: gzip\r\n${length(BOMBS.stream.length)}`))
      socket.end(BOMBS.stream)
    },
    ...failed,
  },
  {
    name: "a gzip bomb",
    isStream: false,
    answer: (socket) => {
      socket.write(head(typeOf(false), `content-encoding: gzip\r\n${length(BOMBS.whole.length)}`))
      socket.end(BOMBS.whole)
    },
    ...failed,
    isLost: true,
  },
  {
    name: "reset in the middle",
    isStream: true,
    answer: (socket, bytes, _, heard) => {
      socket.write(head(typeOf(true)))
      socket.write(half(bytes), () => void heard.then(() => setTimeout(() => socket.resetAndDestroy(), 50)))
    },
    ...broken,
  },
  {
    name: "reset in the middle",
    isStream: false,
    answer: (socket, bytes) => {
      socket.write(head(typeOf(false), length(bytes.length)))
      socket.write(half(bytes), () => setTimeout(() => socket.resetAndDestroy(), 50))
    },
    ...failed,
    isLost: true,
  },
  {
    name: "less than its length said",
    isStream: false,
    answer: (socket, bytes) => {
      socket.write(head(typeOf(false), length(bytes.length + 100)))
      socket.end(bytes)
    },
    ...failed,
    isLost: true,
  },
  {
    // The platform's fetch drops what it has read and not yet handed over when the connection then breaks: of an answer that arrives
    // in one piece with its end either all is known or nothing, and what nobody got is not charged.
    name: "less than its length said, all at once",
    isStream: true,
    answer: (socket, bytes) => {
      socket.write(head(typeOf(true), length(bytes.length + 100)))
      socket.end(bytes)
    },
    ...failed,
    or: fine,
  },
  {
    name: "less than its length said, after its end",
    isStream: true,
    answer: (socket, bytes, _, heard) => {
      socket.write(head(typeOf(true), length(bytes.length + 100)))
      socket.write(bytes, () => void heard.then(() => setTimeout(() => socket.end(), 50)))
    },
    ...fine,
  },
  {
    name: "more than its length said",
    isStream: false,
    answer: (socket, bytes) => {
      socket.write(head(typeOf(false), length(Math.floor(bytes.length * 0.6))))
      socket.end(bytes)
    },
    ...failed,
  },
  {
    name: "more than its length said",
    isStream: true,
    answer: (socket, bytes) => {
      socket.write(head(typeOf(true), length(half(bytes).length)))
      socket.end(bytes)
    },
    ...broken,
  },
]

let rig: Rig
let faulty: Faulty
beforeAll(async () => {
  rig = await openRig()
  faulty = await openFaulty(rig)
})
afterAll(async () => {
  faulty.stop()
  await rig.close()
})

const ask = (dialect: Dialect, column: Column, isStream: boolean, at = rig) =>
  fetch(`${at.kit.server.url}/v1/${PATHS[dialect]}`, {
    method: "POST",
    headers: { authorization: `Bearer ${at.token}`, "content-type": "application/json" },
    body: JSON.stringify({ model: `${nameOf(column)}/${column.model}`, stream: isStream, ...BODIES[dialect] }),
  })

async function meets(dialect: Dialect, column: Column, fault: Fault): Promise<void> {
  rig.logged.length = 0
  const heard = Promise.withResolvers<void>()
  faulty.answer = (socket, { isStream }) => {
    const { played } = column
    const bytes = Buffer.from(isStream ? played.stream(SAID) : JSON.stringify(played.whole(SAID)))
    fault.answer(socket, bytes, column, heard.promise)
  }
  const response = await ask(dialect, column, fault.isStream)
  const reader = response.body!.pipeThrough(new TextDecoderStream() as never).getReader()
  let text = ""
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value
    heard.resolve()
  }
  const { chargeNano, end, inputTokens, cachedTokens, outputTokens } = lastCall(rig)
  const estimate = priceOf(rawPico({ input: inputTokens, cached: cachedTokens, output: outputTokens, reasoning: 0 }))
  const right = fault.or?.status === response.status ? fault.or : fault
  const price = { nothing: 0, estimate, report: goldenPrice(column, USAGE) }[right.charge]
  const where = { dialect, wire: column.name }
  expect({ ...where, status: response.status, code: codeIn(text), end, chargeNano }).toEqual({
    ...where,
    status: right.status,
    code: right.code,
    end: right.end,
    chargeNano: price,
  })
  if (right.charge === "estimate") expect([where, outputTokens > 0]).toEqual([where, true])
  expect(text).not.toContain("secret name")
  if (right.status !== 200) {
    expect([where, response.headers.get("x-should-retry")]).toEqual([
      where,
      fault.isLost ? "false" : expect.any(String),
    ])
  }
  const lines = rig.logged.filter(({ event }) => event === "v1.failed" || event === "gateway.stream_broken")
  const expected = right.code === null ? [] : [right.status === 200 ? "gateway.stream_broken" : "v1.failed"]
  expect([where, lines.map(({ event }) => event)]).toEqual([where, expected])
}

for (const fault of FAULTS) {
  test(`${fault.name}, ${fault.isStream ? "streamed" : "whole"}`, async () => {
    for (const column of WIRES) {
      for (const dialect of ["chat", "messages", "responses"] as const) await meets(dialect, column, fault)
    }
    expect(brokenBooks(rig)).toEqual([])
    expect(rig.kit.gateway.callsInFlight).toBe(0)
  }, 30_000)
}

/** An answer that ends more than once, and goes on after its end. */
const AFTER = "words after the end"
function twice({ played, name }: Column): string {
  const text = played.stream(SAID)
  const more = played.stream({ ...SAID, text: AFTER })
  if (name !== "gemini") return text + more
  // Here nothing marks the end: what has a reason to finish is told twice.
  return `${text}${text.slice(text.lastIndexOf("data: "))}`
}

for (const [name, spoken] of Object.entries(DIALECTS)) {
  test(`a double finish, and data after the end: ${name} hears one answer`, async () => {
    for (const column of WIRES) {
      rig.answer = () => streamed(twice(column))
      const at = { url: rig.kit.server.url, token: rig.token, model: `${column.name}/${column.model}` }
      const heard = await spoken.stream(at, { turns: [{ by: "user", text: "q" }], maxTokens: 500 })
      expect([column.name, heard.text, heard.finish, heard.usage]).toEqual([column.name, SAID.text!, "stop", USAGE])
      const { chargeNano, end } = lastCall(rig)
      expect([column.name, chargeNano, end]).toEqual([column.name, goldenPrice(column, USAGE), "done"])
    }
    rig.answer = null
    expect(brokenBooks(rig)).toEqual([])
  })
}

describe("an upstream that does not come on", () => {
  const silent: [name: string, isStream: boolean, answer: (socket: Socket, bytes: Buffer) => void, status: number][] = [
    ["stalls before the head", true, () => {}, 504],
    ["stalls before the head", false, () => {}, 504],
    ["stalls after the head", true, (socket) => void socket.write(head(typeOf(true))), 504],
    ["stalls in the middle", true, (socket, bytes) => void socket.write(head(typeOf(true)) + half(bytes)), 200],
    ["trickles, and says nothing", true, (socket) => trickle(socket, head(typeOf(true)), ":"), 504],
    ["trickles blanks", false, (socket) => trickle(socket, head(typeOf(false)), " "), 504],
    ["trickles after the middle", true, (socket, bytes) => trickle(socket, head(typeOf(true)) + half(bytes), ":"), 200],
  ]
  for (const [name, isStream, answer, status] of silent) {
    test(`${name}, ${isStream ? "streamed" : "whole"}: timed out, and charged for what came`, async () => {
      const slow = await openRig({ timeouts: { headMs: 1_000, gapMs: 1_000, totalMs: 2_500 } })
      const server = await openFaulty(slow)
      onTestFinished(async () => {
        server.stop()
        await slow.close()
      })
      server.answer = (socket, { column }) => answer(socket, Buffer.from(column.played.stream(SAID)))
      const found = await Promise.all(
        WIRES.map(async (column) => {
          const response = await ask("chat", column, isStream, slow)
          return [column.name, response.status, codeIn(await response.text())]
        }),
      )
      expect(found).toEqual(WIRES.map((column) => [column.name, status, "provider_timeout"]))
      const calls = slow.kit.usage.recent(UserId(1), WIRES.length)
      expect(calls.map(({ end, chargeNano }) => [end, chargeNano > 0])).toEqual(
        WIRES.map(() => ["timeout", status === 200]),
      )
      expect(slow.kit.gateway.callsInFlight).toBe(0)
      expect(brokenBooks(slow)).toEqual([])
    }, 30_000)
  }
})

/** A byte now and then, which ends no line. */
function trickle(socket: Socket, text: string, byte: string): void {
  socket.write(text)
  const timer = setInterval(() => socket.write(byte), 50)
  socket.on("close", () => clearInterval(timer))
}
