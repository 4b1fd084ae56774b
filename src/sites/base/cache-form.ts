// Whether calls by a key or of an app are cached without asking each time: one form for both.
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"

const TIMES: readonly [value: string, ms: number, label: string][] = [
  ["off", 0, "Off"],
  ["5m", 5 * MINUTE_MS, "For 5 minutes"],
  ["1h", HOUR_MS, "For an hour"],
  ["1d", DAY_MS, "For a day"],
  ["7d", 7 * DAY_MS, "For 7 days"],
]

export const CACHE_FORM = form(
  {
    kept: field.choice({
      label: "Answers are kept",
      control: "radios",
      wrong: "Choose one of these.",
      options: TIMES.map(([value, , label]) => ({ value, label })),
    }),
  },
  { submit: "Save" },
)

export const cacheSeconds = (kept: string): number => (TIMES.find(([value]) => value === kept)?.[1] ?? 0) / SECOND_MS

/** The nearest that is no longer. */
export const cachePresent = (seconds: number): { kept: string } => ({
  kept: TIMES.findLast(([, ms]) => ms <= seconds * SECOND_MS)![0],
})
