// The forms of a coupon: what it gives, and on which terms. What is allowed, `billing` says.
import { DAY_MS, type Nano, nano } from "../../app/index.ts"
import { COUPON_LIMITS, type Coupon, type CouponKind, type NewCoupon } from "../../billing/index.ts"
import { field, form } from "../../http/index.ts"

export const KIND_WORDS: Readonly<Record<CouponKind, string>> = {
  credits: "Credits",
  plan: "Plan",
  percent: "Percent",
  amount: "Amount",
}
/** Short: they stand side by side on a phone. */
export const KIND_TABS: Readonly<Record<CouponKind, string>> = {
  credits: "Credits",
  plan: "Plan",
  percent: "Percent",
  amount: "Amount",
}
export const KINDS = Object.keys(KIND_WORDS) as CouponKind[]
export const isKind = (text: string): text is CouponKind => (KINDS as string[]).includes(text)

const GIVES = "What it gives"
const TERMS = "On which terms"

const terms = {
  maxUses: field.count({ label: "Uses in all", help: "Leave it empty for any number.", optional: true, group: TERMS }),
  perPerson: field.count({
    label: "Uses by one person",
    help: "Leave it empty for any number.",
    optional: true,
    group: TERMS,
  }),
  lastDay: field.date({
    label: "Last day",
    help: "It works until this day ends (UTC). Leave it empty for no end.",
    optional: true,
    group: TERMS,
  }),
  minimumNano: field.dollars({
    name: "minimum",
    label: "For purchases from",
    help: "0 for any.",
    group: TERMS,
  }),
  onlyFor: field.choices({
    label: "Only for",
    help: "With nothing ticked it is for all that is sold.",
    options: [],
    group: TERMS,
  }),
  note: field.text({ label: "Note", help: "Only admins see it.", max: COUPON_LIMITS.noteCharsMax, optional: true }),
}

export const NEW_COUPON_FORM = form(
  {
    kind: field.choice({
      label: "Kind",
      control: "hidden",
      options: KINDS.map((value) => ({ value, label: KIND_WORDS[value] })),
    }),
    code: field.text({
      label: "Code",
      mono: true,
      autocomplete: "off",
      optional: true,
      max: 64,
      long: "Use at most 32 letters and digits.",
      help: "Such as WELCOME10. Case, dashes and letters that look alike make no difference. Leave it empty for one that nobody can guess.",
      group: GIVES,
    }),
    creditsNano: field.credits({ name: "credits", label: "Credits", group: GIVES }),
    creditDays: field.days({
      name: "days",
      label: "They live for",
      help: "Leave it empty for no end.",
      optional: true,
      group: GIVES,
    }),
    planCode: field.choice({
      name: "plan",
      label: "Plan",
      help: "One period of it, for people who are on Free.",
      options: [],
      byDomain: true,
      group: GIVES,
    }),
    percent: field.count({ label: "Off the price", suffix: "%", group: GIVES }),
    offNano: field.dollars({ name: "usd", label: "Off the price", group: GIVES }),
    ...terms,
    reason: field.reason(),
  },
  { submit: "Add coupon" },
)

export const COUPON_FORM = form({ ...terms, seenMs: field.version(), reason: field.reason() }, { submit: "Save terms" })
export const END_FORM = form({ reason: field.reason() }, { submit: "End coupon", danger: true })

/** Fields that a kind has; the others are left out. */
export const shownFor = (kind: CouponKind) => ({
  creditsNano: kind === "credits" ? { required: true } : null,
  creditDays: kind === "credits" ? {} : null,
  planCode: kind === "plan" ? {} : null,
  percent: kind === "percent" ? { required: true } : null,
  offNano: kind === "amount" ? { required: true } : null,
})

/** The last day on which it works, as its beginning. */
export const lastDayOf = ({ expiresMs }: Pick<Coupon, "expiresMs">): number | null =>
  expiresMs === null ? null : Math.floor((expiresMs - 1) / DAY_MS) * DAY_MS

/** A moment that a program chose stays while its day stays. */
export function expiresOf(lastDay: number | null, before: Pick<Coupon, "expiresMs"> | null): number | null {
  if (before && lastDay === lastDayOf(before)) return before.expiresMs
  return lastDay === null ? null : lastDay + DAY_MS
}

interface Typed {
  kind: CouponKind
  code: string
  creditsNano?: Nano
  creditDays?: number | null
  planCode?: string
  percent?: number
  offNano?: Nano
  maxUses: number | null
  perPerson: number | null
  lastDay: number | null
  minimumNano?: Nano
  onlyFor?: string[]
  note: string
}

export const newCouponOf = (typed: Typed): NewCoupon => ({
  code: typed.code,
  kind: typed.kind,
  amountNano: (typed.kind === "amount" ? typed.offNano : typed.creditsNano) ?? nano(0),
  creditDays: typed.creditDays ?? null,
  percent: typed.percent ?? null,
  planCode: typed.planCode ?? null,
  note: typed.note,
  maxUses: typed.maxUses,
  perPerson: typed.perPerson,
  minimumNano: typed.minimumNano ?? nano(0),
  onlyFor: typed.onlyFor ?? [],
  expiresMs: expiresOf(typed.lastDay, null),
})

/** Errors of the domain under the fields of the form. */
export function named(errors: Readonly<Record<string, string | undefined>>, kind: CouponKind) {
  const { amountNano, ...rest } = errors
  return amountNano === undefined ? rest : { ...rest, [kind === "amount" ? "offNano" : "creditsNano"]: amountNano }
}
