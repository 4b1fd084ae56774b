// What a tax number looks like, by country: its form alone. Whether it was ever given to somebody, only a tax office knows. Pure.
// VAT: the forms of VIES (European Commission, FAQ question 11), HMRC, the Swiss UID register and Brønnøysund. SSN: Social Security
// Administration, "What we issue"; ITIN: IRS Publication 1915; EIN: IRS, "How EINs are assigned".
import { COUNTRIES } from "../../app/index.ts"
import type { TaxKind } from "./types.ts"

export const TAX_KINDS: Readonly<Record<TaxKind, string>> = {
  vat: "VAT ID",
  ssn: "SSN or ITIN",
  ein: "EIN",
  other: "Tax number",
}

/** What stands before it, the rest of it, and one that looks so. */
interface Form {
  prefix: string
  rest: RegExp
  example: string
}
const form = (prefix: string, rest: RegExp, example: string): Form => ({ prefix, rest, example })

const VAT: Readonly<Record<string, Form>> = {
  AT: form("AT", /^U\d{8}$/, "ATU12345678"),
  BE: form("BE", /^[01]\d{9}$/, "BE0123456789"),
  BG: form("BG", /^\d{9,10}$/, "BG123456789"),
  CH: form("CHE", /^\d{9}(MWST|TVA|IVA)?$/, "CHE-123.456.789 MWST"),
  CY: form("CY", /^\d{8}[A-Z]$/, "CY12345678X"),
  CZ: form("CZ", /^\d{8,10}$/, "CZ12345678"),
  DE: form("DE", /^\d{9}$/, "DE123456789"),
  DK: form("DK", /^\d{8}$/, "DK12345678"),
  EE: form("EE", /^\d{9}$/, "EE123456789"),
  ES: form("ES", /^([A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])$/, "ESX1234567X"),
  FI: form("FI", /^\d{8}$/, "FI12345678"),
  FR: form("FR", /^[A-HJ-NP-Z0-9]{2}\d{9}$/, "FR12345678901"),
  GB: form("GB", /^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/, "GB123456789"),
  GR: form("EL", /^\d{9}$/, "EL123456789"),
  HR: form("HR", /^\d{11}$/, "HR12345678901"),
  HU: form("HU", /^\d{8}$/, "HU12345678"),
  IE: form("IE", /^(\d{7}[A-W][A-IW]?|\d[A-Z+*]\d{5}[A-W])$/, "IE1234567WA"),
  IT: form("IT", /^\d{11}$/, "IT12345678901"),
  LT: form("LT", /^(\d{9}|\d{12})$/, "LT123456789"),
  LU: form("LU", /^\d{8}$/, "LU12345678"),
  LV: form("LV", /^\d{11}$/, "LV12345678901"),
  MT: form("MT", /^\d{8}$/, "MT12345678"),
  NL: form("NL", /^\d{9}B\d{2}$/, "NL123456789B01"),
  NO: form("NO", /^\d{9}(MVA)?$/, "NO 123 456 789 MVA"),
  PL: form("PL", /^\d{10}$/, "PL1234567890"),
  PT: form("PT", /^\d{9}$/, "PT123456789"),
  RO: form("RO", /^\d{2,10}$/, "RO1234567890"),
  SE: form("SE", /^\d{12}$/, "SE123456789701"),
  SI: form("SI", /^\d{8}$/, "SI12345678"),
  SK: form("SK", /^\d{10}$/, "SK1234567890"),
}

/** Whoever is there may name either: a company of Northern Ireland is known to the Union as XI. */
const NORTHERN_IRELAND = "XI"
const OTHER_CHARS = { min: 4, max: 30 } as const
const HINT_CHARS = 4

export interface TaxTyped {
  country: string
  kind: TaxKind
  number: string
}

/** As machines write it, and what is shown of it; or what is wrong, by field. */
export type TaxRead = { number: string; hint: string } | { errors: Partial<Record<keyof TaxTyped, string>> }

export function readTaxNumber({ country, kind, number }: TaxTyped): TaxRead {
  const name = COUNTRIES.get(country)
  if (name === undefined) return { errors: { country: "Choose a country." } }
  const packed = number
    .normalize("NFKC")
    .replaceAll(/[\s.\-/]/g, "")
    .toUpperCase()
  if (packed === "") return { errors: { number: "Enter the number." } }
  if (kind === "vat") return country === "US" ? { errors: { kind: NO_VAT } } : readVat(country, name, packed)
  if (kind === "other") return readOther(number, packed)
  if (country !== "US")
    return { errors: { kind: `${TAX_KINDS[kind]} is of the United States. Choose another kind, or that country.` } }
  return kind === "ssn" ? readSsn(packed) : readEin(packed)
}

const NO_VAT = "The United States have no VAT. Choose SSN or ITIN for a person, EIN for a company."
const wrong = (number: string): TaxRead => ({ errors: { number } })
/** How it ends, at most half of it; words that every number of a country ends in say nothing. */
const endOf = (number: string): string => {
  const own = number.replace(/(MWST|TVA|IVA|MVA)$/, "")
  return own.slice(-Math.min(HINT_CHARS, Math.floor(own.length / 2)))
}
const hinted = (number: string): TaxRead => ({ number, hint: endOf(number) })

function readVat(country: string, name: string, packed: string): TaxRead {
  const known = VAT[country]
  if (known === undefined) return readOther(packed, packed)
  const prefix = country === "GB" && packed.startsWith(NORTHERN_IRELAND) ? NORTHERN_IRELAND : known.prefix
  const rest = packed.startsWith(prefix) ? packed.slice(prefix.length) : packed
  return known.rest.test(rest)
    ? hinted(prefix + rest)
    : wrong(`A VAT ID of ${name} looks like ${known.example}. Compare it again.`)
}

/** Areas, groups and serials that are never given out are mistakes, or numbers from advertisements. */
function readSsn(packed: string): TaxRead {
  const [, area, group, serial] = /^(\d{3})(\d{2})(\d{4})$/.exec(packed) ?? []
  if (area === undefined) return wrong("An SSN or ITIN has nine digits, such as 123-45-6789.")
  const isGiven = area !== "000" && area !== "666" && group !== "00" && serial !== "0000"
  return isGiven ? hinted(packed) : wrong("This is no SSN or ITIN: such a number is given to nobody. Compare it again.")
}

function readEin(packed: string): TaxRead {
  if (!/^\d{9}$/.test(packed)) return wrong("An EIN has nine digits, such as 12-3456789.")
  return packed.startsWith("00") ? wrong("No EIN begins with 00. Compare it again.") : hinted(packed)
}

/** As it is written there: marks between its characters are part of some. */
function readOther(number: string, packed: string): TaxRead {
  const { min, max } = OTHER_CHARS
  const text = number.normalize("NFKC").replaceAll(/\s+/g, " ").trim().toUpperCase()
  const isOne =
    packed.length >= min && text.length <= max && /\d/.test(packed) && /^[\p{L}\d][\p{L}\d .\-/]*$/u.test(text)
  return isOne
    ? { number: text, hint: endOf(packed) }
    : wrong(`A tax number has ${min} to ${max} letters and digits. Compare it again.`)
}

/** "VAT ID of Germany ending in 6789" */
export const taxNumberName = ({ kind, country, hint }: { kind: TaxKind; country: string; hint: string }): string =>
  kind === "vat" || kind === "other"
    ? `${TAX_KINDS[kind]} of ${COUNTRIES.get(country) ?? country} ending in ${hint}`
    : `${TAX_KINDS[kind]} ending in ${hint}`
