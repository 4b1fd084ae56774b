// What an operator sets for the keys that sign tokens.
import { field } from "../http/index.ts"
import { daysBetween, type Setting } from "../part/index.ts"

const DAYS_MAX = 3_650

/** 0 = only by hand. */
export const ROTATE_DAYS: Setting<number> = {
  key: "oauth.rotate_days",
  group: "Signing keys",
  field: field.days({
    label: "New signing keys every",
    help: "The keys that sign tokens are replaced by the next ones, which apps have known for a while by then. 0: only when somebody does it by hand.",
    required: true,
  }),
  default: 90,
  problem: daysBetween(0, DAYS_MAX),
}
