// Every promise that `verify` names is broken here by raw SQL, once or more, and must be seen.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { copyFileSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ClientId, DAY_MS, HOUR_MS } from "../../app/index.ts"
import { CORRECTION_CORRUPTIONS, correctionBooks } from "../corrections/testing.ts"
import { EARNING_CORRUPTIONS, earningBooks } from "../earnings/testing.ts"
import { verify } from "../index.ts"
import { BOB, chargeOf, ctx, DEV, everything, expectHealthy, kit, openRaw, readerOf } from "../testing.ts"

const folder = mkdtempSync(join(tmpdir(), "purser-verify-"))
const healthy = join(folder, "healthy.db")
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Books with something of everything. Ann's lots: 1 expired, 2 spent, 3 partly spent, 4 and 5 daily, 6 never touched. */
async function fullBooks() {
  const k = await kit()
  const limit = { clientId: ClientId(3), scope: "llm", dailyNano: 10_000 }
  await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
  k.clock.advance(1)
  await k.grant(200, { priority: 10 })
  await k.grant(300, { priority: 20 })
  k.clock.advance(1)
  const wide = await k.hold(350, { limit })
  k.clock.advance(HOUR_MS)
  await k.write.settle({ holdId: wide, charge: chargeOf(280), developer: DEV })
  await k.ledger.expireDue()
  await k.claim(100, { freeBudgetNano: 1_000, lifetimeMs: 10 * DAY_MS })
  await k.claim(50, { owner: BOB, freeBudgetNano: 1_000 })
  k.clock.advance(DAY_MS)
  await k.claim(100, { lifetimeMs: 10 * DAY_MS })
  await k.grant(70, { paid: true, type: "topup", bucket: "purchase" })
  k.clock.advance(1)
  const poor = await k.hold(10, { owner: BOB, limit })
  await k.write.settle({ holdId: poor, charge: chargeOf(90), developer: DEV })
  await k.write.release(await k.hold(20, { limit }))
  await k.hold(30, { limit })
  await k.grant(500, { mode: "test" })
  const inTest = await k.hold(40, { mode: "test" })
  await k.write.settle({ holdId: inTest, charge: chargeOf(40), developer: null as never }).catch(() => {})
  await k.write.release(inTest)
  await earningBooks(k)
  await correctionBooks(k)
  return k
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
  db.run("PRAGMA ignore_check_constraints = ON")
  db.run("PRAGMA foreign_keys = OFF")
  const guards = db.query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
  for (const { name } of guards) db.run(`DROP TRIGGER ${name}`)
  for (const name of ["transactions_key", "transactions_reverses", "transactions_hold"]) db.run(`DROP INDEX ${name}`)
  const before = everything(readerOf(db))
  db.run(sql)
  expect(everything(readerOf(db))).not.toBe(before)
  const report = verify(readerOf(db))
  db.close()
  expect(report.ok).toBe(false)
  return report.checks.filter((check) => check.violations > 0).map((check) => check.name)
}

