// Products, prices and coupons.
import { invalid } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { EXPAND, none, PAGED, pageOf } from "./lists.ts"
import { fields, flag, list, metadata, oneOf, orNone, text, whole } from "./shape.ts"
import type { Coupon, Price, Product } from "./types.ts"
import type { World } from "./world.ts"

const PRODUCT = { active: flag, description: orNone(text), metadata, tax_code: text, ...EXPAND }
const recurring = fields({ interval: oneOf("day", "week", "month", "year") }, { interval_count: whole })
const behavior = oneOf("exclusive", "inclusive", "unspecified")
export const PRICE_DATA = fields(
  { currency: text, unit_amount: whole },
  {
    product: text,
    product_data: fields({ name: text }, { description: text, metadata, tax_code: text }),
    recurring,
    tax_behavior: behavior,
  },
)

export const catalogRoutes = (world: World): Route[] => [
  route("POST", "/v1/products", fields({ name: text }, { ...PRODUCT, id: text }), (sent) => {
    if (sent.id && world.any(sent.id)) throw invalid("Product already exists.", "id", "resource_already_exists")
    return makeProduct(world, sent)
  }),
  route("GET", "/v1/products", fields({}, { ...PAGED, active: flag, ids: list(text) }), (sent) =>
    pageOf(
      world.all<Product>("product").filter((one) => sent.active === undefined || one.active === sent.active),
      sent,
      "/v1/products",
    ),
  ),
  route("GET", "/v1/products/:id", none, (_, { id }) => world.find<Product>("product", id!)),
  route("POST", "/v1/products/:id", fields({}, { ...PRODUCT, name: text }), (sent, { id }) => {
    const { expand: _, ...changed } = sent
    const product = Object.assign(world.find<Product>("product", id!), changed)
    world.emit("product.updated", product)
    return product
  }),
  route(
    "POST",
    "/v1/prices",
    fields(
      { currency: text, unit_amount: whole },
      {
        product: text,
        product_data: fields({ name: text }, { metadata }),
        recurring,
        tax_behavior: behavior,
        lookup_key: text,
        metadata,
        nickname: text,
        active: flag,
        ...EXPAND,
      },
    ),
    (sent) => makePrice(world, sent),
  ),
  route("GET", "/v1/prices", fields({}, { ...PAGED, active: flag, product: text, lookup_keys: list(text) }), (sent) =>
    pageOf(
      world
        .all<Price>("price")
        .filter(
          (one) =>
            (sent.active === undefined || one.active === sent.active) &&
            (!sent.product || one.product === sent.product) &&
            (!sent.lookup_keys || sent.lookup_keys.includes(one.lookup_key ?? "")),
        ),
      sent,
      "/v1/prices",
    ),
  ),
  route("GET", "/v1/prices/:id", none, (_, { id }) => world.find<Price>("price", id!)),
  route(
    "POST",
    "/v1/prices/:id",
    fields({}, { active: flag, metadata, nickname: text, lookup_key: text, ...EXPAND }),
    (sent, { id }) => {
      const { expand: _, ...changed } = sent
      const price = Object.assign(world.find<Price>("price", id!), changed)
      world.emit("price.updated", price)
      return price
    },
  ),
  ...couponRoutes(world),
]

const couponRoutes = (world: World): Route[] => [
  route(
    "POST",
    "/v1/coupons",
    fields(
      {},
      {
        id: text,
        name: text,
        percent_off: whole,
        amount_off: whole,
        currency: text,
        duration: oneOf("forever", "once", "repeating"),
        duration_in_months: whole,
        max_redemptions: whole,
        redeem_by: whole,
        metadata,
        ...EXPAND,
      },
    ),
    (sent) => {
      if ((sent.percent_off === undefined) === (sent.amount_off === undefined))
        throw invalid("You must pass either percent_off or amount_off.")
      if (sent.percent_off !== undefined && (sent.percent_off < 1 || sent.percent_off > 100))
        throw invalid("Invalid percent_off: must be greater than 0 and at most 100.", "percent_off")
      if (sent.name && sent.name.length > 40) throw invalid("Invalid string: must be at most 40 characters", "name")
      if (sent.id && world.any(sent.id)) throw invalid("Coupon already exists.", "id", "resource_already_exists")
      const coupon: Coupon = {
        id: sent.id ?? world.id("co"),
        object: "coupon",
        created: world.now(),
        livemode: false,
        percent_off: sent.percent_off ?? null,
        amount_off: sent.amount_off ?? null,
        currency: sent.currency ?? null,
        duration: sent.duration ?? "once",
        duration_in_months: sent.duration_in_months ?? null,
        max_redemptions: sent.max_redemptions ?? null,
        times_redeemed: 0,
        name: sent.name ?? null,
        valid: true,
        metadata: sent.metadata ?? {},
      }
      return world.add(coupon)
    },
  ),
  route("GET", "/v1/coupons/:id", none, (_, { id }) => world.find<Coupon>("coupon", id!)),
  route("DELETE", "/v1/coupons/:id", none, (_, { id }) => {
    world.remove(world.find<Coupon>("coupon", id!))
    return { id, object: "coupon", deleted: true }
  }),
]

export function makeProduct(
  world: World,
  sent: {
    id?: string
    name: string
    active?: boolean
    description?: string | null
    metadata?: Record<string, string>
    tax_code?: string
  },
): Product {
  const product: Product = {
    id: sent.id ?? world.id("prod"),
    object: "product",
    active: sent.active ?? true,
    created: world.now(),
    livemode: false,
    name: sent.name,
    description: sent.description ?? null,
    metadata: sent.metadata ?? {},
    tax_code: sent.tax_code ?? null,
  }
  world.add(product)
  world.emit("product.created", product)
  return product
}

type Recurring = { interval: "day" | "week" | "month" | "year"; interval_count?: number }
interface SentPrice {
  currency: string
  unit_amount: number
  product?: string
  product_data?: { name: string; description?: string; metadata?: Record<string, string> }
  recurring?: Recurring
  tax_behavior?: Price["tax_behavior"]
  lookup_key?: string
  metadata?: Record<string, string>
  nickname?: string
  active?: boolean
}

export function makePrice(world: World, sent: SentPrice): Price {
  if (!sent.product && !sent.product_data)
    throw invalid("Missing required param: product.", "product", "parameter_missing")
  if (sent.unit_amount < 0) throw invalid("Invalid non-negative integer", "unit_amount", "parameter_invalid_integer")
  if (sent.lookup_key && world.all<Price>("price").some((one) => one.lookup_key === sent.lookup_key))
    throw invalid(`A price already uses the lookup key: ${sent.lookup_key}`, "lookup_key")
  const product = sent.product
    ? world.find<Product>("product", sent.product, "product")
    : makeProduct(world, sent.product_data!)
  const { recurring } = sent
  const price: Price = {
    id: world.id("price"),
    object: "price",
    active: sent.active ?? true,
    created: world.now(),
    livemode: false,
    currency: sent.currency.toLowerCase(),
    product: product.id,
    type: recurring ? "recurring" : "one_time",
    unit_amount: sent.unit_amount,
    recurring: recurring
      ? { interval: recurring.interval, interval_count: recurring.interval_count ?? 1, usage_type: "licensed" }
      : null,
    tax_behavior: sent.tax_behavior ?? "unspecified",
    lookup_key: sent.lookup_key ?? null,
    metadata: sent.metadata ?? {},
    nickname: sent.nickname ?? null,
  }
  world.add(price)
  world.emit("price.created", price)
  return price
}
