// What is packed against a notebook: who spent most, whose charges were not paid in full; from packs, without them and while they are made,
// rebuilt in other slices, and after a person was erased.
import { beforeEach, expect, test } from "bun:test"
import { ClientId, DAY_MS, dayOf, nano, UserId } from "../app/index.ts"
import { principal } from "../ledger/index.ts"
import { packOld } from "./old-packs.ts"
import { healthOf } from "./store-health.ts"
import { packedAfter } from "./store-packs.ts"
import { erasePacksIn } from "./store-packs-end.ts"
import { houseTop } from "./store-top.ts"
import {
  callIn,
  env,
  foldAllIn,
  forgetPacksIn,
  fund,
  ledger,
  openEach,
  rebuildIn,
  spendOf,
  sumsOf,
  write,
} from "./testing.ts"

openEach()

interface Noted {
  user: number
  day: number
  mode: "live" | "test"
  charge: number
}
let noted: Noted[]
const PEOPLE = 30
const userId = (user: number) => `usr_${user}`

let state = 11
const random = (below: number): number => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
  return Math.floor((state / 2_147_483_648) * below)
}

beforeEach(async () => {
  noted = []
  for (let user = 1; user <= PEOPLE; user++) {
    await write((tx) => {
      tx.run("INSERT OR IGNORE INTO principals (id, kind, created_ms) VALUES (?, 'user', 1)", user)
      tx.run(
        `INSERT OR REPLACE INTO users (id, public_id, email, created_ms, updated_ms) VALUES (?1, ?2, ?2 || '@example.com', 1, 1)`,
        user,
        userId(user),
      )
    })
    await fund(user)
    await fund(user, "test")
  }
  for (let at = 0; at < 1_200; at++) {
    const [user, mode] = [1 + random(PEOPLE), random(6) === 0 ? ("test" as const) : ("live" as const)]
    const charge = 4 * random(5) * 100_000
    await write((tx) => callIn(tx, { user, mode, chargeNano: charge, clientId: random(3) === 0 ? null : 7 }))
    noted.push({ user, mode, charge, day: dayOf(env.clock.now()) })
    env.clock.advance(DAY_MS / 20)
  }
})

const now = () => dayOf(env.clock.now())
const spans = () => [
  { from: now() - 6, to: now() },
  { from: now() - 29, to: now() },
  { from: now() - 200, to: now() },
  { from: now() - 40, to: now() - 12 },
]

function compareTop(gone: readonly number[] = []): void {
  for (const span of spans()) {
    const rows = noted.filter(
      ({ mode, day, user }) => mode === "live" && day >= span.from && day <= span.to && !gone.includes(user),
    )
    const byUser = [...Map.groupBy(rows, ({ user }) => user)]
      .map(([user, own]) => ({ user, calls: own.length, spent: own.reduce((sum, { charge }) => sum + charge, 0) }))
      .sort((a, b) => b.spent - a.spent || a.user - b.user)
      .slice(0, 20)
    const told = houseTop(env.store.read, span).users
    expect([span, told.map(({ userId: id, calls, collectedNano }) => [id, calls, collectedNano as number])]).toEqual([
      span,
      byUser.map(({ user, calls, spent }) => [userId(user), calls, spent]),
    ])
  }
}

test("who spent most: from packs, from charges that wait, without packs, and while old ones are made", async () => {
  compareTop()
  await write((tx) => foldAllIn(tx, 50))
  const runs = env.store.read.get<{ runs: number; tiers: number }>(
    "SELECT COUNT(*) AS runs, MAX(tier) AS tiers FROM analytics_spend",
  )!
  expect([runs.runs > 50, runs.tiers]).toEqual([true, 0])
  compareTop()
  await write(forgetPacksIn)
  compareTop()
  for (let slice = 0; await packOld(env.store, 100); slice++) if (slice === 4) compareTop()
  expect(packedAfter(env.store.read)).toBe(0)
  compareTop()
}, 60_000)

