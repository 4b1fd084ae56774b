// What `pricing` contributes: how the audit log reads changes of prices, whether published lists are read, and how that went.

import type { Clock } from "../app/index.ts"
import { DAY_MS } from "../app/index.ts"
import type { Check, Part } from "../part/index.ts"
import { PRICING_SENTENCES } from "./sentences.ts"
import { CATALOGUE_ON, CATALOGUE_URL } from "./settings.ts"
import type { Pricing } from "./types.ts"

interface Works {
  pricing: Pick<Pricing, "catalogue">
  clock: Clock
}

export const pricingPart: Part<Works> = {
  name: "pricing",
  settings: [CATALOGUE_ON, CATALOGUE_URL],
  sentences: PRICING_SENTENCES,
  run: ({ pricing, clock }) => ({ checks: [() => prices(pricing.catalogue, clock.now())] }),
}

/** Reads that failed for longer than this are worth a look: until then the next one may do. */
const STALE_MS = 3 * DAY_MS

/** Nothing where no list was ever read: the bundled table prices then. */
function prices(catalogue: Pricing["catalogue"], nowMs: number): Check[] {
  const [last, ...before] = catalogue.reads()
  if (!last) return []
  const held = catalogue.held().length
  const lastGoodMs = [last, ...before].find((read) => read.ok)?.atMs ?? 0
  const base = { label: "Prices", href: "/admin/prices" }
  if (held > 0) {
    const text = held === 1 ? "1 price held back" : `${held} prices held back`
    const remedy = "A published price moved beyond belief. Look at it under Prices, and take it over if it is right."
    return [{ ...base, href: "/admin/prices?show=held", state: "warn", text, remedy }]
  }
  if (!last.ok && nowMs - lastGoodMs > STALE_MS) {
    return [{ ...base, state: "warn", text: "the price list cannot be read", remedy: last.message }]
  }
  return [{ ...base, state: "ok", text: `${last.ok ? "read" : "in force, last read failed"}` }]
}
