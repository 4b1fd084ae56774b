// Codes as people type them, and what a coupon takes off a price: pure.
import { describe, expect, test } from "bun:test"
import { nano } from "../../app/index.ts"
import { codeKey, makeCode } from "./codes.ts"
import { discountOf, objectionTo, stateOf } from "./rules.ts"
import type { Coupon, CouponGift } from "./types.ts"

const usd = (cents: number) => nano(cents * 10_000_000)
const percent = (whole: number): CouponGift => ({
  kind: "percent",
  percent: whole,
  amountNano: nano(0),
  creditDays: null,
  planCode: null,
})
const coupon = (more: Partial<Coupon> = {}): Coupon => ({
  ...percent(15),
  id: 1,
  publicId: "cpn_1",
  code: "EARLYBIRD",
  note: "",
  maxUses: 10,
  perPerson: 1,
  minimumNano: nano(0),
  onlyFor: [],
  expiresMs: null,
  endedMs: null,
  taken: 0,
  redeemed: 0,
  costNano: nano(0),
  createdMs: 0,
  updatedMs: 0,
  ...more,
})

describe("codes", () => {
  test("case, blanks, dashes and letters that look alike make no difference", () => {
    const typed = [
      "WELCOME10",
      "welcome10",
      " Welcome-10 ",
      "WE1C0MEI0",
      "weIcomel0",
      "ＷＥＬＣＯＭＥ１０",
      "WELCOME\u201310",
    ]
    expect(new Set(typed.map(codeKey))).toEqual(new Set(["WE1C0ME10"]))
    expect(codeKey("WELCOME11")).not.toBe(codeKey("WELCOME10"))
  })

  test("what can be no code is none", () => {
    for (const typed of [
      "",
      "ABC",
      "A".repeat(33),
      "drop table",
      "WELCOMÉ10",
      "10%OFF",
      "\u0000".repeat(9),
      "A".repeat(100_000),
    ])
      expect([typed.slice(0, 20), codeKey(typed)]).toEqual([
        typed.slice(0, 20),
        typed === "drop table" ? "DR0PTAB1E" : "",
      ])
  })

  test("those made here have no letter that can be taken for another, and each of the others equally often", () => {
    const counts = new Map<string, number>()
    const codes = Array.from({ length: 2_000 }, () => makeCode())
    for (const letter of codes.join("").replaceAll("-", "")) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    expect([...counts.keys()].toSorted().join("")).toBe("23456789ABCDEFGHJKMNPQRSTVWXYZ")
    expect(codes.every((code) => /^\w{4}-\w{4}-\w{4}$/.test(code) && codeKey(code) === code.replaceAll("-", ""))).toBe(
      true,
    )
    expect(new Set(codes).size).toBe(2_000)
    for (const count of counts.values()) expect(count).toBeWithin(600, 1_000)
  })
})

describe("a discount", () => {
  test("is whole cents, half a cent up", () => {
    expect(discountOf(percent(15), usd(999))).toBe(usd(150))
    expect(discountOf(percent(33), usd(500))).toBe(usd(165))
    expect(discountOf(percent(5), usd(110))).toBe(usd(6))
    expect(discountOf(percent(100), usd(2_500))).toBe(usd(2_500))
    for (let cents = 100; cents < 2_000; cents += 7)
      for (let share = 1; share <= 100; share += 3) {
        const off = discountOf(percent(share), usd(cents)) / 10_000_000
        expect([cents, share, Math.abs(off * 100 - cents * share) <= 50 && Number.isInteger(off)]).toEqual([
          cents,
          share,
          true,
        ])
      }
  })

  test("an amount never takes off more than the price", () => {
    const off = { ...percent(1), kind: "amount", percent: null, amountNano: usd(1_000) } as const
    expect([discountOf(off, usd(2_500)), discountOf(off, usd(500))]).toEqual([usd(1_000), usd(500)])
  })

  test("holds for what it names, from its minimum on, and leaves what a card can pay, or nothing", () => {
    const plus = { subject: "package:plus", priceNano: usd(2_500) }
    expect(objectionTo(coupon(), plus)).toBeNull()
    expect(objectionTo(coupon({ onlyFor: ["plan:pro", "package:plus"] }), plus)).toBeNull()
    expect(objectionTo(coupon({ onlyFor: ["plan:plus"] }), plus)).toContain("something else")
    expect(objectionTo(coupon({ minimumNano: usd(2_500) }), plus)).toBeNull()
    expect(objectionTo(coupon({ minimumNano: usd(2_501) }), plus)).toContain("$25.01 or more")
    expect(objectionTo(coupon({ percent: 100 }), plus)).toBeNull()
    expect(objectionTo(coupon({ percent: 98 }), plus)).toBeNull()
    expect(objectionTo(coupon({ percent: 99 }), plus)).toContain("too little")
    expect(objectionTo(coupon({ kind: "credits", percent: null, amountNano: usd(1) }), plus)).toContain("Redeem")
  })
})

test("a coupon is over from the millisecond that it names, when its uses are taken, and when it was ended", () => {
  const state = (more: Partial<Coupon>) => stateOf(coupon(more), 1_000)
  expect(state({ expiresMs: 1_001 })).toBe("active")
  expect(state({ expiresMs: 1_000 })).toBe("expired")
  expect(state({ taken: 9 })).toBe("active")
  expect(state({ taken: 10 })).toBe("used_up")
  expect(state({ taken: 1_000_000, maxUses: null })).toBe("active")
  expect(state({ endedMs: 999, expiresMs: 1_001 })).toBe("ended")
})
