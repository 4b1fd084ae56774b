// The lots of a wallet as a table: what is left and held of each, its terms, and where the rest went.
import type { Nano } from "../../src/app/units.ts"
import { Badge, Button, CreditsNumber, Table, When } from "../ui/index.ts"
import { exactCredits } from "./exact.ts"
import { userPath } from "./user-tabs.tsx"

export type WalletMode = "live" | "test"

export interface WalletLotRow {
  id: string
  bucket: string
  paid: boolean
  granted: Nano
  remaining: Nano
  held: Nano
  consumed: Nano
  expired: Nano
  voided: Nano
  clawed: Nano
  createdMs: number
  effectiveMs: number
  expiresMs: number | null
  only: string | null
  /** In words; null when the rest is lost at the end. */
  rollover: string | null
  rolledFrom: string | null
}

export const inMode = (path: string, mode: WalletMode): string => (mode === "test" ? `${path}?mode=test` : path)

interface LotTableProps {
  caption: string
  props: { user: { id: string }; mode: WalletMode; now: number }
  lots: readonly WalletLotRow[]
  canVoid?: boolean
}

export function LotTable({ caption, props, lots, canVoid }: LotTableProps): JSX.Element {
  const { user, mode, now } = props
  return (
    <Table
      caption={caption}
      hideCaption
      scrolls
      columns={[
        { label: "Lot" },
        ...(canVoid
          ? [
              { label: "Left", numeric: true },
              { label: "Held", numeric: true },
            ]
          : []),
        { label: "Granted", numeric: true },
        { label: "Expires" },
        ...(canVoid ? [{ label: "Void", silent: true }] : [{ label: "Went to" }]),
      ]}
      rows={lots.map((lot) => [
        <span class="person">
          <span class="badges">
            <span safe>{lot.bucket}</span>
            <Badge tone={lot.paid ? "accent" : "neutral"} text={lot.paid ? "Paid" : "Promo"} />
            {lot.only ? <Badge text={`${lot.only} only`} /> : null}
            {lot.effectiveMs > now ? <Badge tone="warn" text="Not yet effective" /> : null}
          </span>
          <code class="quiet" safe>
            {lot.id}
          </code>
          {lot.rollover ? (
            <span class="quiet" safe>
              {lot.rollover}
            </span>
          ) : null}
          {lot.rolledFrom ? (
            <span class="quiet" safe>
              {`Rolled over from ${lot.rolledFrom}`}
            </span>
          ) : null}
        </span>,
        ...(canVoid ? [<CreditsNumber amount={lot.remaining} />, <CreditsNumber amount={lot.held} />] : []),
        <CreditsNumber amount={lot.granted} />,
        <When ms={lot.expiresMs} now={now} />,
        canVoid ? (
          <Button
            small
            dialog
            href={inMode(`${userPath(user.id)}/lots/${encodeURIComponent(lot.id)}/void`, mode)}
            label="Void"
          />
        ) : (
          <WentTo lot={lot} />
        ),
      ])}
    />
  )
}

function WentTo({ lot }: { lot: WalletLotRow }): JSX.Element {
  const parts: [string, Nano][] = [
    ["spent", lot.consumed],
    ["expired or rolled over", lot.expired],
    ["voided", lot.voided],
    ["taken back", lot.clawed],
  ]
  return (
    <ul class="plain">
      {parts
        .filter(([, amount]) => amount > 0)
        .map(([word, amount]) => (
          <li>
            <span class="num" safe>
              {exactCredits(String(amount))}
            </span>
            <span class="quiet" safe>{` ${word}`}</span>
          </li>
        ))}
    </ul>
  )
}
