// What the sections of /credits show, a noun each: rows only, nobody outside is asked while somebody waits for a page. The view of each
// has its line in views/console/credits/sections.tsx.
import type { CreditsSections } from "../../../views/console/credits/sections.tsx"
import { may } from "../../teams/index.ts"
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

/** Plans and coupons are people's; what a team buys, is charged and was billed for is for whoever may see its money. */
const OF_TEAMS: readonly string[] = ["buy", "recharge", "invoices", "back"] satisfies (keyof CreditsSections)[]

const isShown = (page: PageRequest, noun: string): boolean =>
  !page.isTeam || (OF_TEAMS.includes(noun) && page.acts !== null && may(page.acts.role, "money"))

export const sectionsOf = (deps: ConsoleDeps, page: PageRequest): CreditsSections =>
  Object.fromEntries(
    Object.entries(READERS)
      .filter(([noun]) => isShown(page, noun))
      .map(([noun, read]) => [noun, read(deps, page)]),
  )
