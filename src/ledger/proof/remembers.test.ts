// What the writer remembers changes nothing but speed: the same history gives the same rows with its memory, without any, and with one
// that is small and emptied at any moment. PURSER_TEST_SEED=n runs that seed only.
import { afterEach, expect, test } from "bun:test"
import { BooksMemory } from "../books/memory.ts"
import { history } from "./history.testing.ts"

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
  }, 120_000)
}
