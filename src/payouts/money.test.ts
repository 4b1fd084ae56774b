// What leaves is counted down to the smallest unit, exactly, whatever the rate.
import { expect, test } from "bun:test"
import { nano } from "../app/index.ts"
import { minorOf, minorText, ONE, ratesOf, rateText, readRate, readRateLine, wholeCents } from "./money.ts"

test("down to the cent, never below nothing", () => {
  expect([wholeCents(12_349_999_999), wholeCents(9_999_999), wholeCents(-5)].map(Number)).toEqual([
    12_340_000_000, 0, 0,
  ])
})

test("another currency: down to its smallest unit, without a float", () => {
  expect(minorOf(nano(12_340_000_000), "USD", ONE)).toBe(1_234)
  expect(minorOf(nano(12_340_000_000), "EUR", 920_001)).toBe(1_135)
  expect(minorOf(nano(10_000_000_000), "JPY", 151_123_456)).toBe(1_511)
  // 9 million dollars: a product beyond 2^53.
  expect(minorOf(nano(9_000_000_000_000_000), "SEK", 10_999_999)).toBe(9_899_999_100)
  expect([minorText(1_135, "EUR"), minorText(5, "EUR"), minorText(1_511, "JPY")]).toEqual(["11.35", "0.05", "1511"])
})

test("rates as an operator types them", () => {
  expect(["0.92", "1", "151.123456", "0", "0.0000001", "1,2", "-1", ".5", "1e3"].map(readRate)).toEqual([
    920_000,
    1_000_000,
    151_123_456,
    null,
    null,
    null,
    null,
    null,
    null,
  ])
  expect([920_000, ONE, 151_123_456].map(rateText)).toEqual(["0.92", "1", "151.123456"])
  expect(["EUR=0.92", "USD=1", "XXX=2", "eur=1", "EUR0.9"].map(readRateLine)).toEqual([
    ["EUR", 920_000],
    null,
    null,
    null,
    null,
  ])
  expect([...ratesOf(["EUR=0.92"])]).toEqual([
    ["USD", ONE],
    ["EUR", 920_000],
  ])
})
