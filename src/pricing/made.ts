// What media models make and are paid for one by one: pictures by size and quality, seconds, characters, searches. Pure.
import { type Nano, nano } from "../app/index.ts"
import {
  MADE_UNITS,
  type Made,
  type MadePrices,
  type MadeUnit,
  type ModelPrice,
  type PriceUse,
  UsageError,
} from "./types.ts"

type By<T> = Readonly<Partial<Record<MadeUnit, Readonly<Record<string, T>>>>>

/** The same for each figure. */
export const mappedMade = <A, B>(made: By<A>, by: (each: A) => B): Partial<Record<MadeUnit, Record<string, B>>> =>
  Object.fromEntries(
    Object.entries(made).map(([unit, each]) => [
      unit,
      Object.fromEntries(Object.entries(each).map(([asked, figure]) => [asked, by(figure)])),
    ]),
  )

/** p$ in n$ */
const PICO_PER_NANO = 1_000n
export const nanoMade = (made: By<number>): MadePrices => mappedMade(made, (each) => BigInt(each) * PICO_PER_NANO)

export const isFreeMade = (made: MadePrices): boolean =>
  Object.values(made).every((each) => Object.values(each).every((figure) => figure === 0n))

/** Whose figure counts: as it was asked for, its size, its quality, or `*`, whatever it is. Null = there is none for it. */
export function figureOf({ made }: Pick<ModelPrice, "made">, unit: MadeUnit, as: string): string | null {
  const each = made?.[unit]
  if (!each) return null
  const [size = "", quality = ""] = as.split("/")
  // Nobody knows what the model will choose: the dearest.
  if (size === "auto" || quality === "auto") return mostOf(Object.entries(each))
  return [as, size, quality, "*"].find((name) => Object.hasOwn(each, name)) ?? null
}

/** What one costs; null = there is no figure for it. */
export function eachOf(price: Pick<ModelPrice, "made">, unit: MadeUnit, as: string): bigint | null {
  const name = figureOf(price, unit, as)
  return name === null ? null : price.made![unit]![name]!
}

const mostOf = (figures: readonly [name: string, each: bigint][]): string | null =>
  figures.reduce<[string, bigint] | null>((most, one) => (most && most[1] >= one[1] ? most : one), null)?.[0] ?? null

/** In 1/scale pico-dollars. Asked after `unpricedMade`. */
export const madeCost = (price: ModelPrice, made: Made | undefined): bigint =>
  made && made.count > 0 ? BigInt(made.count) * eachOf(price, made.unit, made.as)! : 0n

export const unpricedMade = (price: ModelPrice, made: Made | undefined): UsageError | null =>
  made && made.count > 0 && eachOf(price, made.unit, made.as) === null
    ? new UsageError("made", `this model has no price for ${made.unit}s of this kind`)
    : null

/** Whether it can price such a call. What tells pictures from text is no price of answers in words. */
export function isFor({ rates, made, free }: ModelPrice, use: PriceUse): boolean {
  const ofPictures = rates.inputImage !== undefined || rates.outputImage !== undefined
  switch (use) {
    case "chat":
      return rates.output !== undefined && !ofPictures
    case "embedding":
      return !ofPictures && (made === undefined || rates.output !== undefined)
    case "image":
      return made?.image !== undefined || ofPictures
    case "rerank":
      return made?.search !== undefined || (made === undefined && rates.input.base > 0n) || free
    case "speech":
      return made?.character !== undefined || (!ofPictures && made === undefined && rates.output !== undefined)
    case "transcription":
      return (
        made?.second?.["*"] !== undefined ||
        (!ofPictures && rates.inputAudio !== undefined && rates.output !== undefined)
      )
    // Its seconds have sizes; any size may cost the same.
    case "video":
      return made?.second !== undefined
    case "moderation":
      return !ofPictures && (made === undefined || rates.output !== undefined)
  }
}

/** n$ of one, up; null where the price has no figure for it. */
export function pricePerOne(price: ModelPrice, { unit, as }: Pick<Made, "unit" | "as">): Nano | null {
  const each = eachOf(price, unit, as)
  const divisor = price.scale * PICO_PER_NANO
  return each === null ? null : nano(Number((each + divisor - 1n) / divisor))
}

/** For the books: a flat record of numbers, by which the charge can be computed again. */
export const unitsOfMade = (made: Made | undefined): Record<string, number> =>
  made && made.count > 0 ? { [`${made.unit}:${made.as}`]: made.count } : {}

export function madeOfUnits(units: Readonly<Record<string, number>>): { made?: Made } {
  for (const [key, count] of Object.entries(units)) {
    const at = key.indexOf(":")
    const unit = at < 0 ? undefined : MADE_UNITS.find((one) => one === key.slice(0, at))
    if (unit) return { made: { unit, as: key.slice(at + 1), count } }
  }
  return {}
}

/** $1,000 in n$: of one of them. */
const EACH_NANO_MAX = 1_000_000_000_000
/** Sizes times qualities of one model; the most known are twelve. */
const KINDS_MAX = 50
const ASKED = /^[a-z0-9*][a-z0-9*._-]{0,31}(\/[a-z0-9][a-z0-9._-]{0,31})?$/

export function madeErrors(made: By<number> | undefined): Record<string, string> {
  const wrong: Record<string, string> = {}
  for (const [unit, each] of Object.entries(made ?? {})) {
    const field = `made-${unit}`
    if (!MADE_UNITS.includes(unit as MadeUnit)) wrong[field] = "Name what is counted."
    else if (Object.keys(each).length > KINDS_MAX) wrong[field] = `Give at most ${KINDS_MAX} prices.`
    for (const [asked, amount] of Object.entries(each)) {
      if (!ASKED.test(asked)) wrong[field] = "Name it by size and quality, such as 1024x1024/hd, or * for all others."
      if (!Number.isInteger(amount) || amount < 0 || amount > EACH_NANO_MAX)
        wrong[field] = "Use a price from 0 to $1,000."
    }
  }
  return wrong
}
