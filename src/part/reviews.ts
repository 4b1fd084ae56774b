// Whether an admin looks at things of a kind before they count: one shape for listings, API products and apps.
import { field } from "../http/index.ts"
import type { Setting } from "./setting.ts"

export type Reviews = "wanted" | "none"

interface Words {
  key: string
  group: string
  /** What is looked at. */
  label: string
  wanted: string
  none: string
  default: Reviews
}

export const reviewsSetting = ({ key, group, label, wanted, none, default: usual }: Words): Setting<Reviews> => ({
  key,
  group,
  field: field.choice<Reviews>({
    label,
    options: [
      { value: "wanted", label: wanted },
      { value: "none", label: none },
    ],
    control: "radios",
  }),
  default: usual,
  problem: (value) => (["wanted", "none"].includes(value) ? null : "Choose one of the two."),
})
