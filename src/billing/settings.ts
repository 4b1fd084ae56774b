// What an operator decides about selling at all.
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"

const OPTIONS = [
  { value: "yes", label: "Sold, once payments are set up" },
  { value: "no", label: "Not sold: admins give them out" },
]

/** A house that gives its credits away is not reminded of payments. */
export const SELLS: Setting<string> = {
  key: "billing.sells",
  group: "Payments",
  field: field.choice({ label: "Credits and plans", options: OPTIONS, control: "radios" }),
  default: "yes",
  problem: (value) => (OPTIONS.some((one) => one.value === value) ? null : "Choose one of the two."),
}
