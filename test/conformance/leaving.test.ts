// Clients that leave, on every wire and in every dialect: in the middle of a stream they owe what came, at its last word all of it.
// Nothing stays held, and the upstream is stopped.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits, PrincipalId } from "../../src/app/index.ts"
import { until } from "../../src/sites/api/testing.ts"
import { LONG_MS } from "../eventually.ts"
import { BODIES, type Dialect, PATHS, WIRES } from "./asked.ts"
import type { Column } from "./columns.ts"
import type { Said } from "./meaning.ts"
import { brokenBooks, goldenPrice, lastCall, openRig, priceOf, type Rig, rawPico, streamed } from "./rig.ts"
import { USAGE } from "./scenarios.ts"

/** Each event of text is one of these: a token, as short pieces are counted. */
const PIECE = "abcdefg"
const SAID: Said = { text: PIECE.repeat(40), finish: "stop", usage: USAGE }
const CAME = 20

let rig: Rig
let stopped = 0
beforeAll(async () => {
  rig = await openRig({ timeouts: { abandonedMs: 200, usageMs: 2 * LONG_MS }, balance: credits(1_000_000) })
})
afterAll(() => rig.close())

/** Events up to so many pieces, and then nothing; or all of them. */
function plays(pieces: number | null): void {
  stopped = 0
  rig.answer = ({ played, model }) => {
    const events = played
      .stream(SAID)
      .replaceAll('"played"', JSON.stringify(model))
      .split(/(?<=\n\n)/)
    let told = 0
    const upTo = events.findIndex((event) => event.includes(`"${PIECE}"`) && ++told === pieces)
    const bytes = new TextEncoder().encode(events.slice(0, pieces === null ? undefined : upTo + 1).join(""))
    return streamed(
      new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(bytes)
          if (pieces === null) controller.close()
        },
        cancel: () => void stopped++,
      }),
    )
  }
}

/** Reads until it has seen so many pieces, or what ends a stream, and hangs up. */
async function leaves(dialect: Dialect, column: Column, isSeen: (text: string) => boolean): Promise<void> {
  const leaving = new AbortController()
  const response = await fetch(`${rig.kit.server.url}/v1/${PATHS[dialect]}`, {
    method: "POST",
    headers: { authorization: `Bearer ${rig.token}`, "content-type": "application/json" },
    body: JSON.stringify({ model: `${column.name}/${column.model}`, stream: true, ...BODIES[dialect] }),
    signal: leaving.signal,
  })
  expect(response.status).toBe(200)
  const reader = response.body!.pipeThrough(new TextDecoderStream() as never).getReader()
  let text = ""
  while (!isSeen(text)) text += (await reader.read()).value
  leaving.abort()
  // Sooner than a report of usage would be given up.
  await until(() => rig.kit.gateway.callsInFlight === 0)
}

const heldNano = () => rig.kit.ledger.wallet({ kind: "principal", id: PrincipalId(1) }, "live").heldNano as number
const ENDS = { chat: "data: [DONE]", messages: "event: message_stop", responses: "event: response.completed" }

describe("a client that leaves", () => {
  for (const column of WIRES) {
    for (const dialect of Object.keys(PATHS) as Dialect[]) {
      test(`in the middle owes what came: ${dialect} over ${column.name}`, async () => {
        plays(CAME)
        await leaves(dialect, column, (text) => text.split(`"${PIECE}"`).length > CAME)
        const { end, chargeNano, inputTokens, cachedTokens, outputTokens } = lastCall(rig)
        expect(end).toBe("client_gone")
        expect(Math.abs(outputTokens - CAME)).toBeLessThanOrEqual(CAME / 10)
        expect(chargeNano).toBe(
          priceOf(rawPico({ input: inputTokens, cached: cachedTokens, output: outputTokens, reasoning: 0 })),
        )
        expect(inputTokens).toBeGreaterThan(0)
        await until(() => stopped === 1)
        expect([heldNano(), brokenBooks(rig)]).toEqual([0, []])
      })

      test(`at the last word owes all of it: ${dialect} over ${column.name}`, async () => {
        plays(null)
        await leaves(dialect, column, (text) => text.includes(ENDS[dialect]))
        const { chargeNano, source } = lastCall(rig)
        expect([chargeNano, source]).toEqual([goldenPrice(column, USAGE), "reported"])
        expect([heldNano(), brokenBooks(rig)]).toEqual([0, []])
      })
    }
  }
})
