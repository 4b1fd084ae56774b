// What the sections of /credits show, a noun each: rows only, nobody outside is asked while somebody waits for a page. The view of each
// has its line in views/console/credits/sections.tsx.
import type { CreditsSections } from "../../../views/console/credits/sections.tsx"
import type { PageRequest } from "../base/index.ts"
import { buyOf } from "./buy.ts"
import { couponSectionOf } from "./coupon-code.ts"
import type { ConsoleDeps } from "./site.ts"

type Readers = { [Noun in keyof CreditsSections]-?: (deps: ConsoleDeps, page: PageRequest) => CreditsSections[Noun] }

const READERS: Readers = {
  buy: buyOf,
  coupon: couponSectionOf,
}

export const sectionsOf = (deps: ConsoleDeps, page: PageRequest): CreditsSections =>
  Object.fromEntries(Object.entries(READERS).map(([noun, read]) => [noun, read(deps, page)]))
