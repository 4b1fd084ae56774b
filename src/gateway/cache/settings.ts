// What an operator sets for answers from the cache.
import { field } from "../../http/index.ts"
import type { Setting } from "../../part/index.ts"

const ALL_BP = 10_000

export const CACHE_PERCENT: Setting<number> = {
  key: "gateway.cache_percent",
  group: "Answers from the cache",
  field: field.percent({
    name: "cache_percent",
    label: "An answer from the cache costs",
    suffix: "% of what the first one cost",
    help: "Nobody is asked for it, so no provider is owed anything. Its developer has the same part of their share.",
    required: true,
  }),
  default: 1_000,
  problem: (value) => (Number.isSafeInteger(value) && value >= 0 && value <= ALL_BP ? null : "Give 0 to 100%."),
}
