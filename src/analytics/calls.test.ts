// The log of an app against a notebook: every call once, newest first, page by page, whatever is asked for; another app's is not there; and
// what failed, was refused and took long.
import { expect, test } from "bun:test"
import { ClientId, createIds, DAY_MS, dayOf, nano, UserId } from "../app/index.ts"
import type { Reader, SqlValue } from "../store/index.ts"
import { toCall } from "./call-rows.ts"
import { packOld } from "./old-packs.ts"
import { report } from "./store.ts"
import { callOfApp, callsOfApp } from "./store-calls.ts"
import { healthOf } from "./store-health.ts"
import { unpackedCalls } from "./store-old-calls.ts"
import { packedAfter } from "./store-packs.ts"
import { dropOldIn } from "./store-packs-end.ts"
import { houseTop } from "./store-top.ts"
import { usedByPeople } from "./store-used.ts"
import { call, env, FAILED, foldAllIn, forgetPacksIn, fund, GONE, openEach, usage, write } from "./testing.ts"
import type { CallPlace, CallsOnly, CallsPage, CallsQuery } from "./types-calls.ts"

openEach()

interface Noted {
  id: string
  client: number
  day: number
  kind: "answered" | "failed" | "refused"
  model: string
  user: number
  latency: number
  isDone: boolean
  /** Refused for a limit on what may be spent. */
  isLimit: boolean
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
      noted.push({ ...said, id, kind: "refused", latency: 1, isDone: false, isLimit: at % 2 !== 0 })
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
      const isDone = end !== FAILED && end !== GONE
      noted.push({
        ...said,
        id,
        kind: end === FAILED ? "failed" : "answered",
        latency: latencyMs,
        isDone,
        isLimit: false,
      })
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
    const page = pageOf(query, most)
    expect(page.calls.length).toBeLessThanOrEqual(limit)
    seen.push(...page.calls.map(({ requestId }) => requestId))
    before = page.next
  } while (before)
  return seen
}

/** From packs, or as it is before there are any, from so many newest calls of the house. */
function pageOf(query: CallsQuery, most: number | undefined): CallsPage {
  if (most === undefined) return callsOfApp(env.store.read, query)
  const found = unpackedCalls(env.store.read, query, most)
  const last = found[query.limit - 1]
  return { calls: found.slice(0, query.limit).map(toCall), next: found.length > query.limit && last ? last : null }
}

test("every call of the app is there once, and no other's, by whatever filter and size of pages", async () => {
  const noted = await month()
  expect(env.store.read.get<{ through: number }>("SELECT through FROM charge_fold")!.through).toBeGreaterThan(0)
  compareLists(noted, [0, 60, 300])
  // Packed, all but the last slice; as after an update: nothing is, then more and more of it, and all.
  await write((tx) => foldAllIn(tx, 300))
  expect(env.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM analytics_app_calls")!.n).toBeGreaterThan(5)
  compareLists(noted)
  await write(forgetPacksIn)
  compareLists(noted)
  for (let slice = 0; await packOld(env.store, 150); slice++) if (slice === 2) compareLists(noted)
  expect([packedAfter(env.store.read), await packOld(env.store, 150)]).toEqual([0, false])
  compareLists(noted)
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

function compareLists(noted: readonly Noted[], mosts: readonly number[] = []): void {
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
          // The same order, from packs and without them, whether the newest of the house fill a page, some of the pages, or none.
          for (const most of mosts) expect(allPages(client, only, model, limit, most)).toEqual(seen)
        }
      }
    }
  }
}

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

