// The log of an app against a notebook: every call once, newest first, page by page, whatever is asked for; another app's is not there; and
// what failed, was refused and took long.
import { expect, test } from "bun:test"
import { ClientId, createIds, DAY_MS, dayOf, UserId } from "../app/index.ts"
import type { Reader, SqlValue } from "../store/index.ts"
import { report, usedByPeople } from "./store.ts"
import { callOfApp, callsOfApp, healthOf } from "./store-calls.ts"
import { call, env, FAILED, fund, GONE, openEach, usage } from "./testing.ts"
import type { CallPlace, CallsOnly } from "./types-calls.ts"

openEach()

interface Noted {
  id: string
  client: number
  day: number
  kind: "answered" | "failed" | "refused"
  model: string
  user: number
  latency: number
}

async function month(): Promise<Noted[]> {
  const noted: Noted[] = []
  for (const user of [1, 2, 3]) await fund(user)
  const ends = [{}, FAILED, GONE, {}]
  for (let at = 0; at < 1_300; at++) {
    const [client, user, model] = [[7, 8, 7][at % 3]!, 1 + (at % 3 === 0 ? at % 2 : 2), `model-${at % 5}`]
    const said = { client, user, model, day: dayOf(env.clock.now()) }
    if (at % 7 === 5) {
      const id = createIds(env.clock).next("req")
      usage.recordRefused({
        publicId: id,
        atMs: env.clock.now(),
        mode: "live",
        userId: UserId(user),
        clientId: ClientId(client),
        keyId: null,
        endpoint: "chat",
        scope: "llm",
        requested: model,
        model,
        stream: false,
        status: 429,
        errorCode: at % 2 === 0 ? "rate_limit_exceeded" : "app_daily_limit_exceeded",
        latencyMs: 1,
      })
      noted.push({ ...said, id, kind: "refused", latency: 1 })
    } else {
      const end = ends[at % 4]!
      const latencyMs = (at * 7_919) % 10_007
      const chargeNano = end === FAILED ? 0 : 400
      const id = await call({
        user,
        clientId: client,
        chargeNano,
        route: { requested: model },
        end: { ...end, latencyMs },
      })
      noted.push({ ...said, id, kind: end === FAILED ? "failed" : "answered", latency: latencyMs })
    }
    // Several calls of one moment, and days without any.
    if (at % 3 === 0) env.clock.advance(at === 300 ? 9 * DAY_MS : DAY_MS / 12)
  }
  await usage.flush()
  return noted
}

const everything = () => ({ from: dayOf(env.clock.now()) - 89, to: dayOf(env.clock.now()) })

function allPages(client: number, only: CallsOnly, model: string | undefined, limit: number, most?: number): string[] {
  const seen: string[] = []
  let before: CallPlace | null = null
  do {
    const query = { clientId: ClientId(client), span: everything(), before, only, model, limit }
    const page = callsOfApp(env.store.read, query, most)
    expect(page.calls.length).toBeLessThanOrEqual(limit)
    seen.push(...page.calls.map(({ requestId }) => requestId))
    before = page.next
  } while (before)
  return seen
}

