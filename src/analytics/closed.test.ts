// Days that are over are read once: whoever remembers them says what somebody says who reads all of it anew, whatever happens meanwhile.
import { expect, test } from "bun:test"
import { ClientId, DAY_MS, dayOf } from "../app/index.ts"
import { openReadOnly, type Reader } from "../store/index.ts"
import { lastDays, RANGES } from "./index.ts"
import { reports } from "./store.ts"
import { parted } from "./store-closed.ts"
import { houseNow, houseReport } from "./store-house.ts"
import { erasePacksIn } from "./store-packs-end.ts"
import { cohorts, houseTop } from "./store-top.ts"
import { callIn, env, foldAllIn, fund, openEach, rebuildIn, write } from "./testing.ts"
import type { Cut } from "./types.ts"

openEach()

const PEOPLE = 40
const APPS = [7, 8, 9]
const CUTS: Cut[] = ["day", "app", "endpoint", "model", "scope", "payer"]

function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

/** Every figure that remembers. */
function figuresOf(reader: Reader) {
  const nowMs = env.clock.now()
  const today = dayOf(nowMs)
  const spans = [...RANGES.map((range) => lastDays(range, nowMs)), { from: today - 20, to: today - 3 }]
  return [
    houseNow(reader, { nowMs }),
    cohorts(reader, { nowMs, months: 3 }),
    ...spans.flatMap((span) => [
      houseReport(reader, { span, nowMs }),
      houseTop(reader, span).users,
      ...[[7], APPS].flatMap((ids) =>
        [{}, { model: "a/b" }].map((filter) =>
          reports(reader, { clientIds: ids.map((id) => ClientId(id)), span, filter, rowsMax: 100 }, CUTS),
        ),
      ),
    ]),
  ]
}

/** What one connection remembers, against another that has seen nothing yet. */
function compare(remembering: Reader): void {
  const fresh = openReadOnly(env.path)
  try {
    expect(figuresOf(remembering)).toEqual(figuresOf(fresh))
  } finally {
    fresh.close()
  }
}

async function people(): Promise<void> {
  for (let user = 1; user <= PEOPLE; user++) {
    await write((tx) => {
      tx.run("INSERT OR IGNORE INTO principals (id, kind, created_ms) VALUES (?, 'user', ?)", user, tx.now)
      tx.run(
        "INSERT OR REPLACE INTO users (id, public_id, email, created_ms, updated_ms) VALUES (?1, ?2, ?2 || '@example.com', ?3, ?3)",
        user,
        `usr_${user}`,
        tx.now,
      )
    })
    await fund(user)
  }
}

const refuse = (user: number, client: number, day: number) =>
  write((tx) =>
    tx.run(
      `INSERT INTO refused_days (day, user_id, client_id, key_id, mode, scope, endpoint, model, error_code, calls)
       VALUES (?, ?, ?, 0, 'live', 'llm', 'chat', 'a/b', 'quota_exceeded', 1) ON CONFLICT DO NOTHING`,
      day,
      user,
      client,
    ),
  )

for (const seed of [1, 2, 3])
  test(`calls, days, sums, late refusals, erasures and rebuilds: the same as read anew (seed ${seed})`, async () => {
    const random = seeded(seed)
    await people()
    const remembering = openReadOnly(env.path)
    let erased = 0
    for (let step = 0; step < 60; step++) {
      for (let n = random(30); n > 0; n--) {
        const [user, at] = [erased + 1 + random(PEOPLE - erased), random(APPS.length + 1)]
        const model = ["a/b", "c/d", "e/f"][random(3)]!
        await write((tx) =>
          callIn(tx, { user, clientId: APPS[at] ?? null, chargeNano: 4 * random(50), route: { requested: model } }),
        )
      }
      env.clock.advance(random(DAY_MS))
      if (random(2) === 0) await write((tx) => foldAllIn(tx, 1 + random(20)))
      const today = dayOf(env.clock.now())
      // Nearly all are of today; one that was counted in memory before midnight is written after it.
      if (random(3) === 0) await refuse(erased + 1 + random(5), APPS[random(3)]!, today - random(3))
      if (random(9) === 0 && erased < 8) {
        erased++
        await write((tx) => {
          tx.run("UPDATE users SET status = 'deleted', status_ms = 1, status_reason = 'asked' WHERE id = ?", erased)
          tx.run("DELETE FROM refused_days WHERE user_id = ?", erased)
        })
        await write((tx) => erasePacksIn(tx, erased, 100_000))
      }
      if (random(20) === 0) await write((tx) => rebuildIn(tx, 1 + random(30)))
      compare(remembering)
    }
    remembering.close()
  }, 120_000)

