// The list of people in any order: figures, counts, and a walk over all pages that sees each person once while others sign up.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, DAY_MS } from "../../src/app/index.ts"
import {
  takesLong,
  USER_SORTS,
  type UserCount,
  type UsersQuery,
  usersMatching,
  usersPage,
  usersRows,
} from "../../src/sites/admin/store-users.ts"
import type { Place, Reader, SqlValue } from "../../src/store/index.ts"
import { CTX, giveCredits, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"
import { createRandom } from "../crash/random.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const ALL: UsersQuery = {
  query: "",
  facets: { state: null, plan: null, role: null },
  sort: { by: "joined", descending: true },
  place: null,
  limit: 50,
  sinceDay: 20_000,
  nowMs: Date.UTC(2026, 5, 1),
}
const read = () => server.app.store.read

test("paging through any order sees each row exactly once while rows are added, forwards and back", async () => {
  const random = createRandom()
  const { app } = server
  for (let n = 0; n < 40; n++) {
    // Names and balances repeat, so that places must tell equal keys apart.
    const user = await makeUser(app, { name: ["Ada", "ada", "Élodie", "Zoë"][n % 4]!, email: `walk${n}@example.com` })
    if (n % 3 === 0) await giveCredits(app, user, credits(100 + (n % 2)))
  }
  const before = new Set(usersRows(read(), { ...ALL, limit: 1_000 }).rows.map((user) => user.id))
  let added = 0
  for (const by of USER_SORTS) {
    for (const descending of [true, false]) {
      const sort = { by, descending }
      const seen: number[] = []
      let place: Place | null = null
      let last: Place | null = null
      do {
        const page = usersRows(read(), { ...ALL, sort, place, limit: random.between(1, 9) })
        seen.push(...page.rows.map((user) => user.id))
        place = page.next
        last = page.previous ?? last
        const name = ["Aaa", "ada", "Zzz"][added % 3]!
        const user = await makeUser(app, { name, email: `added${added++}@example.com` })
        if (added % 2 === 0) await giveCredits(app, user, credits(100))
      } while (place)
      const old = seen.filter((id) => before.has(id))
      expect({ by, descending, seed: random.seed, twice: seen.length - new Set(seen).size }).toMatchObject({ twice: 0 })
      expect({ by, descending, seed: random.seed, seen: old.length }).toMatchObject({ seen: before.size })

      const back: number[] = []
      for (let at: Place | null = last; at; ) {
        const page = usersRows(read(), { ...ALL, sort, place: at, limit: 7 })
        back.unshift(...page.rows.map((user) => user.id))
        at = page.previous
      }
      expect(new Set(back).size).toBe(back.length)
    }
  }
}, 120_000)

test("names stand in the order of people: neither case nor accents put anybody at the end", async () => {
  for (const name of ["Ödön", "odile", "Zed", "Ole", "Émile", "emil", "Ω"])
    await makeUser(server.app, { name, email: `${Bun.hash(name)}@order.example` })
  const sort = { by: "name", descending: false } as const
  const names = () => {
    const seen: (string | null)[] = []
    let place: Place | null = null
    do {
      const page = usersRows(read(), { ...ALL, query: "order.example", sort, place, limit: 2 })
      seen.push(...page.rows.map((user) => user.name))
      place = page.next
    } while (place)
    return seen
  }
  expect(names()).toEqual(["emil", "Émile", "odile", "Ödön", "Ole", "Zed", "Ω"])
})

test("going back shows the rows in the order asked for, and the pages beside them", () => {
  const first = usersRows(read(), { ...ALL, limit: 5 })
  const second = usersRows(read(), { ...ALL, limit: 5, place: first.next })
  expect(first.previous).toBeNull()
  const back = usersRows(read(), { ...ALL, limit: 5, place: second.previous })
  expect(back.rows).toEqual(first.rows)
  expect(back.previous).toBeNull()
  expect(usersRows(read(), { ...ALL, limit: 5, place: back.next }).rows).toEqual(second.rows)
})

