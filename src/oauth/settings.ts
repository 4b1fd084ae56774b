// What an operator sets for the keys that sign tokens, and for permissions.
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
