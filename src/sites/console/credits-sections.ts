// What the sections of /credits show, a noun each: rows only, nobody outside is asked while somebody waits for a page. The view of each
// has its line in views/console/credits/sections.tsx.
import type { CreditsSections } from "../../../views/console/credits/sections.tsx"
import type { PageRequest } from "../base/index.ts"
import { backOf } from "./back.ts"
import { buyOf } from "./buy.ts"
import { rechargeSectionOf } from "./cards.ts"
import { couponSectionOf } from "./coupon-code.ts"
import { lastInvoices } from "./invoices.ts"
import { planNowOf } from "./plan-words.ts"
import type { ConsoleDeps } from "./site.ts"

type Readers = { [Noun in keyof CreditsSections]-?: (deps: ConsoleDeps, page: PageRequest) => CreditsSections[Noun] }

const READERS: Readers = {
  plan: planNowOf,
  buy: buyOf,
  coupon: couponSectionOf,
  recharge: rechargeSectionOf,
  invoices: lastInvoices,
  back: backOf,
}

export const sectionsOf = (deps: ConsoleDeps, page: PageRequest): CreditsSections =>
  Object.fromEntries(Object.entries(READERS).map(([noun, read]) => [noun, read(deps, page)]))
