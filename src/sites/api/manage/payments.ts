// Buying by API (seed 004): an order and the page to pay on.
import { Type as t } from "@sinclair/typebox"
import { randomSecret, sha256Hex } from "../../../app/index.ts"
import { type Billing, codeKey, type Order } from "../../../billing/index.ts"
import { redeemerOf } from "./coupons.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, amount, maybe, mismatch } from "./schemas.ts"

export interface PaymentRoutesDeps {
  billing: Pick<Billing, "buy" | "coupons">
}

const Checkout = t.Object(
  {
    object: t.Literal("checkout"),
    order: t.String({ description: "The order", examples: ["ord_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    package: t.String({ description: "What is bought", examples: ["plus"] }),
    state: t.Union(
      [t.Literal("open"), t.Literal("pending"), t.Literal("paid"), t.Literal("failed"), t.Literal("expired")],
      { description: "What became of it; open: it is to be paid on the page" },
    ),
    price: { ...Amount, description: "What the credits are worth" } as typeof Amount,
    discount: { ...Amount, description: "What a coupon takes off" } as typeof Amount,
    url: maybe(
      t.String({
        description: "Where it is paid: send the person there. Null once it is over",
        examples: ["https://checkout.stripe.com/c/pay/cs_live_…"],
      }),
    ),
  },
  { description: "An order, and where it is paid" },
)

const checkoutOf = (order: Order) => ({
  object: "checkout",
  order: order.publicId,
  package: order.packageSlug,
  state: order.state,
  price: amount(order.priceNano),
  discount: amount(order.discountNano),
  url: order.payUrl,
})

export function paymentRoutes({ billing }: PaymentRoutesDeps): ManageRoute[] {
  return [
    route({
      method: "post",
      paths: ["/api/v1/stripe/checkout", "/api/ai-api/stripe/checkout"],
      operationId: "createCheckout",
      summary: "Buy credits",
      description:
        "Makes an order and a page to pay on; the credits come when it is paid, whether or not the person comes back. With an `Idempotency-Key` a repeat is the same order.",
      tag: "Payments",
      once: "optional",
      body: t.Object(
        {
          package: t.String({ minLength: 1, maxLength: 64, description: "A package of credits that is on sale" }),
          coupon: t.Optional(t.String({ minLength: 1, maxLength: 64, description: "A code that takes something off" })),
        },
        { additionalProperties: false },
      ),
      example: { package: "plus" },
      answer: Checkout,
      errors: ["not_found", "conflict", "unavailable"],
      async act({ manager, body, once, request }) {
        const { page } = manager
        const { ip, ...who } = redeemerOf(manager, request)
        const key = once ? sha256Hex(`${who.publicId} ${once.key}`).slice(0, 48) : randomSecret(18)
        const coupon = body.coupon === undefined ? undefined : { code: body.coupon, ip }
        const buyer = { ...who, email: page.user.email }
        const order = await billing.buy(page.ctx("bought credits by API"), { buyer, slug: body.package, key, coupon })
        const used = billing.coupons.useOf(`order:${order.publicId}`)
        const isSame = order.packageSlug === body.package && codeKey(used?.code ?? "") === codeKey(body.coupon ?? "")
        if (once && !isSame) throw mismatch()
        return checkoutOf(order)
      },
    }),
  ]
}
