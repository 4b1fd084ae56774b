// /admin/earnings: when developers are paid, how much free credits may earn them, and from which amount on.
import { Elysia } from "elysia"
import { AdminEarningsPage, type EarningValues } from "../../../views/admin/earnings.tsx"
import { group } from "../../../views/ui/format.ts"
import { AppError, parseUsd, usdDecimal } from "../../app/index.ts"
import { EARNING_FIELDS, EARNING_TERMS, type EarningTerms } from "../../developers/index.ts"
import type { Form } from "../../http/index.ts"
import type { AnySetting } from "../../part/index.ts"
import type { Visit } from "../console/index.ts"
import { changesOf } from "./setting-changes.ts"
import { type AdminDeps, asAdmin } from "./site.ts"

export function adminEarningsRoutes(deps: AdminDeps) {
  return new Elysia()
    .get(
      "/admin/earnings",
      asAdmin(deps, (visit) => page(deps, visit)),
    )
    .post(
      "/admin/earnings",
      asAdmin(deps, (visit) => save(deps, visit)),
      { parse: "none" },
    )
}

async function save(deps: AdminDeps, visit: Visit): Promise<Response> {
  const form = await deps.web.form(visit.request)
  const { changes, errors } = changesFrom(form)
  const reason = form.get("reason")
  if (!reason) errors.reason = "Give a reason, in a few words."
  const again = () => page(deps, visit, { values: typed(form), errors })
  if (Object.keys(errors).length > 0) return again()
  try {
    await deps.developers.setEarningTerms(visit.ctx(reason), changes)
    return deps.web.back("/admin/earnings", { kind: "ok", text: "The terms are saved." })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "validation_failed") throw error
    for (const [name, text] of Object.entries(error.extra.formErrors ?? { form: error.message }))
      errors[FIELDS[name as keyof EarningTerms] ?? name] = text
    return again()
  }
}

const FIELDS: Readonly<Record<keyof EarningTerms, keyof EarningValues>> = {
  paidDays: "paid_days",
  promoDays: "promo_days",
  promoCapBp: "promo_cap",
  payoutMinNano: "payout_min",
}

const valuesOf = (terms: EarningTerms): EarningValues => ({
  paid_days: String(terms.paidDays),
  promo_days: String(terms.promoDays),
  promo_cap: String(terms.promoCapBp / 100),
  payout_min: group(usdDecimal(terms.payoutMinNano)),
  reason: "",
})

const typed = (form: Form): EarningValues => ({
  paid_days: form.get("paid_days"),
  promo_days: form.get("promo_days"),
  promo_cap: form.get("promo_cap"),
  payout_min: form.get("payout_min"),
  reason: form.get("reason"),
})

/** What reads as a number goes to the domain, which knows the bounds. */
function changesFrom(form: Form): { changes: EarningTerms; errors: Record<string, string> } {
  const errors: Record<string, string> = {}
  const read = <T>(name: keyof EarningValues, value: T | null, words: string): T => {
    if (value === null) errors[name] = words
    return value as T
  }
  const days = (name: "paid_days" | "promo_days"): number => {
    const text = form.get(name)
    return read(name, /^\d{1,6}$/.test(text) ? Number(text) : null, "Give whole days, such as 7.")
  }
  const share = /^(\d{1,3})(?:\.(\d{1,2}))?\s*%?$/.exec(form.get("promo_cap"))
  const shareBp = share && Number(share[1]) * 100 + Number((share[2] ?? "").padEnd(2, "0"))
  return {
    changes: {
      paidDays: days("paid_days"),
      promoDays: days("promo_days"),
      promoCapBp: read("promo_cap", shareBp, "Give a percentage, such as 10 or 2.5."),
      payoutMinNano: read("payout_min", parseUsd(form.get("payout_min")), "Give an amount in dollars, such as 10."),
    },
    errors,
  }
}

function page(
  deps: AdminDeps,
  visit: Visit,
  failed?: { values: EarningValues; errors: Record<string, string> },
): Response {
  const terms = deps.developers.earningTerms()
  const changes = changesOf(deps, Object.values(EARNING_TERMS), wordOf)
  const props = { now: deps.clock.now(), changes, values: failed?.values ?? valuesOf(terms), errors: failed?.errors }
  return visit.page((frame) => AdminEarningsPage({ frame, ...props }), { status: failed ? 422 : 200 })
}

const WORDS: Readonly<Record<keyof EarningTerms, string>> = {
  paidDays: "bought credits",
  promoDays: "free credits",
  promoCapBp: "daily limit",
  payoutMinNano: "smallest payout",
}
/** "Free credits: 30 days → 14 days, smallest payout: $10 → $25". */
const wordOf = (setting: AnySetting): string =>
  WORDS[EARNING_FIELDS.find((field) => EARNING_TERMS[field] === setting) ?? "paidDays"]
