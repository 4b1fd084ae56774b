// kill −9 under calls that carry an Idempotency-Key, each repeated to the next process: what was acknowledged is answered again as it
// was, nothing is in flight for ever, and each key is paid for exactly once.
import { Database } from "bun:sqlite"
import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { createRandom } from "./random.ts"
import { createWorld, startMortal, type World } from "./world.ts"

const ROUNDS = 8
const CALLERS = 6
/** Repeats at once. */
const AT_ONCE = 20
setDefaultTimeout(120_000)

let world: World | undefined
afterAll(() => world?.remove())

interface Answered {
  id: string
  charged: string
  text: string
}

function call(url: string, token: string, key: string): Promise<Response> {
  const content = Array.from({ length: 20 }, (_, word) => `word${word}`).join(" ")
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: `${key} ${content}` }] }),
  })
}

const toldBy = async (response: Response): Promise<Answered> => ({
  id: response.headers.get("x-request-id") ?? "",
  charged: response.headers.get("x-credits-charged") ?? "",
  text: await response.text(),
})

test("each key is paid for once, whatever dies in between", async () => {
  const random = createRandom()
  world = await createWorld()
  const { tokens, path } = world
  const known = new Map<string, Answered | null>()
  const tokenOf = (key: string) => tokens[Number(key.split("-")[1]) % tokens.length]!
  let lost = 0
  let replayed = 0
  let told = 0

  /** What the process before promised; whoever was cut off asks again. */
  async function repeatAll(url: string, keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += AT_ONCE) {
      await Promise.all(keys.slice(at, at + AT_ONCE).map((key) => repeat(url, key)))
    }
  }

  async function repeat(url: string, key: string): Promise<void> {
    const response = await call(url, tokenOf(key), key)
    const before = known.get(key)!
    if (before) {
      expect([key, response.status, response.headers.get("idempotent-replayed")]).toEqual([key, 200, "true"])
      expect(await toldBy(response)).toEqual(before)
      replayed++
      return
    }
    lost++
    expect([200, 409]).toContain(response.status)
    const answer = await toldBy(response)
    if (response.status === 200) known.set(key, answer)
    else {
      expect(JSON.parse(answer.text).error.code).toBe("already_completed")
      told++
    }
  }

  let last: string[] = []
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const mortal = startMortal(world, round)
      const listening = await mortal.listening
      const { url } = listening!
      await repeatAll(url, last)
      last = []
      if (round === ROUNDS) {
        mortal.kill()
        await mortal.died
        break
      }
      let isAlive = true
      const callers = Array.from({ length: CALLERS }, async (_, caller) => {
        for (let n = 0; isAlive; n++) {
          const key = `${round}-${caller}-${n}`
          last.push(key)
          known.set(key, null)
          try {
            const response = await call(url, tokenOf(key), key)
            expect([key, response.status]).toEqual([key, 200])
            known.set(key, await toldBy(response))
          } catch (error) {
            if (isAlive && !(error instanceof TypeError) && !/socket|connect/i.test(String(error))) throw error
            return
          }
        }
      })
      await Bun.sleep(random.between(30, 400))
      isAlive = false
      mortal.kill()
      await mortal.died
      await Promise.all(callers)
    }
  } catch (error) {
    console.error(`failed with PURSER_TEST_SEED=${random.seed}`)
    throw error
  }
  const read = new Database(path, { readonly: true })
  const paid = read.query("SELECT COUNT(*) AS n FROM charges WHERE charge_nano > 0").get() as { n: number }
  read.close()
  console.log(`${known.size} keys, ${lost} cut off, ${told} told by their charge, ${replayed} replayed`)
  expect(paid.n).toBe(known.size)
  // Without these the rounds would have proved nothing.
  expect(lost).toBeGreaterThan(3)
  expect(replayed).toBeGreaterThan(20)
})
