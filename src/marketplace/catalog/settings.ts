// What an operator sets for the catalogue.
import { field } from "../../http/index.ts"
import { reviewsSetting, type Setting } from "../../part/index.ts"

const group = "Marketplace"

export const REVIEWS = reviewsSetting({
  key: "marketplace.reviews",
  group,
  label: "New API products",
  wanted: "An admin looks at each before it is published",
  none: "Publishers publish by themselves",
  default: "wanted",
})

const ALL_BP = 10_000

/** In basis points; a product’s own comes before its publisher’s, and that before this. */
export const COMMISSION: Setting<number> = {
  key: "marketplace.commission",
  group,
  field: field.percent({
    name: "commission",
    label: "Commission on plans and overages",
    suffix: "% of each sale",
    help: "The platform’s part. It can be set for a publisher or a product under API products.",
    required: true,
  }),
  default: 1_000,
  problem: (value) =>
    Number.isSafeInteger(value) && value >= 0 && value <= ALL_BP ? null : "Give a share from 0 to 100%.",
}