test("a second question reads nothing of the days that are over", async () => {
  await people()
  for (let day = 0; day < 40; day++) {
    for (let user = 1; user <= 10; user++) await write((tx) => callIn(tx, { user, clientId: 7 }))
    env.clock.advance(DAY_MS)
  }
  await write((tx) => foldAllIn(tx, 1))
  const [nowMs, today] = [env.clock.now(), dayOf(env.clock.now())]
  const span = { from: today - 29, to: today }
  const { closed, open } = parted(env.store.read, span)
  expect([closed, open]).toEqual([
    { from: today - 29, to: today - 2 },
    { from: today - 1, to: today },
  ])
  const rows: Record<string, number> = {}
  const counting: Reader = {
    get: (sql, ...params) => env.store.read.get(sql, ...params),
    all(sql, ...params) {
      const found = env.store.read.all(sql, ...params)
      const table = /analytics_(people|kind_people|spend)/.exec(sql)?.[0]
      if (table) rows[table] = (rows[table] ?? 0) + found.length
      return found as never
    },
  }
  const ask = () => {
    for (const table of Object.keys(rows)) rows[table] = 0
    houseReport(counting, { span, nowMs })
    houseTop(counting, span)
    reports(counting, { clientIds: [ClientId(7)], span, filter: {}, rowsMax: 100 }, ["day", "model"])
    return { ...rows }
  }
  const first = ask()
  expect(Object.values(first).every((n) => n >= 28)).toBe(true)
  // Of the last day with calls, a set and a few runs each time.
  const second = ask()
  expect(Object.keys(second)).toHaveLength(3)
  expect(Object.values(second).every((n) => n <= 12)).toBe(true)
})

const CLOSED = 20
const ROWS = [
  ["analytics_people", "client_id, day, chunk, people, bits", "7, ?, 0, 1, x'0100'", "people = people"],
  [
    "analytics_kind_people",
    "client_id, day, scope, route_id, chunk, people, bits",
    "7, ?, 'llm', 1, 0, 1, x'0100'",
    "people = people",
  ],
  ["analytics_spend", "day, tier, spenders, bytes, wide", "?, 0, 1, zeroblob(10), x''", "tier = tier"],
  [
    "refused_days",
    "day, user_id, client_id, key_id, mode, scope, endpoint, model, error_code, calls",
    "?, 1, 7, 0, 'live', 'llm', 'chat', 'a/b', 'x', 1",
    null,
  ],
] as const

for (const [table, columns, values, change] of ROWS)
  test(`whoever changes ${table} of a day that is over moves the version, and nobody else does`, async () => {
    const version = () => env.store.read.get<{ version: number }>("SELECT version FROM analytics_fold")!.version
    await write((tx) => tx.run("UPDATE analytics_fold SET closed_before = ?", CLOSED + 1))
    const moved = async (sql: string, day: number): Promise<boolean> => {
      const before = version()
      expect((await write((tx) => tx.run(sql, day))).changes).toBe(1)
      return version() > before
    }
    for (const day of [CLOSED, CLOSED + 1]) {
      const isOver = day === CLOSED
      expect(await moved(`INSERT INTO ${table} (${columns}) VALUES (${values})`, day)).toBe(isOver)
      if (change) expect(await moved(`UPDATE ${table} SET ${change} WHERE day = ?`, day)).toBe(isOver)
      expect(await moved(`DELETE FROM ${table} WHERE day = ?`, day)).toBe(isOver)
    }
  })
