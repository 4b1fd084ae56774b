// The lots of a wallet as a table: what is left and held of each, its terms, and where the rest went.
import type { Nano } from "../../src/app/units.ts"
import { creditsExact } from "../ui/format.ts"
import { Badge, Button, Id, Table, When } from "../ui/index.ts"
import { creditPlaces, exactCredits } from "./exact.ts"
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
  /** Its payment is in doubt. */
  frozen: boolean
}

/** An admin compares figures with the books: every decimal, nothing rounded. */
export const ExactCredits = ({ amount }: { amount: Nano }): JSX.Element => (
  <span class="num" safe>
    {creditsExact(amount)}
  </span>
)

/** The same for a column whose head or table names the unit, point under point. */
export function exactColumn(amounts: readonly Nano[]): (amount: Nano) => JSX.Element {
  const places = creditPlaces(amounts.map(String))
  return (amount) => (
    <span class="num" safe>
      {exactCredits(String(amount), places)}
    </span>
  )
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
  const left = exactColumn(lots.map((lot) => lot.remaining))
  const held = exactColumn(lots.map((lot) => lot.held))
  const granted = exactColumn(lots.map((lot) => lot.granted))
  const gone = exactColumn(lots.flatMap((lot) => goneOf(lot).map(([, amount]) => amount)))
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
        { label: canVoid ? "Expires" : "Expiry" },
        ...(canVoid ? [{ label: "Void", silent: true }] : [{ label: "Went to" }]),
      ]}
      rows={lots.map((lot) => [
        <LotName lot={lot} now={now} canVoid={canVoid} />,
        ...(canVoid ? [left(lot.remaining), held(lot.held)] : []),
        granted(lot.granted),
        <When ms={lot.expiresMs} now={now} />,
        !canVoid ? (
          <WentTo lot={lot} figure={gone} />
        ) : isOver(lot, now) || lot.remaining === lot.held ? (
          ""
        ) : (
          <Button
            small
            dialog
            href={inMode(`${userPath(user.id)}/lots/${encodeURIComponent(lot.id)}/void`, mode)}
            label="Void"
          />
        ),
      ])}
    />
  )
}

function LotName({
  lot,
  now,
  canVoid,
}: {
  lot: WalletLotRow
  now: number
  canVoid?: boolean | undefined
}): JSX.Element {
  return (
    <span class="person">
      <span class="badges">
        <span safe>{lot.bucket}</span>
        <Badge tone={lot.paid ? "accent" : "neutral"} text={lot.paid ? "Paid" : "Promo"} />
        {lot.only ? <Badge text={`${lot.only} only`} /> : null}
        {lot.frozen ? <Badge tone="bad" text="Frozen" /> : null}
        {lot.effectiveMs > now ? <Badge tone="warn" text="Not yet effective" /> : null}
        {canVoid && isOver(lot, now) ? <Badge tone="warn" text="Expired, not yet booked" /> : null}
      </span>
      <Id text={lot.id} />
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
    </span>
  )
}

/** Its time is over, though the job that books it has not come by: it counts for nothing, and nothing of it can be voided. */
const isOver = (lot: WalletLotRow, now: number): boolean => lot.expiresMs !== null && lot.expiresMs <= now

const goneOf = (lot: WalletLotRow): [string, Nano][] =>
  (
    [
      ["spent", lot.consumed],
      [lot.rollover ? "expired or rolled over" : "expired", lot.expired],
      ["voided", lot.voided],
      ["taken back", lot.clawed],
    ] satisfies [string, Nano][]
  ).filter(([, amount]) => amount > 0)

function WentTo({ lot, figure }: { lot: WalletLotRow; figure: (amount: Nano) => JSX.Element }): JSX.Element {
  return (
    <ul class="plain">
      {goneOf(lot).map(([word, amount]) => (
        <li>
          {figure(amount)}
          <span class="quiet" safe>{` ${word}`}</span>
        </li>
      ))}
    </ul>
  )
}
