// Between what a person types and a setting's value. Exact: no float touches an amount or a share.
import { creditsDecimal, type Nano, parseCredits, parseUsd, usdDecimal } from "../app/index.ts"
import type { SettingCodec } from "../part/index.ts"

const codec = <Value>(
  parse: (text: string) => Value | null,
  format: (value: Value) => string,
  problem: string,
): SettingCodec<Value> => ({
  parse(text) {
    const value = parse(text.trim())
    return value === null ? { problem } : { value }
  },
  format,
})

/** Groups of three, as people write figures. */
const grouped = (decimal: string): string =>
  decimal.replace(/^\d+/, (whole) => whole.replace(/\B(?=(?:\d{3})+$)/g, ","))

export const creditsCodec: SettingCodec<Nano> = {
  ...codec(parseCredits, (value) => grouped(creditsDecimal(value)), "Give a number of credits, such as 500."),
  suffix: "credits",
}

export const usdCodec: SettingCodec<Nano> = {
  ...codec(parseUsd, (value) => grouped(usdDecimal(value)), "Give an amount in dollars, such as 10."),
  prefix: "$",
}

export const daysCodec: SettingCodec<number> = {
  ...codec((text) => (/^\d{1,6}$/.test(text) ? Number(text) : null), String, "Give whole days, such as 7."),
  suffix: "days",
}

/** Basis points: "2.5" = 250; at most two places. */
export const percentCodec: SettingCodec<number> = {
  ...codec(parsePercent, (bp) => String(bp / 100), "Give a percentage, such as 10 or 2.5."),
  suffix: "%",
}

function parsePercent(text: string): number | null {
  const match = /^(\d{1,4})(?:\.(\d{1,2}))?\s*%?$/.exec(text)
  return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null
}
