// What people paid, and what of it went back: orders and invoices of plans, newest first.
import type { Nano } from "../../src/app/units.ts"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { usdText } from "../ui/format.ts"
import { Badge, Button, Empty, RowLink, SearchBox, Segments, type Tone, Usd, When } from "../ui/index.ts"

export type PaymentState = "open" | "pending" | "paid" | "failed" | "expired"
export type DisputeState = "open" | "closed" | "lost" | "won"
export type OrdersFilter = "paid" | "unpaid" | "refunded" | "disputed"

export interface OrderRow {
  id: string
  name: string
  who: string
  paid: Nano
  refunded: Nano
  state: PaymentState
  dispute: DisputeState | null
  atMs: number
}

export interface AdminOrdersProps {
  frame: Frame
  now: number
  state: OrdersFilter | null
  /** As typed. */
  q: string
  rows: readonly OrderRow[]
  newerHref?: string | undefined
  olderHref?: string | undefined
}

export const orderPathOf = (id: string): string => `/admin/orders/${encodeURIComponent(id)}`

const LIST = "/admin/orders"
const STATES: readonly [OrdersFilter | null, string][] = [
  [null, "All"],
  ["paid", "Paid"],
  ["unpaid", "Not paid"],
  ["refunded", "Refunded"],
  ["disputed", "Disputed"],
]

const WORDS: Record<PaymentState, [Tone, string]> = {
  open: ["neutral", "Not paid yet"],
  pending: ["warn", "At the bank"],
  paid: ["ok", "Paid"],
  failed: ["bad", "Refused"],
  expired: ["neutral", "Nobody paid"],
}
export const DISPUTE_WORDS: Record<DisputeState, [Tone, string]> = {
  open: ["bad", "Disputed"],
  closed: ["neutral", "Question settled"],
  lost: ["bad", "Dispute lost"],
  won: ["ok", "Dispute won"],
}

/** Paid, refunded in part, disputed: each that holds. */
export function OrderBadges({
  state,
  paid,
  refunded,
  dispute,
}: Pick<OrderRow, "state" | "paid" | "refunded" | "dispute">): JSX.Element {
  const [tone, text] = WORDS[state]
  return (
    <span class="badges">
      <Badge tone={refunded >= paid && refunded > 0 ? "neutral" : tone} text={text} />
      {refunded > 0 ? (
        <Badge tone="warn" text={refunded >= paid ? "Refunded" : `Refunded ${usdText(refunded)}`} />
      ) : null}
      {dispute === null ? null : <Badge tone={DISPUTE_WORDS[dispute][0]} text={DISPUTE_WORDS[dispute][1]} />}
    </span>
  )
}

const hrefOf = (state: OrdersFilter | null, q: string): string => {
  const query = new URLSearchParams({ ...(state && { state }), ...(q && { q }) }).toString()
  return query ? `${LIST}?${query}` : LIST
}

/** GET /admin/orders?state=&q=&before= */
export function AdminOrdersPage({ frame, now, state, q, rows, newerHref, olderHref }: AdminOrdersProps): JSX.Element {
  const isAll = state === null && q === ""
  return (
    <ListPage
      frame={frame}
      title="Orders"
      section="Admin"
      lead="What people paid for credits and plans, and what of it went back."
      filters={
        <>
          <Segments
            label="State"
            links={STATES.map(([one, label]) => ({ label, href: hrefOf(one, q), current: one === state }))}
          />
          <SearchBox
            action={LIST}
            name="q"
            label="Find orders"
            placeholder="Email, or an id: ord_…, in_…, pi_…, ch_…"
            value={q}
            keep={{ state: state ?? undefined }}
          />
        </>
      }
      table={{
        caption: "Orders",
        columns: [{ label: "Order" }, { label: "State" }, { label: "Paid", numeric: true }, { label: "When" }],
        rows: rows.map((row) => [
          <span class="person">
            <RowLink href={orderPathOf(row.id)} label={row.name} />
            <span class="quiet">
              <bdi safe>{row.who}</bdi>
            </span>
          </span>,
          <OrderBadges {...row} />,
          <Usd amount={row.paid} />,
          <When ms={row.atMs} now={now} />,
        ]),
        empty: isAll ? (
          <Empty title="No orders yet" text="Whatever people buy stands here." />
        ) : (
          <Empty
            title="No such orders"
            text="Choose another state, or look for something else."
            action={<Button href={LIST} label="Show all" />}
          />
        ),
      }}
      pager={{ label: "Pages of orders", previousHref: newerHref, nextHref: olderHref }}
    />
  )
}
