// A server that dies in the middle of many calls, within the quota, at its end and above it: what was used, what the log says and what was
// paid agree once it runs again, and nobody was answered whose units are not counted.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { rmSync } from "node:fs"
import { credits, nano } from "../../src/app/index.ts"
import { principal } from "../../src/ledger/index.ts"
import { productIn, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { CTX, freePort, makeUser, startTestServer, type TestServer } from "../build.ts"
import { bundled } from "../bundle.ts"

const QUOTA = 300
const UNIT = nano(2_000_000)
const COMMISSION_PER_UNIT = 200_000
const SENDERS = 48
/** Answers after which the server is killed: within the quota, in the midst of passing it, above it. */
const KILLED_AFTER = [100, 250, 150]
/** Before the first death, long enough for the log. */
const CALM = 50
/** Of the last server, which lives. */
const MORE = 60

let reached = 0
const upstream = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch() {
    reached++
    await Bun.sleep(2)
    return new Response("ok")
  },
})
const NETWORKS = { PURSER_PRODUCT_NETWORKS: "127.0.0.1" }
const port = freePort()
let server: TestServer
let world: { secret: string; path: string; subscriptionId: number; userId: number; ownerId: number }

beforeAll(async () => {
  server = await startTestServer({ port, env: NETWORKS })
  const { app } = server
  const [owner, user] = [await makeUser(app), await makeUser(app)]
  world = await app.store.write(CTX, (tx) => {
    const plan = {
      quotas: [{ period: "month", anchor: "calendar", units: QUOTA } as const],
      overageNano: UNIT,
    }
    const product = productIn(tx, app.keyring, {
      ownerId: owner.id,
      upstreamUrl: `http://127.0.0.1:${upstream.port}`,
      plans: [plan],
      endpoints: [{ path: "/a" }],
    })
    const subscriptionId = subscribeIn(tx, product, user.id)
    app.ledger.grantIn(tx, {
      owner: principal(user.id),
      mode: "live",
      type: "topup",
      bucket: "purchase",
      amountNano: nano(credits(100_000)),
      paid: true,
      key: "kill",
    })
    const { secret } = app.marketplace.calls.issueKeyIn(tx, { subscriptionId, userId: user.id, name: "K" })
    const path = `/m/${product.publisher}/${product.slug}/a`
    return { secret, path, subscriptionId, userId: user.id, ownerId: owner.id }
  })
  await app.stop()
})
afterAll(async () => {
  await server.close()
  upstream.stop(true)
  rmSync(server.dataDir, { recursive: true, force: true })
})

/** @returns answers of success until so many came, or until nobody answers any more */
async function callUntil(count: number, then: () => void): Promise<number> {
  let [answered, begun, isOver] = [0, 0, false]
  const one = async () => {
    const answer = await fetch(`http://localhost:${port}${world.path}`, {
      headers: { authorization: `Bearer ${world.secret}` },
    })
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`a call answered ${answer.status}: ${text}`)
    if (++answered !== count) return
    isOver = true
    then()
  }
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      while (!isOver && begun++ < count + SENDERS)
        // Cut, or it was not there any more.
        await one().catch((error: Error) => {
          if (!isOver) throw error
        })
    }),
  )
  return answered
}

interface Standing {
  used: number
  overUnits: number
  overNano: number
  charges: number
  collected: number
  earned: number
  holds: number
  logged: number
  summed: number
  units: number
}

function standing({ app }: TestServer): Standing {
  const { subscriptionId: id, userId, ownerId } = world
  const sum = (sql: string, of: number) => app.store.read.get<{ n: number | null }>(sql, of)?.n ?? 0
  return {
    used: sum("SELECT used AS n FROM market_quota_use WHERE subscription_id = ? AND period = 'month'", id),
    overUnits: sum("SELECT SUM(units) AS n FROM market_overages WHERE subscription_id = ?", id),
    overNano: sum("SELECT SUM(nano) AS n FROM market_overages WHERE subscription_id = ?", id),
    charges: sum("SELECT COUNT(*) AS n FROM v_charges WHERE caller_id = ?", userId),
    collected: sum("SELECT SUM(collected_nano) AS n FROM v_charges WHERE caller_id = ?", userId),
    earned: sum("SELECT SUM(earned_nano) AS n FROM v_charges WHERE developer_id = ?", ownerId),
    holds: sum("SELECT COUNT(*) AS n FROM open_holds WHERE ? > 0", 1),
    logged: sum("SELECT COUNT(*) AS n FROM market_calls WHERE subscription_id = ?", id),
    summed: sum("SELECT SUM(calls + failed) AS n FROM market_call_days WHERE subscription_id = ?", id),
    units: sum("SELECT SUM(units) AS n FROM market_call_days WHERE subscription_id = ?", id),
  }
}

test("kill -9 among many calls, three times: counters, log and money agree, and no answered call is free", async () => {
  const { dataDir } = server
  let answered = 0
  for (const count of KILLED_AFTER) {
    const child = Bun.spawn([...bundled("test/marketplace/kill-child.ts"), dataDir, String(port), "127.0.0.1"], {
      stdout: "pipe",
      stderr: "inherit",
    })
    await child.stdout.getReader().read()
    if (answered === 0) {
      answered = await callUntil(CALM, () => {})
      // Gathered for a quarter of a second, then written.
      await Bun.sleep(600)
    }
    answered += await callUntil(count, () => child.kill("SIGKILL"))
    await child.exited
  }
  const atDeath = reached
  server = await startTestServer({ dataDir, port, env: NETWORKS })
  const { app } = server
  const back = standing(server)
  // What was answered is counted; beyond it only what ran when the server died, three times.
  expect(back.used).toBeGreaterThanOrEqual(answered)
  expect(back.used).toBeLessThanOrEqual(answered + (KILLED_AFTER.length + 1) * SENDERS)
  // Nobody was asked for whom nothing was taken.
  expect(back.used).toBeGreaterThanOrEqual(atDeath)
  // The log may miss the last moments of each, and never says more than was used; its lines and its sums are one thing.
  expect([back.logged, back.units]).toEqual([back.summed, back.summed])
  expect(back.logged).toBeLessThanOrEqual(back.used)
  expect(back.logged).toBeGreaterThanOrEqual(CALM)

  const more = await callUntil(MORE, () => {})
  await app.marketplace.calls.drain(5_000)
  await app.marketplace.calls.flush()
  await app.store.write(CTX, () => {})
  const end = standing(server)
  expect([end.used - back.used, end.logged - back.logged, end.units - back.units]).toEqual([more, more, more])
  // Units above the quota, each paid once, by whoever held it when the server died, too.
  const above = end.used - QUOTA
  expect(above).toBeGreaterThan(MORE)
  expect(end).toMatchObject({
    overUnits: above,
    overNano: above * UNIT,
    charges: above,
    collected: above * UNIT,
    earned: above * (UNIT - COMMISSION_PER_UNIT),
    holds: 0,
  })
  expect(app.ledger.verify().checks.filter(({ violations }) => violations > 0)).toEqual([])
}, 60_000)
