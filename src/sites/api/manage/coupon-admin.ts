// Coupons by API, an admin's side (seed 001): make, list, end.
import { Type as t } from "@sinclair/typebox"
import { AppError, nano, parseUsd } from "../../../app/index.ts"
import { type Billing, COUPON_LIMITS, type Coupon } from "../../../billing/index.ts"
import { placeText, readPlace, type Store } from "../../../store/index.ts"
import { CODE, CouponKindSent, GIFT, giftOf } from "./coupon-gift.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, AmountIn, At, amount, amountIn, atOf, maybe, Reason } from "./schemas.ts"

export interface CouponAdminDeps {
  billing: Pick<Billing, "coupons">
  store: Pick<Store, "write">
}
type Deps = CouponAdminDeps

const ROWS_MAX = 100
const ROWS_DEFAULT = 20

const CouponSaid = t.Object(
  {
    object: t.Literal("coupon"),
    ...GIFT,
    note: t.String({ description: "For admins: what it is for", examples: ["Spring fair"] }),
    state: t.Union([t.Literal("active"), t.Literal("used_up"), t.Literal("expired"), t.Literal("ended")], {
      description: "Only an active one can be used",
    }),
    max_uses: maybe(t.Integer({ description: "How often it may be used in all; null: any number of times" })),
    per_person: maybe(t.Integer({ description: "How often one person may use it" })),
    minimum: maybe({ ...Amount, description: "What a purchase has to cost at least" } as typeof Amount),
    only_for: t.Array(t.String({ examples: ["package:plus"] }), {
      description: "What it is for; none: all that is sold",
    }),
    expires_at: maybe({ ...At, description: "It works before this moment" } as typeof At),
    ended_at: maybe({ ...At, description: "When an admin ended it" } as typeof At),
    reserved: t.Integer({ description: "Uses of orders that are not paid yet", examples: [1] }),
    redeemed: t.Integer({ description: "Uses that are done", examples: [7] }),
    cost: { ...Amount, description: "What those uses gave, together" } as typeof Amount,
    created_at: At,
  },
  { description: "A coupon" },
)

const couponOf = ({ billing }: Deps, coupon: Coupon) => ({
  object: "coupon",
  ...giftOf(coupon),
  note: coupon.note,
  state: billing.coupons.stateOf(coupon),
  max_uses: coupon.maxUses,
  per_person: coupon.perPerson,
  minimum: coupon.minimumNano > 0 ? amount(coupon.minimumNano) : null,
  only_for: coupon.onlyFor,
  expires_at: coupon.expiresMs === null ? null : atOf(coupon.expiresMs),
  ended_at: coupon.endedMs === null ? null : atOf(coupon.endedMs),
  reserved: coupon.taken - coupon.redeemed,
  redeemed: coupon.redeemed,
  cost: amount(coupon.costNano),
  created_at: atOf(coupon.createdMs),
})

export const couponAdminRoutes = (deps: Deps): ManageRoute[] => [listRoute(deps), createRoute(deps), endRoute(deps)]

const ADMIN = { tag: "Coupons", admin: "admin:credits" } as const

function listRoute(deps: Deps): ManageRoute {
  return route({
    ...ADMIN,
    method: "get",
    paths: ["/api/v1/coupons/list"],
    operationId: "listCoupons",
    summary: "List coupons, newest first",
    query: t.Object(
      {
        after: t.Optional(t.String({ maxLength: 200, description: "`next` of the page before" })),
        limit: t.Optional(t.Integer({ minimum: 1, maximum: ROWS_MAX, description: `A number from 1 to ${ROWS_MAX}` })),
      },
      { additionalProperties: false },
    ),
    answer: t.Object({
      object: t.Literal("list"),
      data: t.Array(CouponSaid),
      next: maybe(t.String({ description: "Give it as `after` for older ones; null at the end" })),
    }),
    act({ query }) {
      const place = readPlace(query.after ?? null)
      const { rows, next } = deps.billing.coupons.page(place, query.limit ?? ROWS_DEFAULT)
      return { object: "list", data: rows.map((one) => couponOf(deps, one)), next: next && placeText(next) }
    },
  })
}

const USD = t.String({ pattern: "^\\d{1,9}(\\.\\d{1,2})?$" })

