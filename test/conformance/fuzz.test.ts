// Whatever a server does to the bytes of an answer without changing what it says, callers hear the same, by the official SDKs, at the same
// price. PURSER_TEST_SEED plays a run again.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { createRandom } from "../crash/random.ts"
import { COLUMNS, type Column } from "./columns.ts"
import { disturbedStream, disturbedWhole, slowly } from "./fuzz.ts"
import { DIALECTS } from "./matrix.ts"
import type { At, Heard } from "./meaning.ts"
import { goldenPrice, lastCall, openRig, type Rig, streamed } from "./rig.ts"
import { SCENARIOS, type Scenario } from "./scenarios.ts"

const NAMES = ["plain", "tools", "parallel tools", "reasoning", "refusal", "length"]
const ROUNDS = 6

let rig: Rig
beforeAll(async () => {
  rig = await openRig()
})
afterAll(() => rig.close())

/** Names that the gateway makes of an answer's own, where calls have none. */
const meant = ({ turn: _, ...heard }: Heard, { namesNoCalls }: Column): object =>
  namesNoCalls ? { ...heard, calls: heard.calls.map(({ name, args }) => ({ name, args })) } : heard

async function same(dialect: string, column: Column, { ask, said }: Scenario): Promise<void> {
  const spoken = DIALECTS[dialect]!
  const at: At = { url: rig.kit.server.url, token: rig.token, model: `${column.name}/${column.model}` }
  rig.answer = null
  rig.play = { said }
  const expected = meant(await spoken.whole(at, ask), column)
  // OpenAI's helper throws on events that it does not know, also in front of OpenAI.
  const isStrict = dialect === "responses" && column.name === "openai-responses"
  const first = createRandom()
  for (let seed = first.seed; seed < first.seed + ROUNDS; seed++) {
    for (const isStream of [true, false]) {
      const random = createRandom(seed)
      const { played } = column
      rig.answer = () =>
        isStream
          ? streamed(slowly(disturbedStream(column, played.stream(said), isStrict, random)))
          : new Response(disturbedWhole(played.whole(said), random), {
              headers: { "content-type": "application/json" },
            })
      const where = { seed, isStream }
      let heard: unknown
      try {
        heard = meant(await (isStream ? spoken.stream(at, ask) : spoken.whole(at, ask)), column)
      } catch (error) {
        heard = String(error)
      }
      expect({ ...where, heard }).toEqual({ ...where, heard: expected })
      const { chargeNano, source } = lastCall(rig)
      expect({ ...where, chargeNano, source }).toEqual({
        ...where,
        chargeNano: goldenPrice(column, said.usage),
        source: "reported",
      })
    }
  }
}

for (const dialect of Object.keys(DIALECTS)) {
  for (const column of COLUMNS.filter(({ name }) => name !== "vertex")) {
    test(`${dialect} over ${column.name}`, async () => {
      for (const name of NAMES) await same(dialect, column, SCENARIOS.find((one) => one.name === name)!)
    }, 60_000)
  }
}
