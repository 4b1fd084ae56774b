// The portal: where a customer looks after subscription and card, within what its configuration allows. Without one it is the account's
// default, which here allows what Stripe's may: other plans too, and an end at once.
import { invalid } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { EXPAND, none } from "./lists.ts"
import { fields, flag, list, metadata, oneOf, text, whatever } from "./shape.ts"
import type { Customer, PortalConfiguration, PortalSession } from "./types.ts"
import type { World } from "./world.ts"

const DEFAULT = "bpc_default"

const FEATURES = fields(
  {},
  {
    customer_update: fields(
      { enabled: flag },
      { allowed_updates: list(oneOf("name", "email", "address", "phone", "shipping", "tax_id")) },
    ),
    invoice_history: fields({ enabled: flag }),
    payment_method_update: fields({ enabled: flag }, { payment_method_configuration: text }),
    subscription_cancel: fields(
      { enabled: flag },
      {
        mode: oneOf("at_period_end", "immediately"),
        proration_behavior: oneOf("none", "create_prorations", "always_invoice"),
        cancellation_reason: whatever,
      },
    ),
    subscription_update: fields(
      { enabled: flag },
      {
        default_allowed_updates: list(oneOf("price", "promotion_code", "quantity")),
        products: whatever,
        proration_behavior: oneOf("none", "create_prorations", "always_invoice"),
      },
    ),
  },
)

function configurationOf(world: World, id: string | undefined): PortalConfiguration {
  if (id !== undefined) return world.find<PortalConfiguration>("billing_portal.configuration", id, "configuration")
  const known = world.any(DEFAULT) as PortalConfiguration | undefined
  return (
    known ??
    world.add<PortalConfiguration>({
      id: DEFAULT,
      object: "billing_portal.configuration",
      created: world.now(),
      livemode: false,
      active: true,
      is_default: true,
      default_return_url: null,
      features: {
        customer_update: { enabled: true, allowed_updates: ["email", "address"] },
        invoice_history: { enabled: true },
        payment_method_update: { enabled: true },
        subscription_cancel: { enabled: true, mode: "immediately", proration_behavior: "none" },
        subscription_update: { enabled: true },
      },
      metadata: {},
    })
  )
}

export const portalRoutes = (world: World): Route[] => [
  route(
    "POST",
    "/v1/billing_portal/configurations",
    fields(
      { features: FEATURES },
      { default_return_url: text, metadata, business_profile: whatever, name: text, login_page: whatever, ...EXPAND },
    ),
    ({ features, default_return_url = null, metadata = {} }) => {
      const { customer_update: updates, subscription_cancel: cancel, subscription_update: update } = features
      if (updates?.enabled && !updates.allowed_updates?.length)
        throw invalid("You must specify allowed_updates.", "features[customer_update][allowed_updates]")
      if (update?.enabled && !update.products)
        throw invalid("You must specify products.", "features[subscription_update][products]")
      return world.add<PortalConfiguration>({
        id: world.id("bpc"),
        object: "billing_portal.configuration",
        created: world.now(),
        livemode: false,
        active: true,
        is_default: false,
        default_return_url,
        features: {
          customer_update: { enabled: updates?.enabled ?? false, allowed_updates: updates?.allowed_updates ?? [] },
          invoice_history: { enabled: features.invoice_history?.enabled ?? false },
          payment_method_update: { enabled: features.payment_method_update?.enabled ?? false },
          subscription_cancel: {
            enabled: cancel?.enabled ?? false,
            mode: cancel?.mode ?? "at_period_end",
            proration_behavior: cancel?.proration_behavior ?? "none",
          },
          subscription_update: { enabled: update?.enabled ?? false },
        },
        metadata,
      })
    },
  ),
  route("GET", "/v1/billing_portal/configurations/:id", none, (_, { id }) =>
    world.find<PortalConfiguration>("billing_portal.configuration", id!),
  ),
  route(
    "POST",
    "/v1/billing_portal/configurations/:id",
    fields({}, { active: flag, default_return_url: text, metadata, ...EXPAND }),
    ({ active, ...rest }, { id }) => {
      const found = world.find<PortalConfiguration>("billing_portal.configuration", id!)
      return Object.assign(found, rest, active === undefined ? {} : { active })
    },
  ),
  route(
    "POST",
    "/v1/billing_portal/sessions",
    fields({ customer: text }, { return_url: text, configuration: text, flow_data: whatever, locale: text, ...EXPAND }),
    (sent) => {
      const id = world.id("bps")
      const configuration = configurationOf(world, sent.configuration)
      if (!configuration.active) throw invalid("This configuration is not active.", "configuration")
      const session: PortalSession = {
        id,
        object: "billing_portal.session",
        created: world.now(sent.customer),
        livemode: false,
        customer: world.find<Customer>("customer", sent.customer, "customer").id,
        configuration: configuration.id,
        return_url: sent.return_url ?? configuration.default_return_url,
        url: `${world.options.origin}/portal/${id}`,
      }
      return world.add(session)
    },
  ),
]
