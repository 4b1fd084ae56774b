// /developer/payouts/method/stripe: to Stripe and back. What Stripe says of somebody is asked there, never believed of an address they come back to.
import { MethodStripePage, type MethodStripeProps, ToStripePage } from "../../../../views/portal/payouts/method.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { button } from "../../../http/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"

const PATH = "/developer/payouts/method/stripe"
const GO = button("Go to Stripe")

export function payoutStripeRoutes(site: PortalSite, deps: PortalDeps): void {
  const { payouts } = deps
  site.get(PATH, async (page) => {
    ensure(payouts.isStripeOffered(), "not_found", "Payouts do not go through Stripe here.")
    return stripePage(page, await stateOf(deps, page), GO.show({ action: PATH }))
  })
  site.post(PATH, {
    form: GO,
    fresh: true,
    async act(page) {
      const location = await payouts.startStripe(page.ctx("set where payouts go"), page.holder.id)
      return page.render((frame) => ToStripePage({ frame, location, host: new URL(location).host }))
    },
    show: (page, form, _, status) => stripePage(page, null, form, status),
  })
}

async function stateOf({ payouts }: PortalDeps, page: PageRequest): Promise<MethodStripeProps["state"]> {
  const userId = page.holder.id
  if (payouts.methodOf(userId)?.kind !== "stripe") return null
  const canBePaid = await payouts.syncStripe(userId)
  return canBePaid === null ? "unknown" : canBePaid ? "ready" : "unfinished"
}

function stripePage(page: PageRequest, state: MethodStripeProps["state"], form: FormView, status?: Status): Response {
  const shown =
    state === null ? form : { ...form, submit: state === "ready" ? "Change it at Stripe" : "Go on at Stripe" }
  return page.render((frame) => MethodStripePage({ frame, state, form: shown }), status)
}
