// What an operator sets for all plans together.
import { credits, type Nano } from "../app/index.ts"
import type { Setting } from "../part/index.ts"
import { creditsCodec } from "../settings/index.ts"
import { amountProblem } from "./rules.ts"

/** What free claims of one UTC day may grant together; null = no bound. */
export const FREE_BUDGET: Setting<Nano | null> = {
  key: "plans.free_budget_daily",
  group: "Free credits",
  label: "Free credits of one day",
  help: "What all free claims of one UTC day may give together, in credits. Empty = no bound.",
  codec: {
    parse: (text) => (text === "" ? { value: null } : creditsCodec.parse(text)),
    format: (value) => (value === null ? "" : creditsCodec.format(value)),
  },
  default: credits(100_000),
  problem: (value) => (value === null ? null : amountProblem(value)),
}
