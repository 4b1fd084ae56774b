// Runs of spending against a `Map`: what is packed and added up again is exact, whoever fits into ten bytes and whoever does not.
import { expect, test } from "bun:test"
import { isIn, packed, type Run, Spending, type Spent } from "./spend.ts"

let state = 20
const random = (below: number): number => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
  return Math.floor((state / 2_147_483_648) * below)
}

/** As a database would have it: its bytes begin anywhere. */
function kept({ spenders, bytes, wide }: Run): Run {
  const moved = (row: Uint8Array) => {
    const shifted = new Uint8Array(row.byteLength + 3)
    shifted.set(row, 3)
    return shifted.subarray(3)
  }
  return { spenders, bytes: moved(bytes), wide: moved(wide) }
}

const EDGES: Spent[] = [
  { account: 3, calls: 65_535, nano: 0xffff_ffff },
  { account: 4, calls: 65_536, nano: 1 },
  { account: 70_000, calls: 1, nano: 0x1_0000_0000 },
  { account: 70_001, calls: 2_000_000, nano: 4_503_599_627_370_496 },
  { account: 5, calls: 1, nano: 0 },
]

test("what wallets spent on many days adds up to the nano-dollar, and the ranking is that of a sort", () => {
  const spending = new Spending()
  const sums = new Map<number, Spent>()
  for (let day = 0; day < 40; day++) {
    const today = new Map<number, Spent>(day === 7 ? EDGES.map((one) => [one.account, one]) : [])
    for (let at = 0; at < 500; at++) {
      const account = 10 + random(3_000)
      // Many spend alike: then the older wallet is first.
      today.set(account, { account, calls: 1 + random(3), nano: random(4) * 1_500_000_000 })
    }
    const run = kept(packed([...today.values()]))
    expect(run.spenders).toBe(today.size)
    expect(run.bytes.byteLength / 10 + run.wide.byteLength / 16).toBe(today.size)
    spending.addRun(run)
    for (const one of today.values()) {
      const known = sums.get(one.account) ?? { account: one.account, calls: 0, nano: 0 }
      sums.set(one.account, { ...known, calls: known.calls + one.calls, nano: known.nano + one.nano })
      expect(isIn(run, one.account)).toBe(true)
    }
    expect([isIn(run, 2), isIn(run, 9_999), isIn(run, 4_000_000)]).toEqual([false, false, false])
  }
  const ranked = [...sums.values()].sort((a, b) => b.nano - a.nano || a.account - b.account)
  for (const most of [1, 20, 100_000]) expect(spending.top(most)).toEqual(ranked.slice(0, most))
  expect(spending.all()).toEqual([...sums.values()].sort((a, b) => a.account - b.account))
  const again = new Spending()
  again.addRun(kept(packed(spending.all())))
  expect(again.top(20)).toEqual(ranked.slice(0, 20))
})

test("a run of nobody is empty", () => {
  const run = packed([])
  expect([run.spenders, run.bytes.byteLength, run.wide.byteLength]).toEqual([0, 0, 0])
  expect(isIn(run, 1)).toBe(false)
  expect(new Spending().top(20)).toEqual([])
})
