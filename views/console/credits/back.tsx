// Money that went back to a person, or that a bank looks at; and what it means for their credits.
import type { Nano } from "../../../src/app/units.ts"
import { creditsText, usdText } from "../../ui/format.ts"
import { Badge, RowLink, Table, type Tone, When } from "../../ui/index.ts"
import type { SectionProps } from "./sections.tsx"

export type BackState = "asked" | "pending" | "succeeded" | "failed" | "open" | "settled" | "lost"

export interface BackRow {
  /** Of the order; null = it has no page. */
  href: string | null
  what: string
  state: BackState
  amount: Nano
  atMs: number
}

export interface BackProps {
  rows: readonly BackRow[]
  /** Credits that cannot be spent until a bank has decided. */
  frozen: Nano
}

const WORDS: Record<BackState, [Tone, string]> = {
  asked: ["neutral", "Refund asked for"],
  pending: ["neutral", "Refund on its way"],
  succeeded: ["ok", "Refunded"],
  failed: ["bad", "Your bank refused the refund"],
  open: ["warn", "A bank looks at it"],
  settled: ["ok", "Settled"],
  lost: ["bad", "Your bank took it back"],
}

export function BackSection({ now, of: { rows, frozen } }: SectionProps<BackProps>): JSX.Element {
  return (
    <section aria-labelledby="back-title" id="back">
      <h2 id="back-title">Refunds and disputes</h2>
      {frozen > 0 ? (
        <p
          safe
        >{`${creditsText(frozen)} are frozen until the bank has decided. They are yours again as soon as it says that all is well.`}</p>
      ) : null}
      <Table
        caption="Refunds and disputes"
        hideCaption
        columns={[{ label: "Payment" }, { label: "State" }, { label: "When" }, { label: "Amount", numeric: true }]}
        rows={rows.map((row) => [
          row.href === null ? <bdi safe>{row.what}</bdi> : <RowLink href={row.href} label={row.what} />,
          <Badge tone={WORDS[row.state][0]} text={WORDS[row.state][1]} />,
          <When ms={row.atMs} now={now} />,
          row.amount > 0 ? (
            <span class="num" safe>
              {usdText(row.amount)}
            </span>
          ) : (
            <span class="quiet">None</span>
          ),
        ])}
      />
    </section>
  )
}
