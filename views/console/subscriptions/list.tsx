// A glance over all APIs that a person subscribed to: plan, what of the quota is used, state.
import type { Nano } from "../../../src/app/units.ts"
import type { Frame } from "../../layout/frame.ts"
import { ListPage } from "../../layout/list-page.tsx"
import { usdText } from "../../ui/format.ts"
import { Button, Empty, RowLink, When } from "../../ui/index.ts"
import {
  type CycleName,
  priceText,
  type QuotaRow,
  Quotas,
  SubscriptionState,
  type SubscriptionStateName,
} from "./words.tsx"

export interface SubscriptionRow {
  /** Public id. */
  id: string
  title: string
  publisher: string
  plan: string
  price: Nano
  cycle: CycleName
  state: SubscriptionStateName
  quotas: readonly QuotaRow[]
  next: { atMs: number; amount: Nano; plan: string } | null
  /** Charged by calls of this period above the plan. */
  overage: Nano
}

export const subscriptionPath = (id: string): string => `/subscriptions/${encodeURIComponent(id)}`

export interface SubscriptionsProps {
  frame: Frame
  now: number
  rows: readonly SubscriptionRow[]
}

export function SubscriptionsPage({ frame, now, rows }: SubscriptionsProps): JSX.Element {
  const find = (
    <Button kind={rows.length > 0 ? "plain" : "primary"} href="/marketplace" icon="search" label="Find an API" />
  )
  return (
    <ListPage
      frame={frame}
      title="API subscriptions"
      lead="APIs of the marketplace that you call, with what of each plan is used."
      action={
        rows.length > 0 ? <Button kind="primary" href="/subscriptions/billing" label="Billing of all" /> : undefined
      }
      table={{
        caption: "Your subscriptions",
        columns: [
          { label: "API" },
          { label: "Plan" },
          { label: "Used" },
          { label: "State" },
          { label: "Next payment" },
        ],
        rows: rows.map((row) => [
          <>
            <RowLink href={subscriptionPath(row.id)} label={row.title} />{" "}
            <small class="quiet">
              {"by "}
              <bdi safe>{row.publisher}</bdi>
            </small>
          </>,
          <>
            <bdi safe>{row.plan}</bdi>{" "}
            <small class="quiet" safe>
              {priceText(row.price, row.cycle)}
            </small>
          </>,
          <Quotas quotas={row.quotas} of={row.title} />,
          <SubscriptionState state={row.state} />,
          row.next ? (
            <>
              <span class="num" safe>
                {`${row.next.amount === 0 ? "Nothing" : usdText(row.next.amount)}, `}
              </span>
              <When ms={row.next.atMs} now={now} />
            </>
          ) : (
            <span class="quiet">None</span>
          ),
        ]),
        empty: (
          <Empty
            title="No API yet"
            text="Subscribe to an API of the marketplace: you get a key for it and pay with the same credits."
            action={find}
          />
        ),
      }}
      after={rows.length > 0 ? <p>{find}</p> : null}
    />
  )
}
