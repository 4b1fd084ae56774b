// What the platform charges publishers for hosting: nothing unless the operator says so.

import type { Nano } from "../../app/index.ts"
import { nano } from "../../app/index.ts"
import { field } from "../../http/index.ts"
import type { Setting } from "../../part/index.ts"

const MAX_NANO = 10_000_000_000_000

export const HOSTING_FEE: Setting<Nano> = {
  key: "marketplace.hosting_fee",
  group: "Marketplace",
  field: field.dollars({
    name: "hosting_fee",
    label: "Hosting fee",
    help: "Of a publisher, for each published API, on the first days of a month. 0: none.",
    wrong: "Give an amount in dollars, such as 5.",
    required: true,
  }),
  default: nano(0),
  problem: (value) => (value >= 0 && value <= MAX_NANO ? null : "Give $0 to $10,000."),
}
