// Referrals for the operator: who brought whom, what was given, and what was refused and why.
import type { Nano } from "../../src/app/units.ts"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { creditsText } from "../ui/format.ts"
import { Badge, Empty, Notice, RowLink, Segments, type TableProps, When } from "../ui/index.ts"

export type ReferralState = "joined" | "rewarded" | "refused" | "taken_back"
export type ReferralWhy =
  | "test"
  | "swapped"
  | "address"
  | "returning"
  | "device"
  | "network"
  | "team"
  | "card"
  | "small"
  | "cap"
  | "paid_back"
  | "gone"

export const WHY: Readonly<Record<ReferralWhy, string>> = {
  test: "A test user",
  swapped: "Brought somebody above them",
  address: "The same mailbox",
  returning: "Had an account before",
  device: "The same browser",
  network: "The same network",
  team: "In a team with them",
  card: "The same card",
  small: "First purchase too small",
  cap: "Enough rewards for one person",
  paid_back: "The purchase was paid back",
  gone: "Whoever brought them is gone or suspended",
}

const STATES: Readonly<Record<ReferralState, { label: string; tone: "ok" | "warn" | "accent" }>> = {
  joined: { label: "Waiting", tone: "accent" },
  rewarded: { label: "Rewarded", tone: "ok" },
  refused: { label: "Refused", tone: "warn" },
  taken_back: { label: "Taken back", tone: "warn" },
}

interface Who {
  name: string
  href?: string | undefined
}

export interface AdminReferralsProps {
  frame: Frame
  now: number
  show: ReferralState | null
  isOn: boolean
  rows: readonly {
    by: Who
    who: Who
    state: ReferralState
    why: ReferralWhy | null
    rewardNano: Nano
    joinedMs: number
  }[]
  firstHref?: string | undefined
  nextHref?: string | undefined
}

const Person = ({ person }: { person: Who }): JSX.Element =>
  person.href === undefined ? (
    <span class="quiet" safe>
      {person.name}
    </span>
  ) : (
    <RowLink href={person.href} label={person.name} />
  )

export function AdminReferralsPage({
  frame,
  now,
  show,
  isOn,
  rows,
  firstHref,
  nextHref,
}: AdminReferralsProps): JSX.Element {
  const states = Object.entries(STATES) as [ReferralState, (typeof STATES)[ReferralState]][]
  return (
    <ListPage
      frame={frame}
      title="Referrals"
      section="Admin"
      lead="Who brought whom, and what came of it. Purchases decide within a minute; a purchase that is paid back takes its reward back."
      filters={
        <>
          {isOn ? null : (
            <Notice text="Referrals are off: nothing is given.">
              <p>
                <a href="/admin/settings/referrals.amount">Set what is given</a>
              </p>
            </Notice>
          )}
          <Segments
            label="State"
            links={[
              { label: "All", href: "/admin/referrals", current: show === null },
              ...states.map(([state, { label }]) => ({
                label,
                href: `/admin/referrals?show=${state}`,
                current: show === state,
              })),
            ]}
          />
        </>
      }
      table={tableOf(rows, now)}
      pager={{ label: "Referrals", firstHref, nextHref }}
    />
  )
}

const tableOf = (rows: AdminReferralsProps["rows"], now: number): TableProps => ({
  caption: "Referrals, newest first",
  columns: [
    { label: "Came" },
    { label: "Who came" },
    { label: "Brought by" },
    { label: "State" },
    { label: "Why" },
    { label: "Credits", numeric: true },
  ],
  rows: rows.map((row) => [
    <When ms={row.joinedMs} now={now} />,
    <Person person={row.who} />,
    <Person person={row.by} />,
    <Badge tone={STATES[row.state].tone} text={STATES[row.state].label} />,
    <span safe>{row.why === null ? "" : WHY[row.why]}</span>,
    <span class="num" safe>
      {row.rewardNano > 0 ? creditsText(row.rewardNano) : "–"}
    </span>,
  ]),
  empty: <Empty title="Nobody yet" text="Whoever makes an account by somebody’s link stands here." />,
})
