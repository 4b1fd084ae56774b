// A payout in a list, and its state in a word: the same for its developer and for an admin.
import type { Nano } from "../../../src/app/units.ts"
import { Badge, RowLink, Usd, When } from "../../ui/index.ts"

export type PayoutState = "requested" | "approved" | "paid" | "rejected" | "failed" | "withdrawn"

export interface PayoutRow {
  /** `pay_…` */
  id: string
  amount: Nano
  state: PayoutState
  isTest: boolean
  /** Approved, and in a file for the bank. */
  inFile: boolean
  /** "Bank account ending in 3000"; null = nowhere. */
  to: string | null
  /** "EUR 23.50", once it is approved. */
  arrives: string | null
  askedMs: number
  resolvedMs: number | null
}

const STATES = {
  requested: { tone: "neutral", text: "Waits for approval" },
  approved: { tone: "accent", text: "Approved" },
  paid: { tone: "ok", text: "Paid" },
  rejected: { tone: "bad", text: "Refused" },
  failed: { tone: "bad", text: "Came back" },
  withdrawn: { tone: "neutral", text: "Taken back" },
} as const

export function PayoutBadge({ state, isTest, inFile }: Pick<PayoutRow, "state" | "isTest" | "inFile">): JSX.Element {
  const { tone, text } = inFile ? ({ tone: "accent", text: "On its way" } as const) : STATES[state]
  return (
    <span class="badges">
      <Badge tone={tone} text={text} />
      {isTest ? <Badge tone="warn" text="Test" /> : null}
    </span>
  )
}

export const PAYOUT_COLUMNS = [
  { label: "Payout" },
  { label: "To" },
  { label: "State" },
  { label: "Asked for" },
  { label: "Arrives as", numeric: true, minor: true },
  { label: "Amount", numeric: true },
] as const

/** @param path of the list */
export const payoutCells = (row: PayoutRow, path: string, now: number): JSX.Element[] => [
  <RowLink href={`${path}/${encodeURIComponent(row.id)}`} label={`…${row.id.slice(-6)}`} />,
  <bdi safe>{row.to ?? "Nowhere, it is a test"}</bdi>,
  <PayoutBadge {...row} />,
  <When ms={row.askedMs} now={now} />,
  <span class="num" safe>
    {row.arrives ?? "—"}
  </span>,
  <Usd amount={row.amount} />,
]
