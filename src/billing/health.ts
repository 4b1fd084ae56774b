// What the overview says of payments, and the step of a new house that leads to them.
import type { Check, FirstRunStep } from "../part/index.ts"
import type { Settings } from "../settings/index.ts"
import { SELLS } from "./settings.ts"
import type { Billing } from "./types.ts"

const LABEL = "Payments"
const SETUP = "/admin/billing/setup"

/** Rows and memory only. */
export function paymentChecks(billing: Pick<Billing, "connection" | "countParked">): Check[] {
  const found: Check[] = []
  const parked = billing.countParked()
  if (parked > 0)
    found.push({
      label: LABEL,
      state: "bad",
      text: parked === 1 ? "an event is parked" : `${parked} events are parked`,
      href: "/admin/billing/events?state=parked",
      remedy: "Each says why. Replay it once the cause is gone, or settle it by hand and set it aside.",
    })
  const { key, webhook } = billing.connection.state()
  if (key === null) return found
  if (webhook === null)
    found.push({
      label: LABEL,
      state: "warn",
      text: "no webhook",
      href: SETUP,
      remedy: "Credits come up to ten minutes late. The server makes the webhook itself, under Billing → Setup.",
    })
  else if (webhook.fault !== null)
    found.push({
      label: LABEL,
      state: "bad",
      text: `the webhook: ${webhook.fault}`,
      href: SETUP,
      remedy: "Make it anew under Billing → Setup.",
    })
  return found
}

export const paymentStep = (billing: Pick<Billing, "isOn">, settings: Pick<Settings, "get">): FirstRunStep => ({
  key: "payments",
  order: 60,
  label: "People can pay, or nothing is sold",
  isDone: () => billing.isOn || settings.get(SELLS) === "no",
  remedy:
    "A key of Stripe is all it takes; the server does the rest. If you give credits away, say so in the settings.",
  way: { href: SETUP, label: "Set up payments" },
})
