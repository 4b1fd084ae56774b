// Whether and where published price lists are read.
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"
import { OPENROUTER_URL } from "./catalogue/openrouter.ts"

export const CATALOGUE_ON: Setting<"on" | "off"> = {
  key: "pricing.catalogue_on",
  group: "Prices",
  field: field.choice({
    label: "Read OpenRouter’s price list and the providers’ model lists every day",
    help: "Without it, prices come from the list that this release was made with, and from you.",
    options: [
      { value: "on", label: "Every day" },
      { value: "off", label: "Only when asked under Prices" },
    ],
  }),
  default: "on",
  problem: () => null,
}

const isAddress = (text: string): boolean =>
  URL.canParse(text) && new URL(text).protocol === "https:" && text.length <= 2_000
const WRONG = "Enter an address that begins with https://."
const ADDRESS = field.url({
  label: "Address of OpenRouter’s price list",
  help: "A mirror must answer in the same format.",
  required: true,
  mono: true,
})

export const CATALOGUE_URL: Setting<string> = {
  key: "pricing.catalogue_url",
  group: "Prices",
  field: { ...ADDRESS, read: ([text = ""]) => (isAddress(text) ? { value: text } : { error: WRONG }) },
  default: OPENROUTER_URL,
  problem: (value) => (isAddress(value) ? null : WRONG),
}