test("rebuilt from charges, in other slices, they say the same; eight runs of a day become one", async () => {
  const rebuilt = (rows: number) =>
    write((tx) => {
      rebuildIn(tx, rows)
      foldAllIn(tx, 1)
      return sumsOf(tx)
    })
  const whole = await rebuilt(1_200)
  expect(whole.at(-1)!.length).toBeGreaterThan(500)
  for (const rows of [1, 25, 40]) {
    expect(await rebuilt(rows)).toEqual(whole)
    compareTop()
  }
  await rebuilt(1)
  const tiers = env.store.read.all<{ tier: number; n: number }>(
    "SELECT day, tier, COUNT(*) AS n FROM analytics_spend GROUP BY 1, 2",
  )
  expect([tiers.some(({ tier }) => tier === 1), tiers.every(({ n }) => n < 8)]).toEqual([true, true])
}, 60_000)

test("an erased person is in no ranking, whether or not it is rebuilt, and no call of theirs tells its kind", async () => {
  await write((tx) => foldAllIn(tx, 50))
  const top = houseTop(env.store.read, spans()[2]!).users[0]!
  const user = Number(top.userId!.slice(4))
  const told = (table: string, column: string) =>
    env.store.read.get<{ n: number | null }>(`SELECT SUM(${column}) AS n FROM ${table} WHERE client_id = 7`)!.n
  const calls = told("analytics_app_calls", "calls")
  await write((tx) => {
    tx.run("UPDATE users SET status = 'deleted', status_reason = 'erased', status_ms = 1 WHERE id = ?", user)
    for (let after = 0; ; ) {
      const { through, more } = ledger.clearNextIn(tx, { owner: principal(UserId(user)), after, places: 500 })
      after = through
      if (!more) break
    }
    while (erasePacksIn(tx, user, 3) > 0);
  })
  compareTop([user])
  const account = env.store.read.get<{ id: number }>(
    "SELECT account_id AS id FROM v_ledger_accounts WHERE owner_id = ? AND mode = 'live' AND kind = 'wallet'",
    user,
  )!.id
  expect(spendOf(env.store.read).filter((row) => row.account === account)).toEqual([])
  // As many calls as before; of theirs neither kind nor time.
  expect(told("analytics_app_calls", "calls")).toBe(calls)
  const known = env.store.read.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM analytics_app_slowest s JOIN v_charges c ON c.id = s.charge_id WHERE c.caller_id = ?",
    user,
  )!.n
  expect(known).toBe(0)
  const packed = sumsOf(env.store.read)
  await write((tx) => rebuildIn(tx, 50))
  const rebuilt = sumsOf(env.store.read)
  // The sets of calls, and what was spent; the others name nobody and stay as they were.
  for (const at of [6, 10]) expect(rebuilt[at]).toEqual(packed[at]!)
  compareTop([user])
}, 60_000)

test("charges that were not paid in full: how many, whose and what is missing", async () => {
  const FUNDED = 1_000_000_000
  const [poor, other] = [901, 902]
  const span = { from: now(), to: now() }
  for (const user of [poor, other]) await fund(user)
  const owe = (user: number, extra: number) =>
    write((tx) => {
      const hold = ledger.holdIn(tx, {
        owner: principal(UserId(user)),
        mode: "live",
        amountNano: nano(FUNDED),
        callId: `req_${user}${extra}`.padEnd(30, "0"),
        scope: "llm",
        clientId: ClientId(7),
        routeId: null,
        leaseMs: 60_000,
        inputCostNano: nano(0),
      })
      const totalNano = nano(FUNDED + extra)
      const done = { status: 200, errorCode: null, end: "done", latencyMs: 3, firstTokenMs: null } as const
      const tokens = {
        inputTokens: 1,
        cachedTokens: 0,
        outputTokens: 1,
        reasoningTokens: 0,
        source: "reported",
      } as const
      ledger.settleIn(tx, {
        hold,
        charge: { totalNano, upstreamNano: totalNano, developerNano: nano(0), platformNano: nano(0) },
        developer: null,
        call: { ...done, ...tokens },
      })
    })
  await owe(poor, 700)
  await owe(other, 50)
  const expected = [{ code: "", refused: 0 as const, calls: 2, people: 2, missingNano: 750 }]
  const unpaid = () =>
    healthOf(env.store.read, { clientId: ClientId(7), span }).unpaid.map((row) => ({
      ...row,
      missingNano: row.missingNano as number,
    }))
  expect(unpaid()).toEqual(expected)
  await write((tx) => foldAllIn(tx, 1))
  expect(unpaid()).toEqual(expected)
  await write(forgetPacksIn)
  expect(unpaid()).toEqual(expected)
}, 60_000)
