// What an operator sets for the directory.
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"

export const DIRECTORY_REVIEWS: Setting<"wanted" | "none"> = {
  key: "directory.reviews",
  group: "App directory",
  field: field.choice({
    label: "New listings and changed ones",
    options: [
      { value: "wanted", label: "An admin looks at each before everybody sees it" },
      { value: "none", label: "Developers list their apps by themselves" },
    ],
    control: "radios",
  }),
  default: "wanted",
  problem: (value) => (["wanted", "none"].includes(value) ? null : "Choose one of the two."),
}
