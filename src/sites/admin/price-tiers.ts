// Rates of long prompts as an operator types them, a line each: "200,000 input=6 output=22.50 cache_read=0.60". Decimal texts, read exactly.
import { group } from "../../../views/ui/format.ts"
import type { FieldDef } from "../../http/index.ts"
import { field } from "../../http/index.ts"
import type { OverrideRates, RateKind } from "../../pricing/index.ts"
import { microOf, microText } from "./price-amounts.ts"

export interface TierLine {
  /** Tokens of the whole prompt; the line holds for more. */
  above: number
  /** µ$ per million tokens. */
  rates: Partial<Record<RateKind, number>>
}

/** Names of rates in these lines. */
const RATE_NAMES = {
  input: "input",
  output: "output",
  cache_read: "cacheRead",
  cache_write: "cacheWrite",
  cache_write_1h: "cacheWrite1h",
  input_audio: "inputAudio",
  output_audio: "outputAudio",
  cache_audio_read: "cacheAudioRead",
  reasoning: "reasoning",
  input_image: "inputImage",
  output_image: "outputImage",
} as const satisfies Readonly<Record<string, RateKind>>
type RateName = keyof typeof RATE_NAMES
const nameOf = new Map(Object.entries(RATE_NAMES).map(([name, kind]) => [kind, name as RateName]))

const LINES_MAX = 8
const { readFile: _, ...AREA } = field.area({
  label: "Long prompts",
  optional: true,
  rows: 2,
  mono: true,
  help: "One line for each size: the tokens above which it holds, then what changes. For instance 200,000 input=6 output=22.50 cache_read=0.60. It prices the whole prompt.",
})

/** Lines of a field that an operator types; what begins after a semicolon is one too. */
export const linesIn = (text: string): string[] =>
  text
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter(Boolean)

export const tiersField: FieldDef<TierLine[]> = {
  ...AREA,
  read([text = ""]) {
    const lines = linesIn(text)
    if (lines.length > LINES_MAX) return { error: `Keep this within ${LINES_MAX} lines.` }
    const tiers: TierLine[] = []
    for (const line of lines) {
      const tier = tierOf(line)
      if (typeof tier === "string") return { error: tier }
      tiers.push(tier)
    }
    tiers.sort((a, b) => a.above - b.above)
    const isTwice = tiers.some((tier, at) => tier.above === tiers[at - 1]?.above)
    return isTwice ? { error: "Two lines begin with the same size. Make them one." } : { value: tiers }
  },
  write: (tiers) => [tiers.map(lineOf).join("\n")],
}

function tierOf(line: string): TierLine | string {
  const [size = "", ...parts] = line.split(/\s+/)
  const plain = size.replaceAll(/[,_]/g, "")
  if (!/^\d{1,9}$/.test(plain) || Number(plain) === 0) return `“${size.slice(0, 40)}” is no number of tokens.`
  const rates: TierLine["rates"] = {}
  for (const part of parts) {
    const [, name = "", amount = ""] = /^(\w+)=(\S+)$/.exec(part) ?? []
    if (!Object.hasOwn(RATE_NAMES, name)) {
      return `“${part.slice(0, 40)}” is no rate. Use ${Object.keys(RATE_NAMES).slice(0, 4).join("=, ")}= and the like.`
    }
    const micro = microOf(amount)
    if (micro === null) return `“${amount.slice(0, 40)}” is no price: use dollars with up to six decimal places.`
    rates[RATE_NAMES[name as RateName]] = micro
  }
  if (parts.length === 0) return `Say what ${size} tokens cost, such as ${size} input=6 output=22.50.`
  return { above: Number(plain), rates }
}

const lineOf = ({ above, rates }: TierLine): string =>
  [
    group(String(above)),
    ...Object.entries(rates).map(([kind, micro]) => `${nameOf.get(kind as RateKind)}=${microText(micro)}`),
  ].join(" ")

/** Rates with their tiers; a line for a rate that has no base would price nothing. @returns the name of such a rate, or the rates */
export function withTiers(
  bases: Partial<Record<RateKind, number>> & { input: number },
  lines: readonly TierLine[],
): OverrideRates | { baseless: string } {
  const rates: OverrideRates = { ...bases }
  for (const [kind, base] of Object.entries(bases) as [RateKind, number][]) {
    const tiers = lines.flatMap(({ above, rates: changed }) => {
      const rate = changed[kind]
      return rate === undefined ? [] : [{ above, rate }]
    })
    if (tiers.length > 0) rates[kind] = { base, tiers }
  }
  for (const { rates: changed } of lines) {
    const baseless = (Object.keys(changed) as RateKind[]).find((kind) => bases[kind] === undefined)
    if (baseless) return { baseless: nameOf.get(baseless) ?? baseless }
  }
  return rates
}
