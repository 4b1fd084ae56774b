// The parts of one person's pages, each with its own address.
import { Tabs } from "../ui/index.ts"

export type UserTab = "overview" | "wallet" | "plan" | "audit"

export const userPath = (id: string): string => `/admin/users/${encodeURIComponent(id)}`

export function UserTabs({ id, current }: { id: string; current: UserTab }): JSX.Element {
  const path = userPath(id)
  const tabs: [UserTab, string, string][] = [
    ["overview", "Overview", path],
    ["wallet", "Wallet", `${path}/wallet`],
    ["plan", "Plan", `${path}/plan`],
    ["audit", "Audit", `${path}/audit`],
  ]
  return (
    <Tabs
      label="Parts of this account"
      tabs={tabs.map(([name, label, href]) => ({ label, href, current: name === current }))}
    />
  )
}