const CORRUPTIONS: [check: string, sql: string][] = [
  ...EARNING_CORRUPTIONS,
  ...CORRECTION_CORRUPTIONS,
  ["entries_balance", "UPDATE entries SET amount_nano = amount_nano + 1 WHERE transaction_id = 1 AND seq = 0"],
  ["entries_balance", "DELETE FROM entries WHERE transaction_id = 2"],
  ["entries_balance", "DELETE FROM transactions WHERE id = 3"],
  ["books_balance", "UPDATE entries SET amount_nano = amount_nano - 1 WHERE transaction_id = 4 AND seq = 1"],
  ["account_balance", "UPDATE accounts SET balance_nano = balance_nano + 1 WHERE id = 1"],
  [
    "running_balance",
    "UPDATE entries SET balance_after_nano = balance_after_nano + 1 WHERE transaction_id = 4 AND seq = 0",
  ],
  ["wallet_lots", "UPDATE accounts SET balance_nano = balance_nano + 1 WHERE kind = 'wallet' AND id = 101"],
  ["wallet_lots", "UPDATE lots SET remaining_nano = remaining_nano - 1 WHERE id = 3"],
  ["lot_bounds", "UPDATE lots SET held_nano = -1 WHERE id = 3"],
  ["lot_bounds", "UPDATE lots SET held_nano = remaining_nano + 1 WHERE id = 3"],
  ["lot_bounds", "UPDATE lots SET unspent = 0 WHERE id = 3"],
  ["lot_sums", "UPDATE lots SET consumed_nano = consumed_nano + 1 WHERE id = 3"],
  ["lot_entries", "UPDATE lots SET consumed_nano = 100, expired_nano = 0 WHERE id = 1"],
  ["lot_entries", "UPDATE entries SET lot_id = 3 WHERE transaction_id = 4 AND seq = 0"],
  ["lot_entries", "UPDATE entries SET lot_id = NULL WHERE transaction_id = 1 AND seq = 1"],
  [
    "lot_entries",
    "UPDATE lots SET account_id = (SELECT id FROM accounts WHERE kind = 'wallet' AND owner_id = 2) WHERE id = 2",
  ],
  ["grants_once", "UPDATE lots SET key = 'another' WHERE id = 2"],
  ["grants_once", "UPDATE transactions SET key = (SELECT key FROM transactions WHERE id = 1) WHERE id = 2"],
  ["lot_holds", "UPDATE lots SET held_nano = held_nano + 1 WHERE id = 3"],
  ["lot_holds", "UPDATE holds SET state = 'released', resolved_ms = created_ms WHERE state = 'open'"],
  ["hold_parts", "UPDATE holds SET amount_nano = amount_nano + 1 WHERE id = 1"],
  ["hold_parts", "UPDATE holds SET day = day + 1 WHERE id = 1"],
  ["hold_parts", "UPDATE hold_lots SET lot_id = (SELECT MAX(id) FROM lots) WHERE hold_id = 1 AND seq = 1"],
  ["consumption_order", "UPDATE hold_lots SET seq = 1 - seq WHERE hold_id = 1"],
  ["consumption_order", "UPDATE hold_lots SET seq = 5 WHERE hold_id = 1 AND seq = 0"],
  ["consumption_order", "UPDATE hold_lots SET amount_nano = amount_nano + 50 WHERE hold_id = 1 AND seq = 0"],
  // Lot 6 has all its credits still: it must not have stood before the lots that were used.
  ["consumption_order", "UPDATE lots SET priority = 0 WHERE id = 6"],
  ["lots_alive", "UPDATE lots SET expires_ms = created_ms + 1 WHERE id = 2"],
  ["lots_alive", "UPDATE lots SET effective_ms = effective_ms + 86400000 WHERE id = 2"],
  ["lots_alive", "UPDATE lots SET expires_ms = expires_ms + 86400000 WHERE id = 1"],
  ["lots_alive", "DELETE FROM hold_lots WHERE hold_id = 1; UPDATE lots SET expires_ms = created_ms + 1 WHERE id = 2"],
  [
    "charge_parts",
    "UPDATE holds SET charge_upstream_nano = charge_upstream_nano + 1, charge_platform_nano = charge_platform_nano - 1 WHERE id = 1",
  ],
  ["charge_parts", "UPDATE holds SET charge_nano = charge_nano + 1 WHERE id = 1"],
  [
    "charge_parts",
    "UPDATE holds SET collected_nano = collected_nano + 1, uncollected_nano = uncollected_nano - 1 WHERE id = 2",
  ],
  ["charge_parts", "UPDATE holds SET developer_id = 8 WHERE id = 1"],
  ["hold_resolved_once", "UPDATE holds SET state = 'open', resolved_ms = NULL WHERE id = 1"],
  ["hold_resolved_once", "UPDATE transactions SET hold_id = 2 WHERE hold_id = 1"],
  ["hold_resolved_once", "UPDATE holds SET transaction_id = 1 WHERE id = 1"],
  ["hold_resolved_once", "UPDATE holds SET resolved_ms = NULL WHERE id = 2"],
  ["reversals_once", "UPDATE transactions SET type = 'reversal', reverses = 1 WHERE id = 2"],
  ["reversals_once", "UPDATE transactions SET type = 'reversal', reverses = 1 WHERE id IN (2, 3)"],
  ["limit_day", "UPDATE limit_day SET used_nano = used_nano + 1"],
  ["limit_day", "UPDATE limit_day SET held_nano = held_nano + 1"],
  ["limit_day", "DELETE FROM limit_day"],
  ["claims_apart", "UPDATE claims SET at_ms = at_ms + 1 WHERE streak = 1 AND account_id = 101"],
  ["claims_apart", "UPDATE claims SET streak = 3 WHERE streak = 2"],
  ["claims_apart", "UPDATE claims SET transaction_id = 1 WHERE streak = 2"],
  ["claims_apart", "UPDATE claims SET amount_nano = 99 WHERE streak = 2"],
  ["free_budget", "UPDATE free_budget_day SET granted_nano = granted_nano - 1"],
  ["free_budget", "DELETE FROM free_budget_day"],
  [
    "free_budget",
    "UPDATE claims SET budget_nano = 149 WHERE budget_nano = 1000; UPDATE free_budget_day SET budget_nano = 149",
  ],
  [
    "modes_apart",
    "UPDATE accounts SET mode = 'test' WHERE id = (SELECT id FROM accounts WHERE kind = 'wallet' AND owner_id = 2)",
  ],
  ["modes_apart", "UPDATE transactions SET mode = 'test' WHERE id = 1"],
  ["modes_apart", "UPDATE entries SET account_id = 22 WHERE account_id = 2"],
  ["modes_apart", "UPDATE entries SET account_id = 999 WHERE transaction_id = 1 AND seq = 0"],
  ["references", "DELETE FROM lots WHERE id = 2"],
  ["references", "DELETE FROM holds WHERE id = 1"],
  ["references", "DELETE FROM accounts WHERE kind = 'pending'"],
  ["wallet_other", "DELETE FROM wallet_other WHERE transaction_id = 1"],
  ["wallet_other", "UPDATE wallet_other SET type = 'coupon' WHERE transaction_id = 1"],
  ["wallet_other", "INSERT INTO wallet_other VALUES (101, 'expiry', 1)"],
  ["chain", "UPDATE transactions SET at_ms = at_ms + 1 WHERE id = 2"],
  ["chain", "UPDATE transactions SET type = 'coupon' WHERE id = 2"],
  ["chain", "UPDATE transactions SET key = 'other' WHERE id = 2"],
  ["chain", "UPDATE transactions SET usage_id = 5 WHERE id = 4"],
  ["chain", "UPDATE transactions SET hash = zeroblob(32) WHERE id = 3"],
  ["chain", "UPDATE transactions SET prev_hash = zeroblob(32) WHERE id = 3"],
  ["chain", "UPDATE transactions SET public_id = 'txn_x' WHERE id = 3"],
  ["chain", "DELETE FROM entries WHERE transaction_id = 3; DELETE FROM transactions WHERE id = 3"],
  ["chain", "UPDATE entries SET amount_nano = amount_nano * 2 WHERE transaction_id = 2"],
  ["chain", "UPDATE transactions SET id = id + 100 WHERE id = (SELECT MAX(id) FROM transactions)"],
]

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

  test("erasing who and why leaves the chain intact: no personal data is hashed", () => {
    const path = join(folder, "erased.db")
    copyFileSync(healthy, path)
    const db = openRaw(path)
    db.run("DROP TRIGGER transactions_no_update")
    db.run("UPDATE transactions SET actor = 'erased', on_behalf_of = NULL, request_id = 'erased', reason = 'erased'")
    expect(verify(readerOf(db)).ok).toBe(true)
    db.close()
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
    ["resolves once", "UPDATE holds SET state = 'released' WHERE id = 1"],
    ["append-only", "UPDATE hold_lots SET amount_nano = 1"],
    ["append-only", "UPDATE claims SET streak = 9"],
    [
      "24 hours",
      "INSERT INTO claims SELECT account_id, at_ms + 1, amount_nano, streak, budget_nano, auto, 1 FROM claims",
    ],
    ["CHECK", "UPDATE accounts SET balance_nano = -1 WHERE kind = 'wallet'"],
    ["CHECK", "UPDATE lots SET held_nano = held_nano + 1000000 WHERE unspent = 1"],
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

  test("every projection can be lost and comes back equal", async () => {
    const k = await fullBooks()
    const before = everything(k.store.read)
    await k.store.write(ctx, (tx) => {
      tx.run("UPDATE accounts SET balance_nano = 0")
      tx.run(
        "UPDATE lots SET consumed_nano = 0, expired_nano = 0, voided_nano = 0, clawed_nano = 0, held_nano = 0, remaining_nano = granted_nano, unspent = 1",
      )
      tx.run("DELETE FROM limit_day")
      tx.run("DELETE FROM free_budget_day")
      tx.run("DELETE FROM earning_days")
      tx.run("DELETE FROM wallet_other")
    })
    expect(k.ledger.verify().ok).toBe(false)
    const { changed } = await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))
    expect(changed).toBeGreaterThan(5)
    expect(everything(k.store.read)).toBe(before)
    expectHealthy(k.ledger)
  })
})
