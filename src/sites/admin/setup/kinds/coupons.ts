// Coupons, by their code. What a coupon gives stays as it was made, so a file changes its terms alone.
import { AppError, nano } from "../../../../app/index.ts"
import type { Coupon, CouponKind } from "../../../../billing/index.ts"
import { codeText } from "../../../../billing/index.ts"
import { field, form } from "../../../../http/index.ts"
import type { Place } from "../../../../store/index.ts"
import { expiresOf, isKind, lastDayOf, NEW_COUPON_FORM, named, newCouponOf, shownFor } from "../../coupon-form.ts"
import type { Kind, SetupDeps, Values } from "../types.ts"

const ROWS = 500
/** What is sold the domain says, with what the same file puts on sale. */
const FORM = form(
  { ...NEW_COUPON_FORM.fields, onlyFor: field.lines({ label: "Only for", optional: true }) },
  NEW_COUPON_FORM.options,
)
const GIFT = ["kind", "creditsNano", "creditDays", "planCode", "percent", "offNano"] as const

type Deps = Pick<SetupDeps, "billing">

export function couponsKind(deps: Deps): Kind {
  const { coupons } = deps.billing
  return {
    name: "coupons",
    shape: "fields",
    present: () => new Map(living(deps).map((one) => [one.code, presentOf(one)])),
    idOf: codeText,
    formOf(code, given) {
      const known = coupons.byCode(code)
      const kind = known?.kind ?? (typeof given.kind === "string" && isKind(given.kind) ? given.kind : "credits")
      return FORM.with({ ...shownFor(kind), code: null, reason: null })
    },
    fresh: {
      creditDays: null,
      maxUses: null,
      perPerson: null,
      lastDay: null,
      minimumNano: nano(0),
      onlyFor: [],
      note: "",
    },
    saveIn(tx, code, values, before) {
      try {
        if (!before) return void coupons.createIn(tx, newCouponOf({ ...values, code }))
        const changed = GIFT.find((key) => before[key] !== values[key])
        if (changed) throw new AppError("conflict", "What a coupon gives stays as it was made. Make another code.")
        const { note, maxUses, perPerson, minimumNano, onlyFor, lastDay } = values
        const expiresMs = expiresOf(lastDay, before.coupon)
        coupons.editIn(tx, { code, note, maxUses, perPerson, minimumNano, onlyFor, expiresMs })
      } catch (error) {
        if (!(error instanceof AppError) || !error.extra.formErrors) throw error
        throw new AppError(error.code, error.message, {
          formErrors: named(error.extra.formErrors, values.kind as CouponKind) as Record<string, string>,
        })
      }
    },
  }
}

function living({ billing }: Deps): Coupon[] {
  const all: Coupon[] = []
  let place: Place | null = null
  do {
    const page = billing.coupons.page(place, ROWS)
    all.push(...page.rows.filter(({ endedMs }) => endedMs === null))
    place = page.next
  } while (place !== null)
  // As they were made: applied elsewhere they come in the same order.
  return all.toReversed()
}

const presentOf = (coupon: Coupon): Values => ({
  ...coupon,
  coupon,
  creditsNano: coupon.kind === "credits" ? coupon.amountNano : undefined,
  offNano: coupon.kind === "amount" ? coupon.amountNano : undefined,
  lastDay: lastDayOf(coupon),
})
