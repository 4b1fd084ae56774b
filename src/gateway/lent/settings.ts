// What an operator sets for accounts at OpenRouter that people get here.
import { type Nano, nano } from "../../app/index.ts"
import { field } from "../../http/index.ts"
import type { Setting } from "../../part/index.ts"

const group = "Accounts at OpenRouter"
const LIMIT_MAX = 1_000_000_000_000

export const LENT_AT_SIGN_UP: Setting<"on" | "off"> = {
  key: "gateway.openrouter_sign_up",
  group,
  field: field.choice({
    name: "openrouter_sign_up",
    label: "Whoever signs up gets an account at OpenRouter",
    help: "Once their email address is confirmed. Needs the management key, PURSER_OPENROUTER_MANAGEMENT_KEY.",
    options: [
      { value: "off", label: "No" },
      { value: "on", label: "Yes" },
    ],
  }),
  default: "off",
  problem: () => null,
}

export const LENT_FREE_LIMIT: Setting<Nano> = {
  key: "gateway.openrouter_free_limit",
  group,
  field: field.dollars({
    name: "openrouter_free_limit",
    label: "On the plan Free it may spend at most",
    help: "Of accounts that are made from now on. Beyond it calls go on at your own account.",
    required: true,
  }),
  default: nano(10_000_000_000),
  problem: (value) => (Number.isSafeInteger(value) && value >= 0 && value <= LIMIT_MAX ? null : "Give $0 to $1,000."),
}
