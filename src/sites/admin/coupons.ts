// /admin/coupons: codes, what each gives, who used it and what that cost; add one, change its terms, end it.
import { AdminCouponEndPage, AdminCouponNewPage, AdminCouponPage } from "../../../views/admin/coupon.tsx"
import { AdminCouponsPage, type CouponRow } from "../../../views/admin/coupons.tsx"
import { AppError, ensure, nano } from "../../app/index.ts"
import {
  COUPON_LIMITS,
  type Coupon,
  type CouponKind,
  type CouponUse,
  couponErrors,
  isDiscount,
} from "../../billing/index.ts"
import { placeText, readPlace } from "../../store/index.ts"
import { newValues, type PageRequest, undoing, undoTo } from "../base/index.ts"
import { givesWords, soldName } from "../console/index.ts"
import {
  COUPON_FORM,
  END_FORM,
  expiresOf,
  isKind,
  KIND_TABS,
  KINDS,
  lastDayOf,
  NEW_COUPON_FORM,
  named,
  newCouponOf,
  shownFor,
} from "./coupon-form.ts"
import { referralRoutes } from "./referrals.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "referrals" | "billing" | "plans" | "store" | "identity" | "clock" | "web">

const LIST = "/admin/coupons"
const ROWS = 50
const pathOf = ({ code }: Pick<Coupon, "code">): string => `${LIST}/${encodeURIComponent(code)}`
const href = (path: string, place: Parameters<typeof placeText>[0] | null): string | undefined =>
  place === null ? undefined : `${path}?at=${placeText(place)}`
const placeOf = (page: PageRequest) => readPlace(new URL(page.request.url).searchParams.get("at"))

export function couponRoutes(site: AdminSite, deps: Deps): void {
  const { coupons } = deps.billing
  // Gifts of the house, as these are.
  referralRoutes(site, deps)
  site.get(LIST, (page) => {
    const { rows, previous, next } = coupons.page(placeOf(page), ROWS)
    const props = { now: deps.clock.now(), coupons: rows.map((one) => rowOf(deps, one)) }
    const pager = { previousHref: href(LIST, previous), nextHref: href(LIST, next) }
    return page.render((frame) => AdminCouponsPage({ frame, ...props, pager }))
  })
  newRoute(site, deps)
  editRoute(site, deps)
  endRoute(site, deps)
}

const rowOf = (deps: Deps, coupon: Coupon): CouponRow => ({
  code: coupon.code,
  note: coupon.note,
  gives: givesWords(deps, coupon),
  onlyFor: coupon.onlyFor.map((one) => soldName(deps, one)),
  state: deps.billing.coupons.stateOf(coupon),
  reserved: coupon.taken - coupon.redeemed,
  redeemed: coupon.redeemed,
  maxUses: coupon.maxUses,
  perPerson: coupon.perPerson,
  minimum: coupon.minimumNano > 0 ? coupon.minimumNano : null,
  cost: coupon.costNano,
  expiresMs: coupon.expiresMs,
  endedMs: coupon.endedMs,
})

/** What a coupon can be bound to. */
const soldOptions = ({ billing, plans }: Deps) => [
  ...billing.packages().map(({ slug, name }) => ({ value: `package:${slug}`, label: `${name} (package)` })),
  ...plans
    .list()
    .filter(({ kind }) => kind !== "free")
    .map(({ code, name }) => ({ value: `plan:${code}`, label: `${name} (plan)` })),
]

const planOptions = ({ plans }: Deps) =>
  plans
    .list()
    .filter(({ kind, active }) => kind !== "free" && active)
    .map(({ code, name }) => ({ value: code, label: name }))

/** Of purchases alone. */
const bound = (deps: Deps, kind: CouponKind) => ({
  minimumNano: isDiscount({ kind }) ? {} : null,
  onlyFor: isDiscount({ kind }) ? { options: soldOptions(deps) } : null,
})

