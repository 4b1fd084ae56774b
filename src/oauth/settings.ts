// What an operator sets about permissions.
import { field } from "../http/index.ts"
import { daysBetween, type Setting } from "../part/index.ts"

const DAYS_MAX = 3_650

/** SPEC §4.5: a permission that is older is asked for again. */
export const CONSENT_DAYS: Setting<number> = {
  key: "oauth.consent_days",
  group: "Permissions of apps",
  field: field.days({
    label: "Ask again after",
    help: "Whoever allowed an app so long ago is asked again at the next sign-in, with what stands. 0: never.",
    required: true,
  }),
  default: 0,
  problem: daysBetween(0, DAYS_MAX),
}