const NewCouponSent = t.Object(
  {
    code: t.Optional({ ...CODE, description: "4 to 32 letters and digits; left out, one is made that nobody guesses" }),
    kind: CouponKindSent,
    credits: t.Optional({ ...AmountIn, description: "Of kind credits: how many. Above 0, as text" } as typeof AmountIn),
    days: t.Optional(
      maybe(
        t.Integer({
          minimum: 1,
          maximum: 3_650,
          description: "Of kind credits: days they live, 90 if left out; null: for ever",
        }),
      ),
    ),
    percent: t.Optional(t.Integer({ minimum: 1, maximum: 100, description: "Of kind percent" })),
    usd: t.Optional({ ...USD, description: "Of kind amount: dollars off a price, as text", examples: ["5"] }),
    plan: t.Optional(t.String({ maxLength: 64, description: "Of kind plan: its code" })),
    note: t.Optional(t.String({ maxLength: 200, description: "For admins: what it is for" })),
    max_uses: t.Optional(maybe(t.Integer({ minimum: 1, description: "In all; left out: any number of times" }))),
    per_person: t.Optional(
      maybe(t.Integer({ minimum: 1, description: "By one person, 1 if left out; null: any number" })),
    ),
    minimum_usd: t.Optional({
      ...USD,
      description: "Dollars that a purchase has to cost at least, as text",
      examples: ["20"],
    }),
    only_for: t.Optional(
      t.Array(t.String({ maxLength: 80, examples: ["package:plus"] }), {
        description: "What it is for: `package:…`, `plan:…`; left out: all that is sold",
      }),
    ),
    expires_at: t.Optional(maybe({ ...At, description: "It works before this moment" } as typeof At)),
    reason: Reason,
  },
  { additionalProperties: false },
)

/** Names of the domain's fields in a body. */
const NAMES: Readonly<Record<string, string>> = {
  creditDays: "days",
  planCode: "plan",
  maxUses: "max_uses",
  perPerson: "per_person",
  minimumNano: "minimum_usd",
  onlyFor: "only_for",
}

function createRoute(deps: Deps): ManageRoute {
  const { billing, store } = deps
  return route({
    ...ADMIN,
    method: "post",
    paths: ["/api/v1/coupons/create"],
    operationId: "createCoupon",
    summary: "Make a coupon",
    body: NewCouponSent,
    example: { code: "WELCOME10", kind: "credits", credits: "10000", max_uses: 100, reason: "Spring fair" },
    answer: CouponSaid,
    errors: ["conflict"],
    async act({ manager, body }) {
      const { kind, reason } = body
      const credits = body.credits === undefined ? null : amountIn(body.credits)
      const given = kind === "credits" ? credits : kind === "amount" ? parseUsd(body.usd ?? "") : null
      const input = {
        code: body.code ?? "",
        kind,
        amountNano: given ?? nano(0),
        creditDays: body.days === undefined ? COUPON_LIMITS.creditDays : body.days,
        percent: body.percent ?? null,
        planCode: body.plan ?? null,
        note: body.note ?? "",
        maxUses: body.max_uses ?? null,
        perPerson: body.per_person === undefined ? 1 : body.per_person,
        minimumNano: parseUsd(body.minimum_usd ?? "0") ?? nano(0),
        onlyFor: body.only_for ?? [],
        expiresMs: typeof body.expires_at === "string" ? Date.parse(body.expires_at) : null,
      }
      try {
        return couponOf(deps, await store.write(manager.page.ctx(reason), (tx) => billing.coupons.createIn(tx, input)))
      } catch (error) {
        throw named(error, kind === "amount" ? "usd" : "credits")
      }
    },
  })
}

/** What is wrong, by the names of the body. */
function named(error: unknown, amountName: string): unknown {
  if (!(error instanceof AppError) || !error.extra.formErrors) return error
  const names = { ...NAMES, amountNano: amountName }
  const errors = Object.fromEntries(
    Object.entries(error.extra.formErrors).map(([field, words]) => [names[field as never] ?? field, words]),
  )
  return new AppError(error.code, error.message, { param: Object.keys(errors)[0]!, fields: { errors } })
}

function endRoute(deps: Deps): ManageRoute {
  const { billing, store } = deps
  return route({
    ...ADMIN,
    method: "delete",
    paths: ["/api/v1/coupons/:code"],
    operationId: "endCoupon",
    summary: "End a coupon, for good",
    description: "Nobody can use it any more, and its code stays taken. Whoever is paying with it right now still may.",
    answer: CouponSaid,
    errors: ["not_found"],
    async act({ manager, params }) {
      const ctx = manager.page.ctx("ended by API")
      return couponOf(deps, await store.write(ctx, (tx) => billing.coupons.endIn(tx, params.code ?? "")))
    },
  })
}
