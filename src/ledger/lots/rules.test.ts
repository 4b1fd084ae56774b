import { describe, expect, test } from "bun:test"
import { AccountId, LotId } from "../../app/index.ts"
import { allocate, compareLots, type LotState } from "./rules.ts"

const lot = (id: number, more: Partial<LotState> = {}): LotState => ({
  id: LotId(id),
  accountId: AccountId(101),
  priority: 50,
  expiresMs: null,
  paid: 0,
  createdMs: 0,
  effectiveMs: 0,
  restriction: null,
  remainingNano: 100,
  heldNano: 0,
  frozen: 0,
  ...more,
})

describe("order of consumption", () => {
  test("priority, then expiry with never last, then promo before paid, then created, then id", () => {
    const expected = [
      lot(9, { priority: 1, paid: 1, createdMs: 9 }),
      lot(8, { expiresMs: 5_000, paid: 1, createdMs: 9 }),
      lot(7, { expiresMs: 6_000, createdMs: 9 }),
      lot(6, { createdMs: 1 }),
      lot(3, { createdMs: 2 }),
      lot(5, { createdMs: 2 }),
      lot(1, { paid: 1 }),
      lot(2, { priority: 51, expiresMs: 1 }),
    ]
    const shuffled = [...expected].sort((a, b) => ((a.id * 7) % 11) - ((b.id * 7) % 11))
    expect(shuffled.sort(compareLots).map((one) => one.id)).toEqual(expected.map((one) => one.id))
  })

  test("allocation passes over what is held and stops at the amount", () => {
    const lots = [lot(1, { heldNano: 100 }), lot(2, { heldNano: 70 }), lot(3), lot(4)]
    expect(allocate(lots, 50).map((take) => [take.lot.id, take.amountNano])).toEqual([
      [2, 30],
      [3, 20],
    ])
    expect(allocate(lots, 0)).toEqual([])
  })
})