function newRoute(site: AdminSite, deps: Deps): void {
  const { billing, store } = deps
  site.form(
    `${LIST}/new`,
    {
      summary: "Add a coupon",
      form: NEW_COUPON_FORM,
      load: (_page, _params, sent) => ({ kind: isKind(sent("kind")) ? (sent("kind") as CouponKind) : "credits" }),
      adapt: (form, { kind }) =>
        form.with({
          ...shownFor(kind),
          ...(kind === "plan" ? { planCode: { options: planOptions(deps) } } : {}),
          ...bound(deps, kind),
        }),
      present: ({ kind }) => ({
        kind,
        code: "",
        creditDays: COUPON_LIMITS.creditDays,
        maxUses: null,
        perPerson: 1,
        lastDay: null,
        minimumNano: nano(0),
        onlyFor: [],
        note: "",
      }),
      check: ({ readable, unread }, { kind }) => {
        const blank = { code: "", maxUses: null, perPerson: null, lastDay: null, note: "" }
        const amount = kind === "amount" ? "offNano" : "creditsNano"
        const wrong = unread.map((one) => (one === amount ? "amountNano" : one))
        return named(couponErrors(newCouponOf({ ...blank, ...readable, kind }), wrong), kind)
      },
      async act(page, { reason, ...typed }, { kind }) {
        const input = newCouponOf({ ...typed, kind })
        const made = await store
          .write(page.ctx(reason), (tx) => billing.coupons.createIn(tx, input))
          .catch((error: unknown) => {
            throw renamed(error, kind)
          })
        return { to: pathOf(made), say: `${made.code} works from now on.`, result: { coupon: made.code } }
      },
      show(page, form, { kind }, status) {
        const kinds = KINDS.map((one) => ({
          label: KIND_TABS[one],
          href: `${LIST}/new?kind=${one}`,
          current: one === kind,
        }))
        return page.render((frame) => AdminCouponNewPage({ frame, form, kinds }), status)
      },
    },
    LIST,
  )
}

function renamed(error: unknown, kind: CouponKind): unknown {
  if (!(error instanceof AppError) || !error.extra.formErrors) return error
  return new AppError(error.code, error.message, {
    ...error.extra,
    formErrors: named(error.extra.formErrors, kind) as Record<string, string>,
  })
}

function editRoute(site: AdminSite, deps: Deps): void {
  const { billing, store } = deps
  site.form(`${LIST}/:coupon`, {
    summary: "Change the terms of a coupon",
    load: loader(deps),
    form: COUPON_FORM,
    adapt: (form, { kind }) => form.with(bound(deps, kind)),
    present: termsOf,
    async act(page, { reason, lastDay, ...terms }, before) {
      const change = { ...terms, expiresMs: expiresOf(lastDay, before), code: before.code }
      const saved = await store.write(page.ctx(reason), (tx) => billing.coupons.editIn(tx, change))
      const changed = newValues(COUPON_FORM, termsOf(before), termsOf(saved))
      if (!changed) return { to: pathOf(saved), say: `${saved.code} is as it was.` }
      const was = { ...termsOf(before), seenMs: saved.updatedMs }
      const undo = undoTo(pathOf(saved), COUPON_FORM, was, { reason: undoing(reason) })
      return { to: pathOf(saved), say: `${saved.code} now: ${changed}.`, undo }
    },
    show(page, form, coupon, status) {
      const { rows, previous, next } = billing.coupons.usesOf(coupon, placeOf(page), ROWS)
      const path = pathOf(coupon)
      const props = {
        now: deps.clock.now(),
        one: rowOf(deps, coupon),
        link: `${deps.web.origins.hosts.console}/redeem?code=${encodeURIComponent(coupon.code)}`,
        uses: rows.map((use) => useOf(deps, use)),
        pager: { previousHref: href(path, previous), nextHref: href(path, next) },
      }
      return page.render((frame) => AdminCouponPage({ frame, form, ...props }), status)
    },
  })
}

const termsOf = (coupon: Coupon) => ({
  maxUses: coupon.maxUses,
  perPerson: coupon.perPerson,
  lastDay: lastDayOf(coupon),
  minimumNano: coupon.minimumNano,
  onlyFor: [...coupon.onlyFor],
  note: coupon.note,
  seenMs: coupon.updatedMs,
})

function useOf(deps: Deps, use: CouponUse) {
  const who = deps.identity.userById(use.userId)
  const user = who?.publicId ?? ""
  return {
    id: use.publicId,
    who: who?.name ?? who?.email ?? "Somebody who is gone",
    userHref: who ? `/admin/users/${user}` : null,
    state: use.state,
    for: use.subject === null ? "" : soldName(deps, use.subject),
    cost: use.costNano,
    atMs: use.decidedMs ?? use.createdMs,
    transaction:
      use.transactionId === null || !who
        ? null
        : { id: use.transactionId, href: `/admin/users/${user}/wallet/transactions/${use.transactionId}` },
  }
}

function endRoute(site: AdminSite, deps: Deps): void {
  const { billing, store } = deps
  site.form(`${LIST}/:coupon/ending`, {
    summary: "End a coupon, for good",
    load: loader(deps),
    form: END_FORM,
    async act(page, { reason }, { code }) {
      const ended = await store.write(page.ctx(reason), (tx) => billing.coupons.endIn(tx, code))
      return { to: LIST, say: `${ended.code} is over.` }
    },
    show: (page, form, coupon, status) =>
      page.render((frame) => AdminCouponEndPage({ frame, form, one: rowOf(deps, coupon) }), status),
  })
}

const loader =
  ({ billing }: Deps) =>
  (_: unknown, params: { coupon: string }): Coupon => {
    const one = billing.coupons.byCode(params.coupon)
    ensure(one, "not_found", "There is no such coupon. They are listed under Coupons.")
    return one
  }
