// /admin/earnings: when developers are paid, how much free credits may earn them, and from which amount on. The same settings stand
// under /admin/settings; here they are changed together.
import { AdminEarningsPage } from "../../../views/admin/earnings.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { EARNING_TERMS } from "../../developers/index.ts"
import { field, form } from "../../http/index.ts"
import { newValues, type PageRequest, type Status, undoing, undoTo } from "../base/index.ts"
import { changesOf } from "./setting-changes.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "developers" | "store" | "clock" | "identity" | "oauth">

const PATH = "/admin/earnings"

const TERMS_FORM = form(
  {
    paidDays: EARNING_TERMS.paidDays.field,
    promoDays: EARNING_TERMS.promoDays.field,
    promoCapBp: EARNING_TERMS.promoCapBp.field,
    payoutMinNano: EARNING_TERMS.payoutMinNano.field,
    reason: field.reason(),
  },
  { submit: "Save terms" },
)

export function earningsRoutes(site: AdminSite, deps: Deps): void {
  site.form(PATH, {
    summary: "Set the terms of earning",
    form: TERMS_FORM,
    present: () => deps.developers.earningTerms(),
    kept: ["paidDays", "promoDays", "promoCapBp", "payoutMinNano"],
    async act(page, { reason, ...terms }) {
      const before = deps.developers.earningTerms()
      const after = await deps.developers.setEarningTerms(page.ctx(reason), terms)
      const changed = newValues(TERMS_FORM, before, after)
      if (!changed) return { to: PATH, say: "The terms are as they were." }
      const undo = undoTo(PATH, TERMS_FORM, before, { reason: undoing(reason) })
      return { to: PATH, say: `Terms of earning now: ${changed}.`, undo }
    },
    show: (page, form, _, status) => earnings(deps, page, form, status),
  })
}

/** In a list of changes: "Free credits: 30 days → 14 days, smallest payout: $10 → $25". */
const WORDS = new Map([
  [EARNING_TERMS.paidDays.key, "bought credits"],
  [EARNING_TERMS.promoDays.key, "free credits"],
  [EARNING_TERMS.promoCapBp.key, "daily limit"],
  [EARNING_TERMS.payoutMinNano.key, "smallest payout"],
])

function earnings(deps: Deps, page: PageRequest, form: FormView, status: Status): Response {
  const changes = changesOf(deps, Object.values(EARNING_TERMS), ({ key }) => WORDS.get(key) ?? key)
  const props = { now: deps.clock.now(), changes, form }
  return page.render((frame) => AdminEarningsPage({ frame, ...props }), status)
}
