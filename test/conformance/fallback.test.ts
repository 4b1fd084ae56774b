// Whoever says nothing, or fails before the first word, on every wire: another account is asked, for one charge. After the first word
// nobody is.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Socket } from "node:net"
import { UserId } from "../../src/app/index.ts"
import { RESTLESS } from "../../src/sites/api/v1-testing.ts"
import { testCtx } from "../../src/store/index.ts"
import { BODIES, codeIn, type Dialect, PATHS, SAID, WIRES } from "./asked.ts"
import type { Column } from "./columns.ts"
import { type Faulty, head, nameOf, openFaulty, typeOf } from "./faulty.ts"
import type { Said } from "./meaning.ts"
import { brokenBooks, goldenPrice, lastCall, openRig, type Rig } from "./rig.ts"
import { USAGE } from "./scenarios.ts"

/** Before the first word: what is said after the head of an answer. */
const NOTHING: Said = { finish: "stop", usage: USAGE }
const FIRST: Readonly<Record<string, (socket: Socket, column: Column) => void>> = {
  "an error as its first event": (socket, { played }) =>
    void socket.end(head(typeOf(true)) + played.stream(NOTHING, true)),
  "overloaded, as a status": async (socket, { played }) => {
    const response = played.overloaded()
    const body = await response.text()
    socket.end(head("application/json", undefined, `${response.status} Busy`) + body)
  },
  "a reset": (socket) => void socket.resetAndDestroy(),
  "a reset after the head": (socket) =>
    void socket.write(head(typeOf(true)), () => setTimeout(() => socket.resetAndDestroy(), 20)),
  "an end before the first event": (socket) => void socket.end(head(typeOf(true))),
}

describe("before the first word another account is asked, for one charge; after it nobody is", () => {
  let pair: Rig
  let first: Faulty
  beforeAll(async () => {
    pair = await openRig({ routing: { ...RESTLESS.routing, openMs: 0, openMsMax: 0 } })
    first = await openFaulty(pair)
    for (const { publicId, name, routing } of pair.kit.gateway.upstreams()) {
      const priority = name.startsWith("faulty-") ? 0 : 1
      await pair.kit.gateway.setRouting(testCtx, publicId, { ...routing, priority })
    }
  })
  afterAll(async () => {
    first.stop()
    await pair.close()
  })
  const only = async (column: Column) => {
    for (const { publicId, name } of pair.kit.gateway.upstreams()) {
      const isIn = name === column.name || name === nameOf(column)
      await pair.kit.gateway.enableUpstream(testCtx, publicId, isIn)
    }
  }
  let fails: (socket: Socket, isStream: boolean) => void
  const both = async (dialect: Dialect, column: Column, isStream: boolean) => {
    pair.asked.length = 0
    // Whoever was overloaded is asked again.
    pair.kit.clock.advance(10_000)
    let tries = 0
    first.answer = (socket, asked) => {
      tries++
      fails(socket, asked.isStream)
    }
    const response = await fetch(`${pair.kit.server.url}/v1/${PATHS[dialect]}`, {
      method: "POST",
      headers: { authorization: `Bearer ${pair.token}`, "content-type": "application/json" },
      body: JSON.stringify({ model: column.model, stream: isStream, ...BODIES[dialect] }),
    })
    const text = await response.text()
    return { status: response.status, text, asked: [tries > 0, pair.asked.length] as const }
  }

  for (const column of WIRES) {
    test(column.name, async () => {
      await only(column)
      pair.play = { said: SAID }
      for (const dialect of Object.keys(PATHS) as Dialect[]) {
        for (const [what, fail] of Object.entries(FIRST)) {
          for (const isStream of what.startsWith("an ") || what.endsWith("head") ? [true] : [true, false]) {
            fails = (socket) => fail(socket, column)
            const calls = pair.kit.usage.recent(UserId(1), 1)[0]?.publicId
            const { status, text, asked } = await both(dialect, column, isStream)
            const { chargeNano, end, publicId } = lastCall(pair)
            const found = { dialect, what, isStream, status, asked, error: codeIn(text), chargeNano, end }
            const price = goldenPrice(column, USAGE)
            expect(found).toEqual({
              dialect,
              what,
              isStream,
              status: 200,
              asked: [true, 1],
              error: null,
              chargeNano: price,
              end: "done",
            })
            expect(publicId).not.toBe(calls)
          }
        }
        fails = (socket, isStream) => void socket.end(head(typeOf(isStream)) + column.played.stream(SAID, true))
        const { asked, text } = await both(dialect, column, true)
        expect([dialect, asked, codeIn(text)]).toEqual([dialect, [true, 0], "provider_error"])
      }
      expect(brokenBooks(pair)).toEqual([])
      expect(pair.kit.gateway.callsInFlight).toBe(0)
    }, 60_000)
  }
})
