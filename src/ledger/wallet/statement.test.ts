// Totals of days and counts of rows against the plain truth: all entries, one by one.
import { describe, expect, test } from "bun:test"
import { ClientId, DAY_MS, dayOf } from "../../app/index.ts"
import type { TransactionType } from "../books/types.ts"
import { calls, foldedThrough } from "../charges/testing.ts"
import { ANN, BOB, expectHealthy, type Kit, kit } from "../testing.ts"
import { countHistory, movedOn } from "./statement.ts"
import type { StatementQuery } from "./types.ts"

interface Truth {
  type: TransactionType
  day: number
  nano: number
  clientId: number | null
}

const truthOf = (k: Kit, { types, clientId }: StatementQuery): Truth[] =>
  k.store.read
    .all<Truth>(
      `SELECT t.type, t.at_ms / 86400000 AS day, SUM(e.amount_nano) AS nano, c.client_id AS clientId
       FROM v_transactions t JOIN v_entries e ON e.transaction_id = t.id JOIN accounts a ON a.id = e.account_id
         LEFT JOIN charges c ON c.id = t.id
       WHERE a.kind = 'wallet' AND a.owner_id = 1 AND a.mode = 'live' GROUP BY t.id`,
    )
    .filter((row) => !types || types.includes(row.type))
    .filter((row) => clientId === undefined || (row.type === "usage" && row.clientId === clientId))

const QUERIES: StatementQuery[] = [
  {},
  { types: ["usage"] },
  { types: ["bonus", "topup"] },
  { types: ["expiry"] },
  { types: ["usage", "expiry"] },
  { types: ["coupon"] },
  { clientId: ClientId(3) },
  { clientId: ClientId(99) },
]

/** Four days of two people: two apps and none, credits that come and expire, more calls than stay unfolded. */
async function fourDays(): Promise<Kit> {
  const k = await kit()
  for (const owner of [ANN, BOB]) await k.grant(1_000_000, { owner })
  for (let day = 0; day < 4; day++) {
    await k.grant(500 + day, { expiresMs: k.clock.now() + DAY_MS })
    await calls(k, 150 + day, { clientId: 3 })
    await calls(k, 120, { clientId: 4 })
    await calls(k, 60)
    await calls(k, 50, { owner: BOB, clientId: 3 })
    k.clock.advance(DAY_MS)
    await k.ledger.expireDue()
  }
  expect(foldedThrough(k)).toBeGreaterThan(0)
  return k
}

describe("a statement", () => {
  test("totals of every day under every filter, folded or not, are those of its rows", async () => {
    const k = await fourDays()
    const today = dayOf(k.clock.now())
    for (const query of QUERIES) {
      const truth = truthOf(k, query)
      for (let day = today - 5; day <= today + 1; day++) {
        const rows = truth.filter((row) => row.day === day)
        const sum = (sign: 1 | -1) => rows.reduce((total, row) => total + Math.max(0, sign * row.nano), 0)
        const moved = k.ledger.movedOn(ANN, "live", day, query) as { inNano: number; outNano: number }
        expect(moved).toEqual({ inNano: sum(1), outNano: sum(-1) })
      }
      const count = k.ledger.countHistory(ANN, "live", query, 10_000)
      expect(count).toBe(truth.filter((row) => row.nano !== 0).length)
    }
    expect(truthOf(k, {}).length).toBeGreaterThan(1_000)
    expectHealthy(k.ledger)
  })

  test("a count stops at its bound, and days are days of the filter", async () => {
    const k = await fourDays()
    expect(k.ledger.countHistory(ANN, "live", {}, 100)).toBe(100)
    const fromMs = (dayOf(k.clock.now()) - 1) * DAY_MS
    const since = truthOf(k, {}).filter((row) => row.day * DAY_MS >= fromMs)
    expect(k.ledger.countHistory(ANN, "live", { fromMs }, 10_000)).toBe(since.length)
    expect(k.ledger.countHistory(ANN, "live", { toMs: fromMs }, 10_000)).toBe(truthOf(k, {}).length - since.length)
  })

  test("nobody's wallet has nothing", async () => {
    const k = await kit()
    const moved = k.ledger.movedOn(ANN, "live", 1, {}) as { inNano: number; outNano: number }
    expect(moved).toEqual({ inNano: 0, outNano: 0 })
    expect(k.ledger.countHistory(ANN, "live", {}, 10)).toBe(0)
  })

  test("every statement is ranges of indexes", async () => {
    const k = await fourDays()
    const { read } = k.store
    const seen = new Map<string, number>()
    const spy = {
      ...read,
      get<R>(sql: string, ...params: never[]) {
        seen.set(sql, params.length)
        return read.get<R>(sql, ...params)
      },
      all: <R>(sql: string, ...params: never[]) => read.all<R>(sql, ...params),
    }
    for (const query of QUERIES) {
      movedOn(spy, ANN, "live", dayOf(k.clock.now()) - 1, query)
      countHistory(spy, ANN, "live", { ...query, fromMs: 1 }, 100)
    }
    // Where a moment is among the ids is looked up as history does.
    const own = [...seen].filter(([sql]) => /SUM|COUNT/.test(sql))
    expect(own.length).toBeGreaterThan(3)
    const plans = own.map(([sql, params]) =>
      read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...Array(params).fill(0)).map((row) => row.detail),
    )
    const scans = plans
      .flat()
      .filter((step) => /^SCAN (c|charges|e|t|entries|transactions|charge_days|a|accounts)\b/.test(step))
    expect(scans).toEqual([])
    const all = plans.flat().join("\n")
    expect(all).toContain("SEARCH charge_days USING PRIMARY KEY (day=? AND account_id=?)")
    expect(all).toContain("INDEX charges_of_app (account_id=? AND client_id=? AND <expr>=? AND rowid>?)")
    expect(all).toContain("INDEX entries_of_owner (account_id=? AND transaction_id>? AND transaction_id<?)")
  })
})
