// What media models are paid for one by one, as an operator types it, a line each: "image 1024x1024/hd 0.08", "search 0.002". Read exactly.
import { type Nano, nano, parseUsd, usdDecimal } from "../../app/index.ts"
import { type FieldDef, field } from "../../http/index.ts"
import { MADE_UNITS, type MadeUnit, type ModelPrice } from "../../pricing/index.ts"
import { linesIn } from "./price-tiers.ts"

/** n$ each, by what is asked for. */
export type MadeLines = Partial<Record<MadeUnit, Record<string, number>>>

const LINES_MAX = 50
const { readFile: _, ...AREA } = field.area({
  label: "Pictures and searches that are made",
  optional: true,
  rows: 3,
  mono: true,
  help: "One line for each, in dollars: image 0.04, or by size and quality image 1024x1024/hd 0.08; search 0.002; second, character. A size without a line is refused.",
})

export const madeField: FieldDef<MadeLines> = {
  ...AREA,
  read([text = ""]) {
    const lines = linesIn(text)
    if (lines.length > LINES_MAX) return { error: `Keep this within ${LINES_MAX} lines.` }
    const made: MadeLines = {}
    for (const line of lines) {
      const read = lineOf(line)
      if (typeof read === "string") return { error: read }
      const each = made[read.unit] ?? {}
      made[read.unit] = each
      if (Object.hasOwn(each, read.asked))
        return { error: `Two lines are about ${read.unit} ${read.asked}. Make them one.` }
      each[read.asked] = read.amount
    }
    return { value: made }
  },
  write: (made) => [
    Object.entries(made)
      .flatMap(([unit, each]) =>
        Object.entries(each).map(([asked, amount]) =>
          [unit, ...(asked === "*" ? [] : [asked]), usdDecimal(nano(amount))].join(" "),
        ),
      )
      .join("\n"),
  ],
}

const ASKED = /^[a-z0-9][a-z0-9._-]{0,31}(\/[a-z0-9][a-z0-9._-]{0,31})?$/

function lineOf(line: string): { unit: MadeUnit; asked: string; amount: Nano } | string {
  const parts = line.toLowerCase().split(/\s+/)
  const unit = MADE_UNITS.find((one) => one === parts[0])
  if (!unit) return `Begin each line with what is counted: ${MADE_UNITS.join(", ")}.`
  if (parts.length < 2 || parts.length > 3) return `Say what one ${unit} costs, such as ${unit} 0.04.`
  const asked = parts.length === 3 ? parts[1]! : "*"
  if (asked !== "*" && !ASKED.test(asked)) return `“${asked.slice(0, 40)}” is no size or quality.`
  const amount = parseUsd(parts.at(-1)!)
  if (amount === null) return `“${parts.at(-1)!.slice(0, 40)}” is no price: use dollars.`
  return { unit, asked, amount }
}

/** Finer figures are the next n$. */
export const nanoOfMade = ({ made = {}, scale }: Pick<ModelPrice, "made" | "scale">): MadeLines =>
  Object.fromEntries(
    Object.entries(made).map(([unit, each]) => [
      unit,
      Object.fromEntries(
        Object.entries(each).map(([asked, figure]) => [
          asked,
          Number((figure + scale * 1_000n - 1n) / (scale * 1_000n)),
        ]),
      ),
    ]),
  )

/** For a page: what one costs. */
export const madeLines = (price: ModelPrice): { label: string; amount: Nano }[] =>
  Object.entries(nanoOfMade(price)).flatMap(([unit, each]) =>
    Object.entries(each).map(([asked, amount]) => ({
      label: asked === "*" ? LABELS[unit as MadeUnit] : `${LABELS[unit as MadeUnit]}, ${asked.replace("/", ", ")}`,
      amount: nano(amount),
    })),
  )

const LABELS: Readonly<Record<MadeUnit, string>> = {
  image: "Picture",
  second: "Second",
  character: "Character",
  search: "Search",
}
