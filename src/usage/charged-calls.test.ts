// The charged calls of an app, walked by key.
import { describe, expect, test } from "bun:test"
import { ClientId, UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { lastCallAt, recentCalls } from "./calls.ts"
import { readChargedCalls } from "./index.ts"
import { summary } from "./summary.ts"
import { call, callIn, env, FAILED, fund, openEach, usage, write } from "./testing.ts"

openEach()

describe("charged calls of an app", () => {
  test("are walked by keyset in both directions, and what cost nothing is passed over", async () => {
    await fund(1)
    const ids: string[] = []
    await write((tx) => {
      for (let at = 0; at < 20; at++) {
        callIn(tx, { clientId: 8 })
        callIn(tx, { chargeNano: 0, end: FAILED })
        ids.unshift(callIn(tx, {}))
      }
    })
    const query = { userId: UserId(1), clientId: ClientId(7), mode: "live", limit: 8 } as const
    const ask = (more: object) => usage.chargedCalls({ ...query, ...more }).map((id) => `req_${id.slice(4)}`)
    expect(ask({})).toEqual(ids.slice(0, 8))
    expect(ask({ beforeId: ids[7] })).toEqual(ids.slice(8, 16))
    expect(ask({ beforeId: ids[15] })).toEqual(ids.slice(16))
    expect(ask({ afterId: ids[10] })).toEqual(ids.slice(2, 10).reverse())
    expect(ask({ mode: "test" })).toEqual([])
    expect(ask({ fromMs: env.clock.now() + 1 })).toEqual([])
    expect(ask({ toMs: env.clock.now() })).toEqual([])
    expect(usage.chargedCalls({ ...query, userId: UserId(2) })).toEqual([])
  })

  test("are found at once, however many others cost nothing", async () => {
    await fund(1)
    const paid = await call()
    await write((tx) => {
      for (let at = 0; at < 4_100; at++) callIn(tx, { chargeNano: 0, end: FAILED })
    })
    const query = { userId: UserId(1), clientId: ClientId(7), mode: "live", limit: 8 } as const
    expect(usage.chargedCalls(query)).toEqual([`txn_${paid.slice(4)}`])
    const failedLast = usage.recent(UserId(1), 4)
    expect(failedLast.map(({ collectedNano }) => collectedNano)).toEqual([0, 0, 0, 0])
    expect(usage.lastCallAt(UserId(1), ClientId(7))).toBe(env.clock.now())
  })

  test("like all else of one person, are ranges of an app's calls: collected, or not", async () => {
    await fund(1)
    await call()
    const seen = new Map<string, number>()
    const { read } = env.store
    const spy: Reader = {
      get: <R>(sql: string, ...params: Parameters<Reader["get"]>[1][]) => {
        seen.set(sql, params.length)
        return read.get<R>(sql, ...params)
      },
      all: <R>(sql: string, ...params: Parameters<Reader["get"]>[1][]) => {
        seen.set(sql, params.length)
        return read.all<R>(sql, ...params)
      },
    }
    const query = { userId: UserId(1), clientId: ClientId(7), mode: "live", limit: 8, fromMs: 1 } as const
    readChargedCalls(spy, query)
    readChargedCalls(spy, { ...query, afterId: "req_x" })
    recentCalls(spy, UserId(1), 8)
    lastCallAt(spy, UserId(1), ClientId(7), UserId(1))
    summary(spy, UserId(1), "live", env.clock.now())
    const filtered = [...seen].filter(([sql]) => sql.includes("WHERE"))
    const steps = filtered.flatMap(([sql, params]) =>
      read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...Array(params).fill(0)).map((row) => row.detail),
    )
    expect(steps.filter((step) => /SCAN (c|charges)\b/.test(step))).toEqual([])
    const ranges = steps.filter((step) => step.includes("charges_of_app"))
    const NEXT_APP = /COVERING INDEX charges_of_app \(account_id=\?( AND client_id>\?)?\)$/
    const RANGE = /INDEX charges_of_app \(account_id=\? AND client_id=\? AND <expr>=\?( AND rowid[<>]\?)*\)$/
    expect(ranges.filter((step) => !NEXT_APP.test(step) && !RANGE.test(step))).toEqual([])
    expect(ranges.filter((step) => RANGE.test(step)).length).toBeGreaterThan(5)
  })
})
