// What a service may be, and what a use of it costs. Pure; money in BigInt pico-dollars, rounded once, up.
import { AppError, nameProblem, nano, tidyName } from "../app/index.ts"
import { AI_SCOPES } from "../oauth/index.ts"
import type { Charge } from "../pricing/index.ts"
import { METERING_LIMITS as L } from "./limits.ts"
import type { NewService, Service, ServiceTerms } from "./types.ts"

const PICO_PER_NANO = 1_000n
const SLUG = /^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/

const chargeNano = (pricePico: number, quantity: number): bigint =>
  (BigInt(pricePico) * BigInt(quantity) + PICO_PER_NANO - 1n) / PICO_PER_NANO

/** The whole goes to the house: what runs elsewhere is its own. */
export function chargeFor({ pricePico }: Pick<Service, "pricePico">, quantity: number): Charge {
  const totalNano = nano(chargeNano(pricePico, quantity))
  const zero = nano(0)
  return {
    totalNano,
    upstreamNano: zero,
    developerNano: zero,
    platformNano: totalNano,
    rawPico: BigInt(pricePico) * BigInt(quantity),
  }
}

/** Kept beside the charge: enough to compute it again. */
export const snapshotOf = ({ slug, unit, pricePico }: Service): string =>
  JSON.stringify({ v: 1, service: slug, unit, pico: String(pricePico) })

const isWhole = (value: number, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max

const RANGE = `Give a whole number from 1 to ${L.quantityMax.toLocaleString("en")}.`

type Check = (terms: NewService) => string | null | false

/** In the order of the form; the first message of a field counts. A check that looks at another field too names it. */
const CHECKS: readonly [field: keyof NewService, check: Check, needs?: keyof NewService][] = [
  [
    "slug",
    ({ slug }) =>
      (slug.length > L.slugCharsMax || !SLUG.test(slug)) &&
      `Use small letters, digits and dashes, such as text-to-speech, at most ${L.slugCharsMax}.`,
  ],
  ["name", ({ name }) => nameProblem(name, { of: "thing", charsMax: L.nameCharsMax })],
  [
    "unit",
    ({ unit }) =>
      unit === "" ? "Name the unit, such as page." : nameProblem(unit, { of: "thing", charsMax: L.unitCharsMax }),
  ],
  ["scope", ({ scope }) => !(AI_SCOPES as readonly string[]).includes(scope) && "Choose one of the kinds."],
  ["pricePico", ({ pricePico }) => !isWhole(pricePico, 0, L.pricePicoMax) && "Give a price from $0 to $1,000 a unit."],
  ["quantityMin", ({ quantityMin }) => !isWhole(quantityMin, 1, L.quantityMax) && RANGE],
  ["quantityMax", ({ quantityMax }) => !isWhole(quantityMax, 1, L.quantityMax) && RANGE],
  [
    "quantityMax",
    ({ quantityMin, quantityMax }) => quantityMax < quantityMin && "Give at least the fewest units of one call.",
    "quantityMin",
  ],
  [
    "quantityMax",
    ({ pricePico, quantityMax }) =>
      isWhole(pricePico, 0, L.pricePicoMax) &&
      isWhole(quantityMax, 1, L.quantityMax) &&
      chargeNano(pricePico, quantityMax) > BigInt(L.chargeNanoMax) &&
      "One call could cost more than $10,000. Allow fewer units, or lower the price.",
    "pricePico",
  ],
]

export const cleaned = <T extends Pick<ServiceTerms, "name" | "unit">>(terms: T): T => ({
  ...terms,
  name: tidyName(terms.name),
  unit: tidyName(terms.unit),
})

/** What is wrong, by field. @param unread fields that nobody could read: wrong already, and no reason to refuse another one */
export function serviceErrors(
  terms: NewService,
  unread: readonly string[] = [],
): Partial<Record<keyof NewService, string>> {
  const clean = cleaned(terms)
  const errors: Partial<Record<keyof NewService, string>> = {}
  for (const [field, check, needs] of CHECKS) {
    if (unread.includes(field) || (needs && unread.includes(needs)) || errors[field]) continue
    const message = check(clean)
    if (message) errors[field] = message
  }
  return errors
}

/** @throws AppError validation_failed with a message per field */
export function checkedTerms<T extends NewService>(terms: T): T {
  const formErrors = serviceErrors(terms) as Record<string, string>
  const [first] = Object.values(formErrors)
  if (first) throw new AppError("validation_failed", first, { formErrors })
  return cleaned(terms)
}

/** @throws AppError validation_failed naming `quantity` */
export function checkQuantity({ quantityMin, quantityMax }: Service, quantity: number): void {
  if (isWhole(quantity, quantityMin, quantityMax)) return
  const bounds =
    quantityMin === quantityMax ? `exactly ${quantityMin}` : `a whole number from ${quantityMin} to ${quantityMax}`
  const words = `\`quantity\` must be ${bounds} for this service.`
  throw new AppError("validation_failed", words, { param: "quantity", fields: { errors: { quantity: words } } })
}
