// The parts of /admin/billing, and where each lies.
import { Tabs } from "../../ui/index.ts"

const PARTS = [
  { key: "money", label: "Money", href: "/admin/billing" },
  { key: "comparison", label: "Comparison", href: "/admin/billing/comparison" },
  { key: "events", label: "Events", href: "/admin/billing/events" },
  { key: "setup", label: "Setup", href: "/admin/billing/setup" },
] as const

export const BILLING_UP = { href: "/admin/billing", label: "Billing" }

/** @param parked events that somebody has to look at */
export function BillingTabs({ at, parked }: { at: (typeof PARTS)[number]["key"]; parked: number }): JSX.Element {
  return (
    <Tabs
      label="Billing"
      tabs={PARTS.map(({ key, label, href }) => ({
        label,
        href,
        current: key === at,
        count: key === "events" && parked > 0 ? String(parked) : undefined,
      }))}
    />
  )
}
