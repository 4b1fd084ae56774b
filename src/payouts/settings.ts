// What an operator sets about payouts. The smallest one and when earnings mature are terms of earning (`developers`).
import type { Nano } from "../app/index.ts"
import { type FieldDef, field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"
import { readBic, readIban } from "./banks.ts"
import { isNameOfBanks } from "./formats/latin.ts"
import { PAYOUT_LIMITS as L } from "./limits.ts"
import { CURRENCIES, readRateLine } from "./money.ts"

const group = "Payouts"

/** A setting of words whose field says by itself what is wrong with them. */
function worded<T>(key: string, words: FieldDef<T>, standard: T, problem: (value: T) => string | null): Setting<T> {
  const read: FieldDef<T>["read"] = (texts, look) => {
    const found = words.read(texts, look)
    const wrong = "error" in found ? null : problem(found.value)
    return wrong === null ? found : { error: wrong }
  }
  return { key: `payouts.${key}`, group, field: { ...words, read }, default: standard, problem }
}

/** Days until money goes to a place that somebody just named: time for its owner to read the mail about it. */
export const COOLING_DAYS: Setting<number> = {
  key: "payouts.cooling_days",
  group,
  field: field.days({
    label: "A new payout method is used after",
    help: "Its person gets a mail at once, and has this long to say that it was not them. 0 = at once.",
    required: true,
  }),
  default: 3,
  problem: (value) => (Number.isInteger(value) && value >= 0 && value <= 30 ? null : "Give 0 to 30 days."),
}

export const RATES = worded<string[]>(
  "rates",
  field.lines({
    label: "Other currencies",
    help: "One a line, with units for one US dollar, such as EUR=0.92. People choose among these and dollars; a payout keeps the rate of the moment it was approved.",
    optional: true,
    mono: true,
  }),
  [],
  (lines) => {
    const wrong = lines.find((line) => readRateLine(line) === null)
    if (wrong !== undefined) return `“${wrong.slice(0, 40)}” is no rate. Write it as EUR=0.92, in one of ${OTHERS}.`
    return new Set(lines.map((line) => line.slice(0, 3))).size < lines.length ? "Name each currency once." : null
  },
)
const OTHERS = Object.keys(CURRENCIES)
  .filter((one) => one !== "USD")
  .join(", ")

export const DEBTOR_NAME = worded(
  "debtor_name",
  field.text({
    name: "debtor_name",
    label: "Who pays",
    help: "As your bank knows you. Stands in files for it.",
    optional: true,
  }),
  "",
  (value) => {
    if (value.length > L.holderChars) return `Keep it within ${L.holderChars} characters.`
    return value === "" || isNameOfBanks(value) ? null : "Write it in Latin letters, as your bank does."
  },
)

export const DEBTOR_IBAN = worded(
  "debtor_iban",
  field.text({
    name: "debtor_iban",
    label: "Your account (IBAN)",
    help: "Files for a bank pay from it.",
    optional: true,
  }),
  "",
  (value) => {
    const read = value === "" ? null : readIban(value)
    return read && "problem" in read ? read.problem : null
  },
)

export const DEBTOR_BIC = worded(
  "debtor_bic",
  field.text({ name: "debtor_bic", label: "BIC of your bank", optional: true }),
  "",
  (value) => {
    const read = readBic(value, null)
    return "problem" in read ? read.problem : null
  },
)

/** 0 = people ask; 1 to 28 = on that day of a month (UTC) it asks for whoever chose so. */
export const MONTHLY_DAY: Setting<number> = {
  key: "payouts.monthly_day",
  group,
  field: field.count({
    label: "Day of monthly payouts",
    help: "On this day of a month (UTC) a payout is asked for on behalf of everybody who chose so and has enough. 1 to 28; 0 = people ask themselves.",
    required: true,
  }),
  default: 5,
  problem: (value) => (Number.isInteger(value) && value >= 0 && value <= 28 ? null : "Give a day from 1 to 28, or 0."),
}

const STRIPE_OPTIONS = [
  { value: "off", label: "No" },
  {
    value: "on",
    label: "Yes",
    help: "Payees may sign up at Stripe, and what you approve is sent there by itself, in dollars. Turn Connect on at Stripe first.",
  },
]

export const STRIPE_CONNECT: Setting<string> = {
  key: "payouts.stripe_connect",
  group,
  field: field.choice({
    label: "Pay by Stripe Connect",
    options: STRIPE_OPTIONS,
    control: "radios",
    wrong: "Choose one of the two.",
  }),
  default: "off",
  problem: (value) => (STRIPE_OPTIONS.some((one) => one.value === value) ? null : "Choose one of the two."),
}

/** n$ of one UTC year; null = nobody is asked for documents. */
export const PROOF_ABOVE: Setting<Nano | null> = {
  key: "payouts.proof_above",
  group,
  field: field.dollars({
    label: "Documents needed above",
    help: "Whoever asks for more than this in a calendar year (UTC) has to be approved by their documents first. Empty: nobody has to.",
    optional: true,
    wrong: "Give an amount, such as 600, or leave it empty.",
  }),
  default: null,
  problem: (value) =>
    value === null || (Number.isSafeInteger(value) && value >= 0) ? null : "Give an amount of 0 or more.",
}

/** Years. */
export const TAX_YEARS: Setting<number> = {
  key: "payouts.tax_years",
  group,
  field: field.count({
    label: "Tax documents are kept for",
    help: "Years after the account of somebody who was paid ends, sealed. Many laws ask for 6 to 10. 0 = they go with the account.",
    required: true,
  }),
  default: 10,
  problem: (value) => (Number.isInteger(value) && value >= 0 && value <= 30 ? null : "Give 0 to 30 years."),
}

export const PAYOUT_SETTINGS = [
  STRIPE_CONNECT,
  PROOF_ABOVE,
  TAX_YEARS,
  COOLING_DAYS,
  RATES,
  MONTHLY_DAY,
  DEBTOR_NAME,
  DEBTOR_IBAN,
  DEBTOR_BIC,
] as const
