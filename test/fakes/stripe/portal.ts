// The portal: where a customer looks after subscription and card.
import { type Route, route } from "./http.ts"
import { EXPAND } from "./lists.ts"
import { fields, text, whatever } from "./shape.ts"
import type { Customer, PortalSession } from "./types.ts"
import type { World } from "./world.ts"

export const portalRoutes = (world: World): Route[] => [
  route(
    "POST",
    "/v1/billing_portal/sessions",
    fields({ customer: text }, { return_url: text, configuration: text, flow_data: whatever, locale: text, ...EXPAND }),
    (sent) => {
      const id = world.id("bps")
      const session: PortalSession = {
        id,
        object: "billing_portal.session",
        created: world.now(sent.customer),
        livemode: false,
        customer: world.find<Customer>("customer", sent.customer, "customer").id,
        return_url: sent.return_url ?? null,
        url: `${world.options.origin}/portal/${id}`,
      }
      return world.add(session)
    },
  ),
]
