// The form of a metered service: its terms as people see and type them. What is allowed, `metering` says.
import { Type as t } from "@sinclair/typebox"
import { type FieldDef, field, form } from "../../http/index.ts"
import { dollarsOfPico, picoOfDollars, picoOfNano } from "../../metering/index.ts"
import { AI_SCOPES } from "../../oauth/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"

const WRONG = "Give a price in dollars with at most 12 decimals, such as 0.000015."

/** Finer than n$: a character or a byte costs less than one. Programs may say n$ as `{"nano": "1500.25"}`. */
const unitPrice: FieldDef<number> = {
  name: "price",
  look: {
    control: "input",
    label: "Price of one unit",
    prefix: "$",
    help: "Up to 12 decimals. A call’s charge is rounded up once, to a billionth of a dollar.",
    inputmode: "decimal",
    autocomplete: "off",
    maxlength: 40,
    required: true,
  },
  read(texts) {
    const pico = picoOfDollars(texts[0] ?? "")
    return pico === null ? { error: WRONG } : { value: pico }
  },
  write: (pico) => [dollarsOfPico(pico)],
  typedOf(json) {
    if (typeof json === "string") return [json]
    if (typeof json !== "object" || json === null) return null
    const { nano } = json as { nano?: unknown }
    const pico = typeof nano === "string" ? picoOfNano(nano) : null
    return pico === null ? null : [dollarsOfPico(pico)]
  },
  json: t.Union([t.String({ description: "Dollars, a decimal." }), t.Object({ nano: t.String() })], {
    description: "Price of one unit",
  }),
}

const TERMS = {
  name: field.text({ label: "Name", required: true, help: "As people read it in their history." }),
  unit: field.text({ label: "Unit", required: true, help: "What is counted, one of it: character, page, search." }),
  pricePico: unitPrice,
  quantityMin: field.count({ label: "Fewest units of one call", wrong: "Give a whole number of units." }),
  quantityMax: field.count({ label: "Most units of one call", wrong: "Give a whole number of units." }),
  scope: field.choice({
    label: "Counts as",
    help: "Credits that may be spent on one kind of use only pay for services of that kind.",
    options: AI_SCOPES.map((value) => ({ value, label: SCOPE_LABELS[value] ?? value })),
    wrong: "Choose one of the kinds.",
  }),
}

export const NEW_SERVICE_FORM = form(
  {
    slug: field.text({
      label: "Id",
      required: true,
      mono: true,
      help: "What programs send, such as text-to-speech. It cannot be changed later.",
    }),
    ...TERMS,
    reason: field.reason(),
  },
  { submit: "Add service" },
)

export const SERVICE_FORM = form(
  { ...TERMS, seenMs: field.version(), reason: field.reason() },
  { submit: "Save service" },
)

export const SERVICE_STATE_FORM = form({ reason: field.reason() }, { submit: "Turn off", danger: true })
