// kill −9 under calls with limits: windows of a day forget no request, and a spend limit counts exactly what the books charged, with
// nothing held by the dead.
import { Database } from "bun:sqlite"
import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { credits, readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { CTX } from "../build.ts"
import { createRandom } from "./random.ts"
import { createWorld, startMortal, type World } from "./world.ts"

const ROUNDS = 8
const CALLERS = 10
const REQUESTS = 1_000_000
setDefaultTimeout(120_000)

let world: World | undefined
afterAll(() => world?.remove())

async function limited({ dataDir }: World, spendNano: number): Promise<void> {
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:9" }, {}, true)
  const app = await compose(config, { log: silentLog })
  const everybody = { level: "everybody", subject: "" } as const
  await app.limits.set(CTX, { ...everybody, kind: "requests_day", amount: REQUESTS })
  await app.limits.set(CTX, { ...everybody, kind: "spend_day", amount: spendNano })
  await app.stop()
}

interface Row {
  caller: number
  kind: string
  used: number
  held: number
  calls: number
  paid: number
}

/** Each counter beside what the books say of its person. */
function counted(path: string): Row[] {
  const read = new Database(path, { readonly: true })
  const rows = read
    .query(
      `SELECT CAST(substr(subject, 6) AS INTEGER) AS caller, kind, used, held,
         (SELECT COUNT(*) FROM charges c WHERE c.caller_id = CAST(substr(subject, 6) AS INTEGER)) AS calls,
         (SELECT COALESCE(SUM(collected_nano), 0) FROM charges c WHERE c.caller_id = CAST(substr(subject, 6) AS INTEGER)) AS paid
       FROM limit_counts`,
    )
    .all() as Row[]
  read.close()
  return rows
}

test("counters are what the books say, whenever the process dies", async () => {
  const random = createRandom()
  world = await createWorld()
  const limit = credits(60)
  await limited(world, limit)
  const { tokens, path } = world
  let cutOff = 0
  let refused = 0
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const mortal = startMortal(world, round)
      const { url } = (await mortal.listening)!
      for (const { kind, used, held, calls, paid } of counted(path)) {
        const isSpend = kind === "spend_day"
        expect([round, kind, used, held]).toEqual([round, kind, isSpend ? paid : calls, 0])
        if (isSpend) expect(used).toBeLessThanOrEqual(limit)
      }
      const isLast = round === ROUNDS
      let isAlive = !isLast
      let answered = 0
      const callers = Array.from({ length: CALLERS }, async (_, caller) => {
        while (isAlive) {
          try {
            const answer = await fetch(`${url}/v1/chat/completions`, {
              method: "POST",
              headers: {
                authorization: `Bearer ${tokens[caller % tokens.length]}`,
                "content-type": "application/json",
              },
              body: JSON.stringify({
                model: "sandbox",
                stream: caller % 2 === 0,
                messages: [{ role: "user", content: "word ".repeat(random.between(1, 60)) }],
              }),
            })
            if (answer.status === 429) {
              refused++
              await Bun.sleep(5)
            }
            await answer.text()
            answered++
          } catch {
            cutOff++
            return
          }
        }
      })
      // Counted in answers, not in time: a slow machine too must die in the middle of them.
      const enough = random.between(1, 60)
      while (!isLast && answered < enough && cutOff < CALLERS * (round + 1)) await Bun.sleep(1)
      isAlive = false
      mortal.kill()
      await mortal.died
      await Promise.all(callers)
    }
  } catch (error) {
    console.error(`failed with PURSER_TEST_SEED=${random.seed}`)
    throw error
  }
  const rows = counted(path)
  console.log(`${cutOff} cut off, ${refused} refused, ${rows.map((row) => `${row.kind} ${row.used}`).join(", ")}`)
  // Without these the rounds would have proved nothing.
  expect(rows.length).toBe(2 * tokens.length)
  expect(cutOff).toBeGreaterThan(ROUNDS)
})
