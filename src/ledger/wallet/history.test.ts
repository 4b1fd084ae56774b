// History against the plain truth: every page of every filter equals a scan of all entries, in both directions.
import { describe, expect, test } from "bun:test"
import { DAY_MS, KeyId } from "../../app/index.ts"
import type { TransactionType } from "../books/types.ts"
import { callIn } from "../charges/testing.ts"
import { charged } from "../corrections/testing.ts"
import { ANN, BOB, chargeOf, ctx, DEV, expectHealthy, type Kit, kit, seeded } from "../testing.ts"
import type { HistoryQuery, HistoryRow } from "./types.ts"

interface Truth {
  transactionId: string
  type: TransactionType
  atMs: number
  amountNano: number
}

/** Every movement of Ann's wallet, newest first, by the slowest way there is. */
const truthOf = (k: Kit): Truth[] =>
  k.store.read.all<Truth>(
    `SELECT t.public_id AS transactionId, t.type, t.at_ms AS atMs, SUM(e.amount_nano) AS amountNano
     FROM v_transactions t JOIN v_entries e ON e.transaction_id = t.id JOIN accounts a ON a.id = e.account_id
     WHERE a.kind = 'wallet' AND a.owner_id = 1 AND a.mode = 'live' GROUP BY t.id ORDER BY t.id DESC`,
  )

async function busyBooks(seed: number): Promise<Kit> {
  const k = await kit()
  const random = seeded(seed)
  await k.grant(10_000)
  for (let step = 0; step < 120; step++) {
    k.clock.advance(Math.floor(random() * 4) * 3_600_000)
    const dice = random()
    const owner = random() < 0.3 ? BOB : ANN
    if (dice < 0.15) await k.grant(50, { owner, expiresMs: k.clock.now() + DAY_MS })
    else if (dice < 0.25) await k.grant(70, { owner, type: "topup", bucket: "purchase", paid: true })
    else if (dice < 0.3) await k.ledger.expireDue()
    else if (k.free(owner) > 20) {
      const hold = await k.hold(20, { owner })
      await k.write.settle({ hold, charge: chargeOf(1 + Math.floor(random() * 20)), developer: DEV })
    }
  }
  return k
}

const FILTERS: (TransactionType[] | undefined)[] = [
  undefined,
  ["usage"],
  ["expiry"],
  ["topup", "bonus"],
  ["usage", "expiry"],
  ["coupon"],
]

/** How many values a statement takes: `?` each one, `?1` by number. */
const parametersOf = (sql: string): number => {
  const numbered = [...sql.matchAll(/\?(\d+)/g)].map((match) => Number(match[1]))
  return numbered.length > 0 ? Math.max(...numbered) : sql.split("?").length - 1
}

/** What a plan reads as a whole, but the list of ids it is given and what it made of that itself. */
const scansOf = (plan: string): string[] => {
  const own = [...plan.matchAll(/CO-ROUTINE (\w+)/g)].map((match) => match[1]!)
  const scans = [...plan.matchAll(/SCAN ([^;]+)/g)].map((match) => match[1]!.trim())
  return scans.filter((name) => !name.startsWith("j VIRTUAL TABLE") && name !== "CONSTANT ROW" && !own.includes(name))
}

