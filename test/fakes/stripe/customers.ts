// Customers and what they pay with.
import { methodBy } from "./cards.ts"
import { type Route, route } from "./http.ts"
import { EXPAND, none, PAGED, pageOf } from "./lists.ts"
import { fields, metadata, oneOf, orNone, text } from "./shape.ts"
import type { Customer, PaymentMethod } from "./types.ts"
import type { World } from "./world.ts"

const address = fields({}, { city: text, country: text, line1: text, line2: text, postal_code: text, state: text })
const CUSTOMER = {
  email: orNone(text),
  name: orNone(text),
  description: orNone(text),
  metadata,
  address: orNone(address),
  payment_method: text,
  invoice_settings: fields({}, { default_payment_method: orNone(text) }),
  ...EXPAND,
}

export const customerRoutes = (world: World): Route[] => [
  route("POST", "/v1/customers", fields({}, { ...CUSTOMER, test_clock: text }), (sent) => {
    const customer: Customer = {
      id: world.id("cus"),
      object: "customer",
      created: 0,
      livemode: false,
      email: sent.email ?? null,
      name: sent.name ?? null,
      balance: 0,
      currency: null,
      address: sent.address ? whole(sent.address) : null,
      invoice_settings: { default_payment_method: null },
      metadata: sent.metadata ?? {},
      test_clock: sent.test_clock ?? null,
    }
    if (sent.test_clock) world.livesBy(customer.id, world.find("test_helpers.test_clock", sent.test_clock).id)
    customer.created = world.now(customer.id)
    world.add(customer)
    if (sent.payment_method) attach(world, sent.payment_method, customer)
    world.emit("customer.created", customer)
    return customer
  }),
  route("GET", "/v1/customers", fields({}, { ...PAGED, email: text, test_clock: text }), (sent) =>
    pageOf(
      world.all<Customer>("customer").filter(({ email }) => !sent.email || email === sent.email),
      sent,
      "/v1/customers",
    ),
  ),
  route("GET", "/v1/customers/:id", none, (_, { id }) => world.find<Customer>("customer", id!)),
  route("POST", "/v1/customers/:id", fields({}, CUSTOMER), (sent, { id }) => {
    const customer = world.find<Customer>("customer", id!)
    if (sent.email !== undefined) customer.email = sent.email
    if (sent.name !== undefined) customer.name = sent.name
    if (sent.address !== undefined) customer.address = sent.address ? whole(sent.address) : null
    if (sent.metadata) Object.assign(customer.metadata, sent.metadata)
    const method = sent.invoice_settings?.default_payment_method
    if (method !== undefined)
      customer.invoice_settings.default_payment_method =
        method && world.find<PaymentMethod>("payment_method", method).id
    world.emit("customer.updated", customer)
    return customer
  }),
  route("DELETE", "/v1/customers/:id", none, (_, { id }) => {
    const customer = world.find<Customer>("customer", id!)
    world.remove(customer)
    world.emit("customer.deleted", customer)
    return { id, object: "customer", deleted: true }
  }),
  route("GET", "/v1/payment_methods/:id", none, (_, { id }) => world.find<PaymentMethod>("payment_method", id!)),
  route(
    "GET",
    "/v1/payment_methods",
    fields({}, { ...PAGED, customer: text, type: oneOf("card", "us_bank_account") }),
    (sent) => pageOf(methodsOf(world, sent.customer ?? null), sent, "/v1/payment_methods"),
  ),
  route("GET", "/v1/customers/:id/payment_methods", fields({}, { ...PAGED, type: text }), (sent, { id }) =>
    pageOf(methodsOf(world, world.find<Customer>("customer", id!).id), sent, `/v1/customers/${id}/payment_methods`),
  ),
  route("POST", "/v1/payment_methods/:id/attach", fields({ customer: text }, EXPAND), (sent, { id }) =>
    attach(world, id!, world.find<Customer>("customer", sent.customer)),
  ),
  route("POST", "/v1/payment_methods/:id/detach", none, (_, { id }) => {
    const method = world.find<PaymentMethod>("payment_method", id!)
    const customer = method.customer ? world.find<Customer>("customer", method.customer) : null
    if (customer?.invoice_settings.default_payment_method === method.id)
      customer.invoice_settings.default_payment_method = null
    method.customer = null
    world.emit("payment_method.detached", method)
    return method
  }),
]

const methodsOf = (world: World, customer: string | null): PaymentMethod[] =>
  world.all<PaymentMethod>("payment_method").filter((one) => one.customer === customer)

export function attach(world: World, id: string, customer: Customer): PaymentMethod {
  const method = methodBy(world, id, "payment_method")
  method.customer = customer.id
  world.emit("payment_method.attached", method)
  return method
}

const whole = (sent: { [name: string]: string }) => ({
  city: sent.city ?? null,
  country: sent.country ?? null,
  line1: sent.line1 ?? null,
  line2: sent.line2 ?? null,
  postal_code: sent.postal_code ?? null,
  state: sent.state ?? null,
})