test("counts by state, plan and role are of those the search finds; figures are those of the books", async () => {
  const { app } = server
  const linus = await makeDeveloper(app, { name: "Linus Countable" })
  await giveCredits(app, linus, credits(321))
  const suspended = await makeUser(app, { name: "Mara Countable", email: "mara@countable.test" })
  await app.identity.suspend({ actor: "cli", requestId: "r", reason: "x" }, { userId: suspended.id, reason: "x" })
  const page = usersPage(read(), { ...ALL, query: "countab" })
  expect(page.rows.map((user) => [user.name, user.state, user.isDeveloper, user.balanceNano])).toEqual([
    ["Mara Countable", "suspended", 0, 0],
    ["Linus Countable", "active", 1, credits(321)],
  ])
  expect(page.counts).toHaveLength(2)
  expect(page.total).toBeGreaterThan(40)
  const only = (facets: Partial<UsersQuery["facets"]>) =>
    usersRows(read(), { ...ALL, query: "countab", facets: { ...ALL.facets, ...facets } }).rows.map((user) => user.name)
  expect(only({ state: "suspended" })).toEqual(["Mara Countable"])
  expect(only({ role: "developer" })).toEqual(["Linus Countable"])
  expect(only({ role: "admin" })).toEqual([])
  expect(only({ plan: "free" })).toHaveLength(2)
  expect(only({ plan: "pro" })).toEqual([])
})

test("counts of everybody are those of the list itself, whatever sort of people there are", async () => {
  const { app } = server
  const developer = await makeDeveloper(app, { name: "Counted Developer" })
  await app.identity.makeTestUser(CTX, developer.id)
  const [pro, basic, gone, late] = await Promise.all(
    ["pro", "basic", "gone", "late"].map((name) => makeUser(app, { email: `${name}@counts.example` })),
  )
  await app.plans.assign(CTX, { user: pro!, planCode: "pro" })
  await app.plans.assign(CTX, { user: basic!, planCode: "basic" })
  await app.identity.suspend(CTX, { userId: basic!.id, reason: "x" })
  await makeUser(app, { isAdmin: true, email: "admin@counts.example" })
  // What no verb does in a test of a moment: an erased person, one whose address is not confirmed, one whose paid plan is over.
  await app.store.write(CTX, (tx) => {
    tx.run("UPDATE users SET status = 'deleted', status_reason = 'x', status_ms = 1 WHERE id = ?", gone!.id)
    tx.run("UPDATE users SET email_verified_ms = NULL WHERE id = ?", late!.id)
    tx.run(
      `INSERT INTO plan_subscriptions (user_id, subscription, plan_id, months, period_start_ms, period_end_ms, until_ms, updated_ms)
       VALUES (?, 'sub_counts', 2, 1, 1, 2, ?, 1)`,
      late!.id,
      app.clock.now() + DAY_MS,
    )
  })
  const keyOf = ({ state, plan, isAdmin, isDeveloper }: Omit<UserCount, "people">) =>
    JSON.stringify([state, plan, isAdmin, isDeveloper])
  for (const nowMs of [ALL.nowMs, app.clock.now(), app.clock.now() + 400 * DAY_MS]) {
    const { rows } = usersRows(read(), { ...ALL, nowMs, limit: 10_000 })
    const listed = [...Map.groupBy(rows, keyOf)].map(([key, of]) => [key, of.length])
    const { counts, total } = usersPage(read(), { ...ALL, nowMs })
    expect(counts.map((one) => [keyOf(one), one.people]).sort()).toEqual(listed.toSorted())
    expect([total, listed.length > 5]).toEqual([rows.length, true])
  }
})

test("a list that is asked for again and again asks with the same statements", () => {
  const texts = new Set<string>()
  const spy =
    (name: "all" | "get") =>
    (sql: string, ...params: SqlValue[]) => {
      texts.add(sql)
      return read()[name](sql, ...params)
    }
  const reader = { all: spy("all"), get: spy("get") } as unknown as Reader
  const ask = (nowMs: number) => {
    usersPage(reader, { ...ALL, nowMs, query: "list" })
    usersMatching(reader, { ...ALL, nowMs })
    usersPage(reader, { ...ALL, nowMs, facets: { state: "suspended", plan: "pro", role: "admin" } })
  }
  ask(ALL.nowMs)
  const first = texts.size
  ask(ALL.nowMs + 1)
  expect(texts.size).toBe(first)
})

test("a look at everybody is made beside the pages' Worker where people are many, and nothing else is", async () => {
  const sorts = USER_SORTS.map((by) => ({ ...ALL, sort: { by, descending: true } }))
  const asked: UsersQuery[] = [
    ...sorts,
    { ...ALL, query: "ada" },
    { ...ALL, facets: { ...ALL.facets, state: "active" } },
  ]
  expect(asked.map((query) => takesLong(read(), query))).toEqual(asked.map(() => false))
  await server.app.store.write(CTX, (tx) => tx.run("UPDATE user_counts SET people = people + 60000 WHERE test = 0"))
  expect(asked.map((query) => takesLong(read(), query))).toEqual([false, false, true, true, true, true, false])
  await server.app.store.write(CTX, (tx) => tx.run("UPDATE user_counts SET people = people - 60000 WHERE test = 0"))
})
