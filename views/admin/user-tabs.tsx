// The parts of one person's pages, each with its own address.
import { Tabs } from "../ui/index.ts"

export type UserTab = "overview" | "wallet" | "plan" | "audit"

export const userPath = (id: string): string => `/admin/users/${encodeURIComponent(id)}`

export const teamPath = (id: string): string => `/admin/teams/${encodeURIComponent(id)}`
export const isTeam = (id: string): boolean => id.startsWith("tea_")

/** The way up from a page about what somebody has: to a person, or a team. */
export const holderUp = ({ id, label }: { id: string; label: string }): { href: string; label: string }[] =>
  isTeam(id)
    ? [
        { href: "/admin/teams", label: "Teams" },
        { href: teamPath(id), label },
      ]
    : [
        { href: "/admin/users", label: "Users" },
        { href: userPath(id), label },
      ]

export function UserTabs({ id, current }: { id: string; current: UserTab }): JSX.Element {
  if (isTeam(id)) return <TeamTabs id={id} current={current === "wallet" ? "wallet" : "overview"} />
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

/** Its wallet and payouts stand where those of people do. */
export function TeamTabs({ id, current }: { id: string; current: "overview" | "wallet" }): JSX.Element {
  const holder = userPath(id)
  return (
    <Tabs
      label="Parts of this team"
      tabs={[
        { label: "Overview", href: teamPath(id), current: current === "overview" },
        { label: "Wallet", href: `${holder}/wallet`, current: current === "wallet" },
        { label: "Payouts", href: `${holder}/payouts`, current: false },
      ]}
    />
  )
}