test("no read of an app, and no ranking, walks through the books, the days or the refused calls of everybody", async () => {
  await fund(1)
  await call({ clientId: 7 })
  await write((tx) => foldAllIn(tx, 1))
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
    top: (reader: Reader) => houseTop(reader, span),
    people: (reader: Reader) =>
      usedByPeople(reader, { clientId, userIds: ["usr_1"], fromDay: span.from, toDay: span.to }),
  })) {
    const plan = plansOf(run)
    expect([what, plan.length > 0]).toEqual([what, true])
    const scans = plan.filter((detail) =>
      /^SCAN (c|k|charges|charge_days|analytics_(?!fold\b)\w+|refused_calls|refused_days|oauth_consents|users)\b|\(owner_kind=\?\)/.test(
        detail,
      ),
    )
    expect([what, scans]).toEqual([what, []])
  }
})

test("health: failures and refusals with how many people met them, what was not paid, how long it took, and the slowest", async () => {
  const all = await month()
  const compareHealth = (): void => {
    for (const client of [7, 8]) {
      const noted = all.filter((one) => one.client === client)
      const { errors, unpaid, times, slow } = healthOf(env.store.read, {
        clientId: ClientId(client),
        span: everything(),
      })
      const failed = noted.filter(({ kind }) => kind === "failed")
      expect(errors.find(({ refused }) => refused === 0)).toEqual({
        code: "provider_error",
        refused: 0,
        calls: failed.length,
        people: new Set(failed.map(({ user }) => user)).size,
      })
      const refusedCalls = errors.filter(({ refused }) => refused === 1).reduce((sum, { calls }) => sum + calls, 0)
      expect(refusedCalls).toBe(noted.filter(({ kind }) => kind === "refused").length)
      const done = noted.filter((one) => one.isDone)
      const bounds = times.map(({ withinMs }) => withinMs ?? Number.POSITIVE_INFINITY)
      expect(times.map(({ calls }) => calls)).toEqual(
        bounds.map((to, at) => done.filter(({ latency }) => latency > (bounds[at - 1] ?? -1) && latency <= to).length),
      )
      expect(slow.map(({ requestId }) => requestId)).toEqual(
        done
          .toSorted((a, b) => b.latency - a.latency || (a.id < b.id ? 1 : -1))
          .slice(0, 10)
          .map(({ id }) => id),
      )
      const limited = noted.filter(({ isLimit }) => isLimit)
      const people = new Set(limited.map(({ user }) => user)).size
      expect(unpaid).toEqual([
        { code: "app_daily_limit_exceeded", refused: 1, calls: limited.length, people, missingNano: nano(0) },
      ])
    }
  }
  compareHealth()
  await write((tx) => foldAllIn(tx, 300))
  compareHealth()
  await write(forgetPacksIn)
  compareHealth()
  while (await packOld(env.store, 200));
  compareHealth()
  const other = healthOf(env.store.read, { clientId: ClientId(9), span: everything() })
  expect([other.errors, other.unpaid, other.slow]).toEqual([[], [], []])
  expect(other.times.every(({ calls }) => calls === 0)).toBe(true)
}, 60_000)

test("what is told of calls one by one goes with them, to the call", async () => {
  const noted = await month()
  await write((tx) => foldAllIn(tx, 300))
  const span = everything()
  const rows = () =>
    env.store.read.get<{ n: number }>("SELECT SUM(calls) AS n FROM analytics_app_calls WHERE client_id = 7")!.n
  const packedCalls = noted.filter(({ client, kind }) => client === 7 && kind !== "refused")
  const middle = packedCalls[Math.floor(packedCalls.length / 2)]!
  const belowId = env.store.read.get<{ id: number }>("SELECT id FROM v_charges WHERE call_id = ?", middle.id)!.id
  const older = env.store.read.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM v_charges WHERE client_id = 7 AND id < ?",
    belowId,
  )!.n
  const before = rows()
  const drop = () => write((tx) => dropOldIn(tx, { belowId, beforeDay: middle.day, rows: 100 }))
  while ((await drop()) > 0);
  expect([older > 100, before - rows()]).toEqual([true, older])
  const oldest = env.store.read.get<{ day: number }>("SELECT MIN(day) AS day FROM analytics_app_slowest")!.day
  expect([oldest >= middle.day, span.from < middle.day]).toEqual([true, true])
}, 60_000)
