// /admin/earnings: when developers are paid, how much free credits may earn them, and from which amount on.
import { AdminEarningsPage } from "../../../views/admin/earnings.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { auditOf } from "../../audit/index.ts"
import type { EarningTerms } from "../../developers/index.ts"
import { field, form } from "../../http/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import { actorName } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "developers" | "store" | "clock" | "identity" | "oauth">

const CHANGES_SHOWN = 10

const TERMS_FORM = form(
  {
    paidDays: field.days({
      label: "Shares of bought credits are available after",
      help: "Long enough for a card payment to be disputed and refunded.",
      required: true,
    }),
    promoDays: field.days({ label: "Shares of free credits are available after", required: true }),
    promoCapBp: field.percent({
      name: "promo_cap",
      label: "Free credits earn one developer at most",
      suffix: "% of the day’s free budget",
      help: "Per UTC day. 0 pays nothing for free credits.",
      required: true,
    }),
    payoutMinNano: field.dollars({
      name: "payout_min",
      label: "Smallest payout",
      wrong: "Give an amount in dollars, such as 10.",
      required: true,
    }),
    reason: field.reason(),
  },
  { submit: "Save terms" },
)

export function earningsRoutes(site: AdminSite, deps: Deps): void {
  site.form("/admin/earnings", {
    summary: "Set the terms of earning",
    form: TERMS_FORM,
    present: () => deps.developers.earningTerms(),
    async act(page, { reason, ...terms }) {
      await deps.developers.setEarningTerms(page.ctx(reason), terms)
      return { to: "/admin/earnings", say: "The terms are saved." }
    },
    show: (page, form, _, status) => earnings(deps, page, form, status),
  })
}

function earnings(deps: Deps, page: PageRequest, form: FormView, status: Status): Response {
  const changes = auditOf(deps.store.read, "earning_terms", CHANGES_SHOWN).map((row) => ({
    atMs: row.atMs,
    by: actorName(deps, row.actor),
    reason: row.reason,
    words: differences(row.before, row.after),
  }))
  const props = { now: deps.clock.now(), changes, form }
  return page.render((frame) => AdminEarningsPage({ frame, ...props }), status)
}

const WORDS = {
  paidDays: { label: "bought credits", before: "", after: " days" },
  promoDays: { label: "free credits", before: "", after: " days" },
  promoCapBp: { label: "daily limit", before: "", after: "%" },
  payoutMinNano: { label: "smallest payout", before: "$", after: "" },
} as const satisfies Record<keyof EarningTerms, unknown>

/** "Free credits: 30 days → 14 days, smallest payout: $10 → $25". */
function differences(before: string | null, after: string | null): string {
  if (!before || !after) return ""
  const [old, now] = [JSON.parse(before), JSON.parse(after)] as EarningTerms[]
  if (!old || !now) return ""
  const say = (key: keyof EarningTerms, terms: EarningTerms): string => {
    const typed = TERMS_FORM.typedOf({ [key]: terms[key] })[TERMS_FORM.nameOf(key)]
    return `${WORDS[key].before}${typed?.[0] ?? ""}${WORDS[key].after}`
  }
  const words = (Object.keys(WORDS) as (keyof EarningTerms)[])
    .filter((key) => old[key] !== now[key])
    .map((key) => `${WORDS[key].label}: ${say(key, old)} → ${say(key, now)}`)
    .join(", ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}
