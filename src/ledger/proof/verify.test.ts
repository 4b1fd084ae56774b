// Every promise that `verify` names is broken here by raw SQL, once or more, and must be seen.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { copyFileSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DAY_MS, HOUR_MS } from "../../app/index.ts"
import { BooksMemory } from "../books/memory.ts"
import { correctionBooks, EVE } from "../corrections/testing.ts"
import { CYD, earningBooks } from "../earnings/testing.ts"
import { verify } from "../index.ts"
import {
  ANN,
  BOB,
  chargeOf,
  ctx,
  DEV,
  everything,
  expectHealthy,
  holdOf,
  type Kit,
  kit,
  openRaw,
  person,
  readerOf,
} from "../testing.ts"
import { CORRUPTIONS } from "./corruptions.testing.ts"
import { memoryDifferences } from "./memory.ts"

const folder = mkdtempSync(join(tmpdir(), "purser-verify-"))
const healthy = join(folder, "healthy.db")
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Charges are folded as they come, so that few of them have days. */
const { foldSlice } = BooksMemory.limits
BooksMemory.limits.foldSlice = 2
afterAll(() => {
  BooksMemory.limits.foldSlice = foldSlice
})

/** Books with something of everything. Ann's lots: 1 expired, 2 spent, 3 partly spent, 4 and 5 daily, 6 never touched. */
async function fullBooks() {
  const k = await kit()
  const limit = { clientId: 3, dailyNano: 10_000, routeId: 7 }
  await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
  k.clock.advance(1)
  await k.grant(200, { priority: 10 })
  await k.grant(300, { priority: 20 })
  k.clock.advance(1)
  const wide = await k.hold(350, limit)
  k.clock.advance(HOUR_MS)
  await k.write.settle({ hold: wide, charge: chargeOf(280), developer: DEV })
  await k.ledger.expireDue()
  await k.claim(100, { freeBudgetNano: 1_000, lifetimeMs: 10 * DAY_MS })
  await k.claim(50, { owner: BOB, freeBudgetNano: 1_000 })
  k.clock.advance(DAY_MS)
  await k.claim(100, { lifetimeMs: 10 * DAY_MS })
  await k.grant(70, { paid: true, type: "topup", bucket: "purchase" })
  k.clock.advance(1)
  const poor = await k.hold(10, { owner: BOB, ...limit })
  await k.write.settle({ hold: poor, charge: chargeOf(90), developer: DEV })
  await k.write.release(await k.hold(20, limit))
  const free = await k.hold(0, limit)
  await k.write.settle({ hold: free, charge: chargeOf(0), developer: DEV })
  await k.grant(500, { mode: "test" })
  const inTest = await k.hold(40, { mode: "test" })
  await k.write.settle({ hold: inTest, charge: chargeOf(40), developer: null as never }).catch(() => {})
  await k.write.release(inTest)
  await poolBooks(k)
  await earningBooks(k)
  await correctionBooks(k)
  await k.hold(30, limit)
  await k.hold(250, limit)
  return k
}

/** A pool that somebody fills from what they bought, and that another one uses. */
async function poolBooks(k: Kit) {
  const [giver, pool] = [person(40), person(41)]
  await k.grant(90, { owner: giver, paid: true, type: "topup", bucket: "purchase" })
  await k.write.fundPool({ from: giver, to: pool, mode: "live", amountNano: 60, key: "verify-pool" })
  const hold = await k.hold(20, { owner: pool, callerId: 42 })
  const charge = { totalNano: 20, upstreamNano: 20, developerNano: 0, platformNano: 0 }
  await k.write.settle({ hold, charge, developer: null })
}

beforeAll(async () => {
  const k = await fullBooks()
  expectHealthy(k.ledger)
  const db = openRaw(k.path)
  db.run(`VACUUM INTO '${healthy}'`)
  db.close()
})

