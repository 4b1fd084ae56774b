// /publisher/hosting: what the platform charges a publisher for hosting, and what it charged.
import { HostingPage } from "../../../../views/portal/publisher/hosting.tsx"
import type { PortalDeps, PortalSite } from "../site.ts"
import { ownerOf } from "./places.ts"

export function hostingRoutes(site: PortalSite, { marketplace, clock }: PortalDeps): void {
  site.get("/publisher/hosting", (page) => {
    const { feeNano, products, nextMs, charged } = marketplace.hosting.hostingOf({ ownerId: ownerOf(page) })
    const props = {
      now: clock.now(),
      fee: feeNano,
      products,
      nextMs,
      charged: charged.map(({ amountNano, ...one }) => ({ ...one, amount: amountNano })),
    }
    return page.render((frame) => HostingPage({ frame, ...props }))
  })
}
