// Coupons by API, everybody's side (seed 001): redeem, and ask what a code is.
import { Type as t } from "@sinclair/typebox"
import { AppError, ensure, randomSecret, sha256Hex } from "../../../app/index.ts"
import { type Billing, type Coupon, codeKey, type Redeemer } from "../../../billing/index.ts"
import { contextOf } from "../../../http/index.ts"
import type { Plans } from "../../../plans/index.ts"
import { type CouponAdminDeps, couponAdminRoutes } from "./coupon-admin.ts"
import { CODE, GIFT, giftOf } from "./coupon-gift.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, amount, maybe, mismatch } from "./schemas.ts"
import type { Manager } from "./who.ts"

export interface CouponRoutesDeps extends CouponAdminDeps {
  billing: Pick<Billing, "coupons" | "packageBySlug">
  plans: Pick<Plans, "planByCode">
}

type Deps = CouponRoutesDeps

export const couponRoutes = (deps: Deps): ManageRoute[] => [
  redeemRoute(deps),
  validateRoute(deps),
  ...couponAdminRoutes(deps),
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