/** Runs the SQL on a copy with every guard taken off, and names the checks that fail. */
function brokenBy(sql: string): string[] {
  const path = join(folder, "broken.db")
  copyFileSync(healthy, path)
  const db = openRaw(path)
  db.run("PRAGMA synchronous = OFF")
  db.run("PRAGMA ignore_check_constraints = ON")
  db.run("PRAGMA foreign_keys = OFF")
  db.run("BEGIN")
  const guards = db.query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
  for (const { name } of guards) db.run(`DROP TRIGGER ${name}`)
  for (const name of ["transactions_key", "transactions_reverses", "charges_call"]) db.run(`DROP INDEX ${name}`)
  db.run("COMMIT")
  const before = everything(readerOf(db))
  db.run(sql)
  expect(everything(readerOf(db))).not.toBe(before)
  const report = verify(readerOf(db))
  db.close()
  expect(report.ok).toBe(false)
  return report.checks.filter((check) => check.violations > 0).map((check) => check.name)
}

describe("verify", () => {
  test("healthy books pass every check, and every check looked at something", () => {
    const db = openRaw(healthy)
    const report = verify(readerOf(db))
    db.close()
    expect(report.checks.filter((check) => check.violations > 0)).toEqual([])
    expect(report.head).toMatch(/^[0-9a-f]{64}$/)
    const idle = report.checks.filter((check) => check.checked === 0).map((check) => check.name)
    expect(idle).toEqual([])
  })

  for (const [check, sql] of CORRUPTIONS) {
    test(`${check}: ${sql}`, () => {
      expect(brokenBy(sql)).toContain(check)
    })
  }

  test("every named check has a corruption that it catches", () => {
    const db = openRaw(healthy)
    const names = verify(readerOf(db)).checks.map((check) => check.name)
    db.close()
    expect(names.filter((name) => !CORRUPTIONS.some(([check]) => check === name))).toEqual([])
    expect(new Set(names).size).toBe(names.length)
  })

  test("a sum past 64 bits is a violation, not a crash", () => {
    const sql = "UPDATE entries SET amount_nano = 9223372036854775807 WHERE account_id = 3"
    expect(brokenBy(sql)).toContain("entries_balance")
  })

  test("erasing who and why leaves the proof intact: no personal data is hashed", () => {
    const path = join(folder, "erased.db")
    copyFileSync(healthy, path)
    const db = openRaw(path)
    db.run("DROP TRIGGER transactions_no_update")
    db.run("UPDATE transactions SET actor = 'erased', on_behalf_of = NULL, request_id = 'erased', reason = 'erased'")
    db.run(
      "UPDATE charges SET key_id = NULL, units = NULL, first_token_ms = NULL, cached_tokens = 0, reasoning_tokens = 0",
    )
    db.run(
      "UPDATE charges SET status = 200, end_reason = 'done', stream = 0, usage_source = 'none' WHERE error_code IS NULL",
    )
    expect(verify(readerOf(db)).ok).toBe(true)
    db.close()
  })

  test("clearing what calls were leaves the proof intact", async () => {
    const k = await fullBooks()
    for (const owner of [ANN, BOB, CYD, EVE]) {
      await k.write.clearCalls({ owner, mode: "live", beforeMs: k.clock.now() + 1 })
    }
    expect(k.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM charges WHERE route_id IS NOT NULL")?.n).toBe(0)
    expectHealthy(k.ledger)
  })

  test("the text of a charge that SQLite writes is the one that was hashed, whatever stands in it", async () => {
    const k = await kit()
    await k.grant(Number.MAX_SAFE_INTEGER - 10)
    for (const call of ['"\\/', "\u0000\u0001\b\f\n\r\t\u001f\u007f", "ü€😀\u2028", "{}[],:'"]) {
      const hold = await k.hold(2 ** 50 + 1, { callId: `req_${call}` })
      await k.write.settle({ hold, charge: chargeOf(2 ** 50 + 1), developer: DEV })
    }
    expectHealthy(k.ledger)
  })
})

describe("guards in the schema", () => {
  const REFUSED: [string, string][] = [
    ["immutable", "UPDATE transactions SET reason = 'x' WHERE id = 1"],
    ["immutable", "DELETE FROM transactions WHERE id = 1"],
    ["immutable", "UPDATE entries SET amount_nano = 5 WHERE transaction_id = 1 AND seq = 0"],
    ["immutable", "DELETE FROM entries WHERE transaction_id = 1"],
    ["terms of a lot", "UPDATE lots SET expires_ms = NULL WHERE id = 1"],
    ["never deleted", "DELETE FROM lots WHERE id = 1"],
    ["immutable", "UPDATE charges SET collected_nano = 0"],
    ["immutable", "DELETE FROM charges"],
    ["immutable", "UPDATE charge_lots SET amount_nano = 1"],
    ["immutable", "DELETE FROM charge_lots"],
    ["append-only", "UPDATE claims SET streak = 9"],
    [
      "24 hours",
      "INSERT INTO claims SELECT account_id, at_ms + 1, amount_nano, streak, budget_nano, auto, 1 FROM claims",
    ],
    ["CHECK", "UPDATE accounts SET balance_nano = 1 WHERE kind = 'wallet'"],
    ["CHECK", "UPDATE lots SET remaining_nano = granted_nano + 1 WHERE unspent = 1"],
    ["CHECK", "UPDATE open_holds SET lots = NULL, lot_id = NULL WHERE amount_nano > 0"],
    ["CHECK", "UPDATE free_budget_day SET granted_nano = budget_nano + 1"],
    [
      "UNIQUE",
      "INSERT INTO accounts (id, owner_kind, owner_id, mode, kind, created_ms) SELECT 900, owner_kind, owner_id, mode, kind, 0 FROM accounts WHERE id = 101",
    ],
  ]
  for (const [message, sql] of REFUSED) {
    test(`${message}: ${sql}`, () => {
      const path = join(folder, "guarded.db")
      copyFileSync(healthy, path)
      const db = openRaw(path)
      expect(() => db.run(sql)).toThrow(message)
      db.close()
    })
  }
})

describe("projections", () => {
  test("rebuilding healthy books changes nothing", async () => {
    const k = await fullBooks()
    const before = everything(k.store.read)
    expect(await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))).toEqual({ changed: 0 })
    expect(everything(k.store.read)).toBe(before)
  })

  test("every projection can be lost and comes back equal, and the writer knows", async () => {
    const k = await fullBooks()
    const before = everything(k.store.read)
    await k.store.write(ctx, (tx) => {
      tx.run("UPDATE accounts SET balance_nano = 0 WHERE kind <> 'wallet'")
      tx.run(
        "UPDATE lots SET consumed_nano = 0, expired_nano = 0, voided_nano = 0, clawed_nano = 0, remaining_nano = granted_nano, unspent = 1",
      )
      tx.run("DELETE FROM charge_days")
      tx.run("DELETE FROM charge_client_days")
      tx.run("DELETE FROM free_budget_day")
      tx.run("DELETE FROM earning_days")
    })
    expect(k.ledger.verify().ok).toBe(false)
    const rebuild = (fails: boolean) =>
      k.store.write(ctx, (tx) => {
        const { changed } = k.ledger.rebuildProjectionsIn(tx)
        expect(memoryDifferences(tx)).toEqual([])
        k.ledger.holdIn(tx, holdOf(1) as never)
        if (fails) throw new Error("undone")
        return changed
      })
    await expect(rebuild(true)).rejects.toThrow("undone")
    await k.store.write(ctx, (tx) => expect(memoryDifferences(tx)).toEqual([]))
    expect(await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx).changed)).toBeGreaterThan(5)
    expect(everything(k.store.read)).toBe(before)
    expectHealthy(k.ledger)
  })

  test("charges of the very batch are counted once", async () => {
    const k = await fullBooks()
    const holds = await Promise.all([1, 2, 3].map(() => k.hold(5)))
    const rebuild = () => k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx), { lane: "settle" })
    const [, changed] = await Promise.all([
      k.write.settle({ hold: holds[0]!, charge: chargeOf(4), developer: DEV }),
      rebuild(),
      k.write.settle({ hold: holds[1]!, charge: chargeOf(8), developer: DEV }),
      k.write.settle({ hold: holds[2]!, charge: chargeOf(12), developer: DEV }),
    ])
    expect(changed).toEqual({ changed: 0 })
    expectHealthy(k.ledger)
  })

  test("how far charges are folded can be lost: it comes back somewhere, and the days with it", async () => {
    for (const loss of ["DELETE FROM charge_fold", "UPDATE charge_fold SET through = 1000000"]) {
      const k = await fullBooks()
      await k.store.write(ctx, (tx) => {
        tx.run(loss)
      })
      expect(k.ledger.verify().ok).toBe(false)
      await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))
      await k.write.settle({ hold: await k.hold(5), charge: chargeOf(4), developer: DEV })
      expectHealthy(k.ledger)
    }
  })
})