describe("history", () => {
  test("page by page in both directions it is what the books hold, whatever the filter", async () => {
    for (const seed of [1, 2]) {
      const k = await busyBooks(seed)
      const truth = truthOf(k)
      const read = (query: HistoryQuery) => k.ledger.history(ANN, "live", query)
      const middleMs = truth[Math.floor(truth.length / 2)]!.atMs
      for (const types of FILTERS) {
        for (const span of [
          {},
          { fromMs: middleMs },
          { toMs: middleMs },
          { fromMs: middleMs - DAY_MS, toMs: middleMs },
        ]) {
          const { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = span as { fromMs?: number; toMs?: number }
          const expected = truth
            .filter((row) => !types || types.includes(row.type))
            .filter((row) => row.atMs >= fromMs && row.atMs < toMs)
          const found: HistoryRow[] = []
          for (let beforeId: string | undefined; ; beforeId = found.at(-1)!.transactionId) {
            const page = read({ limit: 7, types, ...span, beforeId })
            found.push(...page)
            if (page.length < 7) break
          }
          const plain = ({ transactionId, type, atMs, amountNano }: HistoryRow): Truth => ({
            transactionId,
            type,
            atMs,
            amountNano,
          })
          expect(found.map(plain)).toEqual(expected)
          for (const row of found) {
            expect(row.balanceBeforeNano + row.amountNano).toBe(row.balanceAfterNano)
            expect(row.lots.reduce((sum, lot) => sum + lot.amountNano, 0)).toBe(row.amountNano)
          }
          // Back up from the oldest, page by page.
          const back: HistoryRow[] = found.slice(-1)
          while (back.length > 0) {
            const above = read({ limit: 7, types, ...span, afterId: back[0]!.transactionId })
            back.unshift(...above)
            if (above.length < 7) break
          }
          expect(back.map(plain)).toEqual(expected)
        }
      }
      expectHealthy(k.ledger)
    }
  })

  test("a page stays what it was while new rows arrive above it", async () => {
    const k = await busyBooks(3)
    const first = k.ledger.history(ANN, "live", { limit: 10 })
    const cursor = { limit: 10, beforeId: first.at(-1)!.transactionId }
    const second = k.ledger.history(ANN, "live", cursor)
    for (let index = 0; index < 15; index++) await k.grant(5)
    expect(k.ledger.history(ANN, "live", cursor)).toEqual(second)
    expect(k.ledger.history(ANN, "live", { limit: 10, afterId: second[0]!.transactionId })).toEqual(first)
  })

  test("cursors and ids of others give nothing of theirs", async () => {
    const k = await busyBooks(4)
    const theirs = k.ledger.history(BOB, "live", { limit: 50 }).map((row) => row.transactionId)
    const mine = k.ledger.history(ANN, "live", { limit: 50 }).map((row) => row.transactionId)
    expect(k.ledger.historyOf(ANN, "live", theirs)).toEqual([])
    expect(k.ledger.historyOf(ANN, "test", mine)).toEqual([])
    expect(k.ledger.historyOf(ANN, "live", [...theirs, ...mine, "txn_none"]).map((row) => row.transactionId)).toEqual(
      mine,
    )
    const fromTheirs = k.ledger.history(ANN, "live", { limit: 50, beforeId: theirs[0]! })
    expect(fromTheirs.some((row) => theirs.includes(row.transactionId))).toBe(false)
  })

  test("every page is read by key: no scan, no sort, whatever the filter", async () => {
    const k = await kit()
    await k.grant(10)
    await charged(k, 1, { clientId: 3 })
    await charged(k, 1)
    const seen: string[] = []
    const spy = {
      ...k.store.read,
      get: <R>(sql: string, ...params: never[]) => k.store.read.get<R>(sql, ...params),
      all: <R>(sql: string, ...params: never[]) => {
        seen.push(sql)
        return k.store.read.all<R>(sql, ...params)
      },
    }
    const { history } = await import("./history.ts")
    for (const types of FILTERS) {
      history(spy, ANN, "live", { limit: 50, types, fromMs: 1 })
      history(spy, ANN, "live", { limit: 50, types, afterId: "txn_x" })
    }
    const plans = [...new Set(seen)].map((sql) =>
      k.store.read
        .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...Array(parametersOf(sql)).fill(0))
        .map((row) => row.detail)
        .join("; "),
    )
    expect(plans.length).toBeGreaterThan(5)
    for (const plan of plans) expect(scansOf(plan)).toEqual([])
    // Only the rows of one page, 50 of them, are ever sorted.
    for (const plan of plans.filter((one) => !one.includes("VIRTUAL TABLE"))) expect(plan).not.toContain("TEMP B-TREE")
    const ofCharges = plans.filter((one) => one.startsWith("SEARCH charges USING COVERING INDEX charges_of_app"))
    expect(ofCharges.length).toBeGreaterThan(0)
    for (const plan of ofCharges) {
      expect(plan).toContain("(account_id=? AND client_id=? AND <expr>=? AND rowid>? AND rowid<?)")
    }
  })

  test("calls of one key are a range of their own, in both directions, as long as they name it", async () => {
    const k = await kit()
    const [mine, rare, theirs, none] = [KeyId(4), KeyId(5), KeyId(6), KeyId(7)]
    for (const owner of [ANN, BOB]) await k.grant(10_000, { owner })
    await k.store.write(ctx, (tx) => {
      for (let index = 0; index < 60; index++) {
        callIn(k, tx, 3, { keyId: index % 20 === 0 ? rare : mine })
        callIn(k, tx, 0, { keyId: rare })
        callIn(k, tx, 2, { owner: BOB, keyId: theirs })
        callIn(k, tx, 1)
        k.clock.advance(DAY_MS / 20)
      }
    })
    const all = k.store.read.all<{ id: string; keyId: number; atMs: number }>(
      `SELECT 'txn_' || substr(call_id, 5) AS id, key_id AS keyId, at_ms AS atMs FROM charges
       WHERE account_id = (SELECT id FROM accounts WHERE kind = 'wallet' AND owner_id = 1 AND mode = 'live')
         AND collected_nano > 0 ORDER BY id DESC`,
    )
    const read = (query: Omit<HistoryQuery, "limit">) => k.ledger.history(ANN, "live", { limit: 7, ...query })
    const fromMs = all[100]!.atMs
    for (const keyId of [mine, rare, theirs, none])
      for (const span of [{}, { fromMs }, { toMs: fromMs }]) {
        const isIn = ({ atMs }: { atMs: number }) =>
          "fromMs" in span ? atMs >= fromMs : "toMs" in span ? atMs < fromMs : true
        const truth = all.filter((row) => row.keyId === keyId && isIn(row)).map(({ id }) => id)
        const found: string[] = []
        for (let beforeId: string | undefined; ; beforeId = found.at(-1)) {
          const page = read({ keyId, ...span, beforeId }).map((row) => row.transactionId)
          found.push(...page)
          if (page.length < 7) break
        }
        expect(found).toEqual(truth)
        expect(k.ledger.countHistory(ANN, "live", { keyId, ...span }, 1_000)).toBe(truth.length)
        expect(read({ keyId, ...span, types: ["expiry"] })).toEqual([])
        const above = read({ keyId, ...span, afterId: truth.at(-1) }).map((row) => row.transactionId)
        if (truth.length > 1) expect(above).toEqual(truth.slice(0, -1).slice(-7))
      }
    expect(k.ledger.countHistory(ANN, "live", { keyId: mine }, 10)).toBe(10)
    expect(k.ledger.countHistory(ANN, "live", { keyId: mine, types: ["bonus"] }, 10)).toBe(0)
    expect([k.ledger.keysCharged(ANN, "live"), k.ledger.keysCharged(BOB, "live")]).toEqual([[rare, mine], [theirs]])
    expect(k.ledger.keysCharged(ANN, "test")).toEqual([])
    await k.store.write(ctx, (tx) => k.ledger.clearOldCallsIn(tx, { beforeMs: k.clock.now() + 1, rows: 1_000 }))
    expect([read({ keyId: mine }), k.ledger.keysCharged(ANN, "live")]).toEqual([[], []])
    expectHealthy(k.ledger)
  })

  test("of a key nothing but its own range of the index is read", async () => {
    const k = await kit()
    await k.grant(100)
    await k.store.write(ctx, (tx) => callIn(k, tx, 1, { keyId: KeyId(4) }))
    const seen = new Map<string, number>()
    const note = (sql: string, count: number) => sql.includes("charges_of_key") && seen.set(sql, count)
    const spy = {
      ...k.store.read,
      get<R>(sql: string, ...params: never[]) {
        note(sql, params.length)
        return k.store.read.get<R>(sql, ...params)
      },
      all<R>(sql: string, ...params: never[]) {
        note(sql, params.length)
        return k.store.read.all<R>(sql, ...params)
      },
    }
    const [{ history, keysCharged }, { countHistory }] = [await import("./history.ts"), await import("./statement.ts")]
    history(spy, ANN, "live", { limit: 50, keyId: KeyId(4) })
    history(spy, ANN, "live", { limit: 50, keyId: KeyId(4), afterId: "txn_x" })
    countHistory(spy, ANN, "live", { keyId: KeyId(4) }, 100)
    keysCharged(spy, ANN, "live")
    expect(seen.size).toBe(4)
    for (const [sql, count] of seen) {
      const plan = k.store.read
        .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...Array(count).fill(0))
        .map((row) => row.detail)
      const steps = plan.filter((step) => step.includes("charges"))
      const RANGE =
        /COVERING INDEX charges_of_key \(account_id=\? AND <expr>=\? AND key_id(=\? AND rowid>\? AND rowid<\?|>\?( AND key_id<\?)?)\)$/
      expect([steps.length > 0, steps.filter((step) => !RANGE.test(step))]).toEqual([true, []])
      expect(plan.join()).not.toContain("TEMP B-TREE")
    }
  })

  test("calls that cost nothing are in nobody's way", async () => {
    const k = await kit()
    const used = { clientId: 3, scope: "llm" }
    for (const owner of [ANN, BOB]) {
      await k.grant(10_000, { owner })
      await k.store.write(ctx, (tx) => {
        for (let index = 0; index < 60; index++) callIn(k, tx, 1, { owner, ...used })
      })
    }
    const failing = (tx: Parameters<typeof callIn>[1]) => {
      for (let index = 0; index < 2_000; index++) callIn(k, tx, 0, { owner: ANN, ...used })
    }
    for (let batch = 0; batch < 10; batch++) await k.store.write(ctx, failing)
    const fastest = (read: (owner: typeof ANN) => unknown, owner: typeof ANN): number => {
      const took = Array.from({ length: 40 }, () => {
        const start = Bun.nanoseconds()
        read(owner)
        return Bun.nanoseconds() - start
      })
      return Math.min(...took)
    }
    const reads: ((owner: typeof ANN) => unknown)[] = [
      (owner) => expect(k.ledger.history(owner, "live", { limit: 50 })).toHaveLength(50),
      (owner) => expect(k.ledger.history(owner, "live", { limit: 70, types: ["usage"] })).toHaveLength(60),
      (owner) => k.ledger.stampOf(owner, "live"),
    ]
    for (const read of reads) expect(fastest(read, ANN) / fastest(read, BOB)).toBeLessThan(5)
  }, 30_000)
})
