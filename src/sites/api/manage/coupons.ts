// Coupons by API (seed 001): a person redeems and asks what a code is; an admin makes, lists and ends them.
import { Type as t } from "@sinclair/typebox"
import { AppError, ensure, nano, parseUsd, randomSecret, sha256Hex } from "../../../app/index.ts"
import { type Billing, COUPON_LIMITS, type Coupon, codeKey, type Redeemer } from "../../../billing/index.ts"
import { contextOf } from "../../../http/index.ts"
import type { Plans } from "../../../plans/index.ts"
import { placeText, readPlace, type Store } from "../../../store/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, AmountIn, At, amount, amountIn, atOf, maybe, mismatch, Reason } from "./schemas.ts"
import type { Manager } from "./who.ts"

export interface CouponRoutesDeps {
  billing: Pick<Billing, "coupons" | "packageBySlug">
  plans: Pick<Plans, "planByCode">
  store: Pick<Store, "write">
}

const ROWS_MAX = 100
const ROWS_DEFAULT = 20
const CODE = t.String({ minLength: 1, maxLength: 64, description: "A code, in any case", examples: ["WELCOME10"] })
const Kind = t.Union([t.Literal("credits"), t.Literal("plan"), t.Literal("percent"), t.Literal("amount")], {
  description:
    "Credits, or one period of a plan, at once; a share of a price, or an amount off it, at the next checkout",
})

/** What a code gives, for whoever holds it. */
const GIFT = {
  code: CODE,
  kind: Kind,
  amount: maybe({ ...Amount, description: "Credits that it gives, or what it takes off a price" } as typeof Amount),
  days: maybe(
    t.Integer({ description: "Days until its credits expire; null: never, or it gives none", examples: [90] }),
  ),
  percent: maybe(t.Integer({ description: "Percent off a price", examples: [15] })),
  plan: maybe(t.String({ description: "The plan it starts, by its code" })),
}

const giftOf = (coupon: Coupon) => ({
  code: coupon.code,
  kind: coupon.kind,
  amount: coupon.amountNano > 0 ? amount(coupon.amountNano) : null,
  days: coupon.creditDays,
  percent: coupon.percent,
  plan: coupon.planCode,
})

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

type Deps = CouponRoutesDeps

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

export const couponRoutes = (deps: Deps): ManageRoute[] => [
  redeemRoute(deps),
  validateRoute(deps),
  listRoute(deps),
  createRoute(deps),
  endRoute(deps),
]

/** @throws AppError conflict for a key of test mode: what codes give is real */
export function redeemerOf({ page, mode }: Manager, request: Request): Redeemer {
  ensure(mode === "live", "conflict", "A key of test mode buys and redeems nothing. Use one of live mode.")
  const { userId, publicId } = page.session
  return { id: userId, publicId, ip: contextOf(request).ip }
}

function redeemRoute({ billing }: Deps): ManageRoute {
  return route({
    method: "post",
    paths: ["/api/v1/coupons/redeem"],
    operationId: "redeemCoupon",
    summary: "Redeem a coupon",
    description:
      "For what it gives at once: credits, or a period of a plan. What takes something off a price is given to `stripe/checkout`. Codes that do not work are counted, and after ten of them in a row none is looked at for a while.",
    tag: "Coupons",
    once: "optional",
    body: t.Object({ code: CODE }, { additionalProperties: false }),
    example: { code: "WELCOME10" },
    answer: t.Object(
      {
        object: t.Literal("redemption"),
        id: t.String({ description: "The use", examples: ["red_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
        ...GIFT,
        already: t.Boolean({ description: "It had been done before under the same `Idempotency-Key`" }),
        transaction_id: maybe(t.String({ description: "The credits in the books; null for a plan" })),
      },
      { description: "What was redeemed" },
    ),
    errors: ["conflict"],
    async act({ manager, body, once, request }) {
      const by = redeemerOf(manager, request)
      const key = once ? sha256Hex(`${by.publicId} ${once.key}`).slice(0, 48) : randomSecret(18)
      const done = await billing.coupons.redeem(manager.page.ctx("redeemed a coupon"), by, { code: body.code, key })
      if (done.already && codeKey(done.coupon.code) !== codeKey(body.code)) throw mismatch()
      const { use, coupon, already } = done
      const told = { object: "redemption", id: use.publicId, ...giftOf(coupon), already }
      return { ...told, transaction_id: use.transactionId }
    },
  })
}

function validateRoute({ billing, plans }: Deps): ManageRoute {
  const { coupons } = billing
  const sold = ({ package: slug, plan: code }: { package?: string; plan?: string }) => {
    if (slug !== undefined) {
      const found = billing.packageBySlug(slug)
      ensure(found?.active, "not_found", "There is no such package.", { param: "package" })
      return { subject: `package:${slug}`, priceNano: found.priceNano }
    }
    const found = code === undefined ? null : plans.planByCode(code)
    ensure(code === undefined || found?.active, "not_found", "There is no such plan.", { param: "plan" })
    return found && { subject: `plan:${found.code}`, priceNano: found.priceNano }
  }
  return route({
    method: "get",
    paths: ["/api/v1/coupons/validate"],
    operationId: "validateCoupon",
    summary: "Say whether a coupon works",
    description:
      "And what it gives; with a package or a plan, what it takes off. Nothing is reserved. One answer for codes that were never there, that are over and that are used up; they are counted as when they are redeemed.",
    tag: "Coupons",
    query: t.Object(
      {
        code: CODE,
        package: t.Optional(t.String({ maxLength: 64, description: "A package of credits", examples: ["plus"] })),
        plan: t.Optional(t.String({ maxLength: 64, description: "A plan, by its code", examples: ["pro"] })),
      },
      { additionalProperties: false },
    ),
    answer: t.Object(
      {
        object: t.Literal("coupon_check"),
        valid: t.Boolean({ description: "Whether this person may use it now, for that" }),
        reason: maybe(t.String({ description: "Why not, in words", examples: ["You have used this code already."] })),
        gives: maybe(t.Object(GIFT, { description: "What it gives; null for a code that does not work" })),
        discount: maybe({ ...Amount, description: "What it takes off that price; null without one" } as typeof Amount),
      },
      { description: "What a code is" },
    ),
    errors: ["not_found"],
    async act({ manager, query, request }) {
      const wanted = sold(query)
      const by = redeemerOf(manager, request)
      const said = { object: "coupon_check", valid: false, reason: null, gives: null, discount: null }
      let coupon: Coupon
      try {
        coupon = await coupons.look(manager.page.ctx("asked about a coupon"), by, query.code)
      } catch (error) {
        if (error instanceof AppError && error.extra.param === "code") return { ...said, reason: error.message }
        throw error
      }
      const offer = wanted === null ? null : coupons.offer(coupon, wanted)
      if (offer && "objection" in offer) return { ...said, reason: offer.objection, gives: giftOf(coupon) }
      return { ...said, valid: true, gives: giftOf(coupon), discount: offer && amount(offer.discountNano) }
    },
  })
}

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
    kind: Kind,
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