test("every call of the app is there once, and no other's, by whatever filter and size of pages", async () => {
  const noted = await month()
  expect(env.store.read.get<{ through: number }>("SELECT through FROM charge_fold")!.through).toBeGreaterThan(0)
  for (const client of [7, 8, 9]) {
    for (const only of ["all", "answered", "failed", "refused"] as const) {
      for (const model of [undefined, "model-2", "none"]) {
        const expected = noted.filter(
          (one) =>
            one.client === client &&
            (only === "all" || one.kind === only) &&
            (model === undefined || one.model === model),
        )
        for (const limit of [7, 1_000]) {
          const seen = allPages(client, only, model, limit)
          const at = JSON.stringify([client, only, model, limit])
          expect([at, seen.length, seen.toSorted()]).toEqual([at, expected.length, expected.map(({ id }) => id).sort()])
          // The same order, whether the newest of the house fill a page, some of the pages, or none.
          for (const most of [0, 60, 300]) expect(allPages(client, only, model, limit, most)).toEqual(seen)
        }
      }
    }
  }
  const [first] = callsOfApp(env.store.read, {
    clientId: ClientId(7),
    span: everything(),
    before: null,
    only: "all",
    limit: 1,
  }).calls
  expect(first!.atMs).toBe(Math.max(...callsOf7(noted)))
  expect(callOfApp(env.store.read, 7, first!.requestId)).toEqual(first!)
  expect(callOfApp(env.store.read, 8, first!.requestId)).toBeNull()
  const refused = noted.find(({ kind, client }) => kind === "refused" && client === 8)!
  expect(callOfApp(env.store.read, 8, refused.id)?.end).toBe("refused")
  expect(callOfApp(env.store.read, 7, refused.id)).toBeNull()
}, 60_000)

const callsOf7 = (noted: Noted[]) =>
  noted.filter(({ client }) => client === 7).map(({ id }) => callOfApp(env.store.read, 7, id)!.atMs)

/** Every statement of these reads, as SQLite would run it. */
function plansOf(run: (reader: Reader) => unknown): string[] {
  const details: string[] = []
  const spy =
    (name: "all" | "get") =>
    (sql: string, ...params: SqlValue[]) => {
      const plan = env.store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...params)
      // The newest row alone is a walk of one step.
      if (!/LIMIT 1$/.test(sql)) details.push(...plan.map(({ detail }) => detail))
      return env.store.read[name](sql, ...params)
    }
  run({ all: spy("all"), get: spy("get") } as unknown as Reader)
  return details
}

test("no read of an app walks through the books, the days or the refused calls of everybody", async () => {
  await fund(1)
  await call()
  const [clientId, span] = [ClientId(7), everything()]
  for (const [what, run] of Object.entries({
    calls: (reader: Reader) =>
      callsOfApp(reader, {
        clientId,
        span,
        before: { atMs: env.clock.now(), requestId: "req_" },
        only: "all",
        limit: 5,
      }),
    one: (reader: Reader) => callOfApp(reader, 7, "req_none"),
    health: (reader: Reader) => healthOf(reader, { clientId, span }),
    report: (reader: Reader) => report(reader, { clientIds: [clientId], span, by: "model", filter: {}, rowsMax: 5 }),
    people: (reader: Reader) => usedByPeople(reader, { clientId, userIds: ["usr_1"], fromDay: span.from }),
  })) {
    const plan = plansOf(run)
    expect([what, plan.length > 0]).toEqual([what, true])
    const scans = plan.filter((detail) =>
      /^SCAN (c|charges|charge_days|refused_calls|refused_days|oauth_consents|users)\b/.test(detail),
    )
    expect([what, scans]).toEqual([what, []])
  }
})

test("health: kinds of failures and refusals with how many people met them, and the slowest", async () => {
  const noted = (await month()).filter(({ client }) => client === 7)
  const { errors, slow } = healthOf(env.store.read, { clientId: ClientId(7), span: everything() })
  const failed = noted.filter(({ kind }) => kind === "failed")
  expect(errors.find(({ refused }) => refused === 0)).toEqual({
    code: "provider_error",
    refused: 0,
    calls: failed.length,
    people: new Set(failed.map(({ user }) => user)).size,
  })
  const refusedCalls = errors.filter(({ refused }) => refused === 1).reduce((sum, { calls }) => sum + calls, 0)
  expect(refusedCalls).toBe(noted.filter(({ kind }) => kind === "refused").length)
  expect(slow).toHaveLength(10)
  const done = slow.map(({ latencyMs }) => latencyMs)
  expect(done).toEqual(done.toSorted((a, b) => b - a))
  const other = healthOf(env.store.read, { clientId: ClientId(9), span: everything() })
  expect(other).toEqual({ errors: [], slow: [] })
}, 60_000)
