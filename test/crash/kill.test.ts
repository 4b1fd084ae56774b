// kill −9 under load, twenty times, at random moments of work and of boot: everything acknowledged is there, no hold of a dead
// process is open when the next one listens, the books balance.
import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { createRandom } from "./random.ts"
import { Ward } from "./rounds.ts"
import { createWorld, type World } from "./world.ts"

const ROUNDS = 20
/** On a busy machine little is done in a short life: rounds go on, with longer ones, until enough was. */
const ROUNDS_MAX = 50
setDefaultTimeout(240_000)

let world: World | undefined
afterAll(() => world?.remove())

test("kill −9 at random moments under load loses nothing that was acknowledged", async () => {
  const random = createRandom()
  world = await createWorld()
  const ward = new Ward(world)
  const { totals } = ward
  const isEnough = () => totals.streamed > 20 && totals.answered - totals.streamed > 20
  let rounds = 0
  try {
    for (; rounds < ROUNDS || (rounds < ROUNDS_MAX && !isEnough()); rounds++) {
      const round = rounds
      if (round % 4 === 3) await ward.killInBoot(1_000 + round, random.between(100, 260))
      const { mortal, url } = await ward.start(round)
      const lifeMs = random.between(20, round < ROUNDS ? 700 : 2_000)
      await ward.load(mortal, url!, async () => {
        await Bun.sleep(lifeMs)
        mortal.kill()
      })
    }
    await ward.proveAll(rounds)
  } catch (error) {
    console.error(`failed with PURSER_TEST_SEED=${random.seed}`)
    throw error
  }
  console.log(`killed ${rounds} times: ${ward.report()}`)
  // Without these the rounds would have proved nothing.
  expect(totals.streamed).toBeGreaterThan(20)
  expect(totals.answered - totals.streamed).toBeGreaterThan(20)
  expect(totals.granted).toBeGreaterThan(100)
  expect(totals.cutStreams).toBeGreaterThan(10)
  expect(totals.holdsRecovered).toBeGreaterThan(10)
})
