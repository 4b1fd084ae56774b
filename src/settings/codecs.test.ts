import { expect, test } from "bun:test"
import type { SettingCodec } from "../part/index.ts"
import { creditsCodec, daysCodec, percentCodec, usdCodec } from "./index.ts"

const READ: [string, SettingCodec<never>, [string, number][], string[]][] = [
  [
    "credits",
    creditsCodec as never,
    [
      ["1,240", 1_240_000_000],
      ["0.5", 500_000],
    ],
    ["", "-1", "1e3", "ten"],
  ],
  [
    "usd",
    usdCodec as never,
    [
      ["9.99", 9_990_000_000],
      ["1,000", 1_000_000_000_000],
    ],
    ["", "-1", "9.9999999999"],
  ],
  [
    "days",
    daysCodec as never,
    [
      ["7", 7],
      ["365", 365],
    ],
    ["", "1.5", "-1", "7 days"],
  ],
  [
    "percent",
    percentCodec as never,
    [
      ["10", 1_000],
      ["2.5", 250],
      ["0.01", 1],
    ],
    ["", "2.505", "-1", "x"],
  ],
]

for (const [name, codec, good, bad] of READ)
  test(`${name}: what is read is written back the same, and the rest is refused in words`, () => {
    for (const [text, value] of good) {
      expect(codec.parse(text)).toEqual({ value: value as never })
      expect(codec.format(value as never)).toBe(text)
    }
    for (const text of bad) expect(codec.parse(text)).toEqual({ problem: expect.stringContaining("Give") })
  })
