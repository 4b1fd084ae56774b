// What analytics has of a person: sums of what their own keys did. Figures of apps and of the house name nobody.
import type { Personal } from "../part/index.ts"
import type { Tx } from "../store/index.ts"

const SUMS = { stays: "figures of many people, of which nobody can be told" }

export const ANALYTICS_PERSONAL: Personal = {
  tables: {
    analytics_days: { erased: SUMS, exported: { not: "figures of the whole house" } },
    analytics_hours: { erased: SUMS, exported: { not: "figures of the whole house" } },
    analytics_app_days: { erased: SUMS, exported: { not: "figures of an app" } },
    analytics_key_days: { erased: "deleted", exported: { not: "sums of the calls" } },
    analytics_people: {
      erased: { stays: "numbers without names, so that how many used an app on a day stays true" },
      exported: { not: "which days, the calls say" },
    },
    analytics_kind_people: {
      erased: { stays: "numbers without names, so that how many used a model or an endpoint stays true" },
      exported: { not: "which kinds, the calls say" },
    },
    analytics_spend: { erased: "emptied", exported: { not: "sums of the calls, of many people in one row" } },
    analytics_app_calls: {
      erased: { stays: "which calls an app had; of an erased person neither their kind nor whether they failed" },
      exported: { not: "the calls themselves are" },
    },
    analytics_app_health: { erased: SUMS, exported: { not: "figures of an app" } },
    analytics_health_people: {
      erased: { stays: "numbers without names, so that how many met an error stays true" },
      exported: { not: "what failed, the calls say" },
    },
    analytics_app_slowest: { erased: "deleted", exported: { not: "the calls themselves are" } },
  },
  files: [],
}

export const eraseKeyDays = (tx: Tx, userId: number): number =>
  tx.run("DELETE FROM analytics_key_days WHERE user_id = ?", userId).changes
