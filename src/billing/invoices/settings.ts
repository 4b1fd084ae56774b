// What an operator says of itself on invoices. A change counts for what is issued from then on.
import { field } from "../../http/index.ts"
import type { Setting } from "../../part/index.ts"

const GROUP = "Invoices"
const ADDRESS_CHARS = 300
const WORDS_CHARS = 500

const within = (max: number) => (text: string) => (text.length > max ? `Keep this within ${max} characters.` : null)

interface Given {
  name: string
  label: string
  help?: string
  max: number
  standard?: string
  rows?: number
  problem?: Setting<string>["problem"]
}

function worded({ name, label, help, max, standard = "", rows, problem }: Given): Setting<string> {
  const options = { label, max, optional: true, ...(help ? { help } : {}) }
  return {
    key: `invoices.${name}`,
    group: GROUP,
    field: rows === undefined ? field.text(options) : field.area({ ...options, rows }),
    default: standard,
    problem: (value) => within(max)(value) ?? problem?.(value) ?? null,
  }
}

export const SELLER_NAME = worded({
  name: "seller_name",
  label: "Your name",
  help: "Person or company that sells. Empty: the name of this server.",
  max: 120,
})
export const SELLER_ADDRESS = worded({
  name: "seller_address",
  label: "Your address",
  help: "As on a letter, one line below the other.",
  max: ADDRESS_CHARS,
  rows: 4,
})
export const SELLER_TAX_ID = worded({
  name: "seller_tax_id",
  label: "Your tax id",
  help: "Such as a VAT number.",
  max: 60,
})
export const SELLER_EMAIL = worded({
  name: "seller_email",
  label: "Address for questions",
  help: "An email address that is printed on invoices.",
  max: 254,
  problem: (value) => (value === "" || /^\S+@\S+$/.test(value) ? null : "Give an email address, or leave it empty."),
})
export const TAX_LABEL = worded({
  name: "tax_label",
  label: "What tax is called",
  help: "Such as VAT, GST or Sales tax.",
  max: 30,
  standard: "Tax",
  problem: (value) => (value === "" ? "Give a word, such as VAT." : null),
})
export const REVERSE_CHARGE = worded({
  name: "reverse_charge_text",
  label: "Sentence of the reverse charge",
  help: "Printed where the customer owes the tax.",
  max: WORDS_CHARS,
  standard: "Reverse charge: the customer owes the tax on this invoice.",
  rows: 2,
  problem: (value) => (value === "" ? "Give a sentence: an invoice without tax has to say why." : null),
})
export const FOOTER = worded({
  name: "footer",
  label: "Last words",
  help: "Below every invoice, such as where your company is registered or how to pay.",
  max: WORDS_CHARS,
  rows: 3,
})

export const DUE_DAYS: Setting<number> = {
  key: "invoices.due_days",
  group: GROUP,
  field: field.days({
    label: "Days to pay",
    help: "Of an invoice that is still to be paid; what is paid at once is due at once.",
    required: true,
  }),
  default: 14,
  problem: (value) => (Number.isInteger(value) && value >= 0 && value <= 180 ? null : "Give 0 to 180 days."),
}

/** Whether Stripe Tax is asked, and how prices are meant. */
export const STRIPE_TAX: Setting<"off" | "exclusive" | "inclusive"> = {
  key: "invoices.stripe_tax",
  group: GROUP,
  field: field.choice({
    label: "Tax by Stripe Tax",
    help: "Turn it on at Stripe first, with the places where you are registered. The payment page then asks for address and tax id.",
    options: [
      { value: "off", label: "Off" },
      { value: "exclusive", label: "On top of prices" },
      { value: "inclusive", label: "Within prices" },
    ],
  }),
  default: "off",
  problem: (value) => (["off", "exclusive", "inclusive"].includes(value) ? null : "Choose one of the list."),
}

export const ASK_ADDRESS: Setting<"no" | "yes"> = {
  key: "invoices.ask_address",
  group: GROUP,
  field: field.choice({
    label: "Ask buyers for their address",
    help: "The payment page then asks for it, and businesses for a tax id; both stand on the invoice. With Stripe Tax it always does.",
    options: [
      { value: "no", label: "No" },
      { value: "yes", label: "Yes" },
    ],
  }),
  default: "no",
  problem: (value) => (["no", "yes"].includes(value) ? null : "Choose one of the list."),
}

export const INVOICE_SETTINGS = [
  STRIPE_TAX,
  ASK_ADDRESS,
  SELLER_NAME,
  SELLER_ADDRESS,
  SELLER_TAX_ID,
  SELLER_EMAIL,
  TAX_LABEL,
  REVERSE_CHARGE,
  DUE_DAYS,
  FOOTER,
]
