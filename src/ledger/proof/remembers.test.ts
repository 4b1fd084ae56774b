// What the writer remembers changes nothing but speed: the same history gives the same rows with its memory, without any, and with one
// that is small and emptied at any moment. PURSER_TEST_SEED=n runs that seed only.
import { afterEach, describe, expect, test } from "bun:test"
import { BooksMemory } from "../books/memory.ts"
import { ANN, chargeOf, ctx, DEV, kit } from "../testing.ts"
import { history } from "./history.testing.ts"
import { memoryDifferences } from "./memory.ts"

const ROUNDS = 150
const SEEDS = process.env.PURSER_TEST_SEED ? [Number(process.env.PURSER_TEST_SEED)] : [1, 2, 3]
const { limits } = BooksMemory

afterEach(() => {
  BooksMemory.remembers = true
  BooksMemory.limits = limits
})

function run(seed: number, memory: { remembers: boolean; wallets: number; forgets: number }) {
  BooksMemory.remembers = memory.remembers
  // Charges are folded all the time; the slice is part of what the rows say.
  BooksMemory.limits = { wallets: memory.wallets, foldSlice: 16 }
  return history(seed, ROUNDS, memory.forgets)
}

for (const seed of SEEDS) {
  test(`${ROUNDS} random batches give the same rows whatever is remembered, seed ${seed}`, async () => {
    const rows = await run(seed, { remembers: true, wallets: limits.wallets, forgets: 0 })
    for (const table of ["charges", "charge_lots", "charge_days", "earning_days", "corrections"]) {
      expect(JSON.parse(rows[table]!).length, table).toBeGreaterThan(5)
    }
    expect(await run(seed, { remembers: false, wallets: limits.wallets, forgets: 0 })).toEqual(rows)
    expect(await run(seed, { remembers: true, wallets: 4, forgets: 0 })).toEqual(rows)
    expect(await run(seed, { remembers: true, wallets: 6, forgets: 0.2 })).toEqual(rows)
  }, 180_000)
}

describe("what is remembered otherwise than it stands in the rows is told", () => {
  const CHANGES: [what: string, sql: string][] = [
    ["lots", "UPDATE lots SET remaining_nano = remaining_nano - 1, consumed_nano = consumed_nano + 1"],
    ["booked", "UPDATE lots SET remaining_nano = remaining_nano - 1, consumed_nano = consumed_nano + 1"],
    ["holds", "UPDATE open_holds SET amount_nano = amount_nano + 1"],
    ["holds", "DELETE FROM open_holds"],
    ["holds of 102 are known", "UPDATE open_holds SET account_id = 102"],
    ["hold id", "UPDATE open_holds SET id = 1000"],
    ["used", "UPDATE charge_days SET back_nano = back_nano + 1"],
    ["folded through", "UPDATE charge_fold SET through = 1"],
    ["link", "DELETE FROM entries WHERE transaction_id = (SELECT MAX(id) FROM transactions)"],
    ["account live:pending:9", "UPDATE accounts SET owner_id = 8 WHERE kind = 'pending'"],
    ["wallet", "UPDATE accounts SET owner_id = 8 WHERE kind = 'wallet'"],
  ]
  for (const [what, sql] of CHANGES) {
    test(`${what}: ${sql}`, async () => {
      const k = await kit()
      const app = { clientId: 3, dailyNano: 1_000 }
      await k.grant(500)
      const { transactionId } = await k.write.settle({
        hold: await k.hold(50, app),
        charge: chargeOf(50),
        developer: DEV,
      })
      await k.write.refundCharge({ transactionId: transactionId!, amountNano: 10, key: "back" })
      await k.write.adjust({ owner: ANN, mode: "live", amountNano: 5, key: "last" })
      await k.hold(20, app)
      const tampered = k.store.write(ctx, (tx) => {
        expect(memoryDifferences(tx)).toEqual([])
        for (const { name } of tx.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'")) {
          tx.run(`DROP TRIGGER ${name}`)
        }
        tx.run("PRAGMA defer_foreign_keys = ON")
        tx.run(sql)
        if (what === "link") tx.run("DELETE FROM transactions WHERE id = (SELECT MAX(id) FROM transactions)")
        throw new Error(memoryDifferences(tx).join("; "))
      })
      await expect(tampered).rejects.toThrow(what)
    })
  }
})
