// Coupons: what each gives, how often it was used, and what that cost.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { count } from "../ui/format.ts"
import { Badge, Button, Empty, RowLink, Time, Usd } from "../ui/index.ts"

export interface CouponRow {
  code: string
  note: string
  /** "10,000 credits, for 90 days" */
  gives: string
  /** Names; none = whatever is sold. */
  onlyFor: readonly string[]
  state: "active" | "used_up" | "expired" | "ended"
  reserved: number
  redeemed: number
  maxUses: number | null
  perPerson: number | null
  minimum: Nano | null
  cost: Nano
  expiresMs: number | null
  endedMs: number | null
}

export interface AdminCouponsProps {
  frame: Frame
  now: number
  coupons: readonly CouponRow[]
  pager: { previousHref: string | undefined; nextHref: string | undefined }
}

export const couponPath = (code: string): string => `/admin/coupons/${encodeURIComponent(code)}`

/** "7 of 10", "7" */
export const usedWords = ({ redeemed, maxUses }: Pick<CouponRow, "redeemed" | "maxUses">): string =>
  maxUses === null ? count(redeemed) : `${count(redeemed)} of ${count(maxUses)}`

export function CouponState({ state }: Pick<CouponRow, "state">): JSX.Element {
  if (state === "active") return <Badge tone="ok" text="Works" />
  if (state === "used_up") return <Badge tone="warn" text="Used up" />
  return <Badge text={state === "expired" ? "Over" : "Ended"} />
}

export function AdminCouponsPage({ frame, coupons, pager }: AdminCouponsProps): JSX.Element {
  const add = <Button kind="primary" icon="plus" href="/admin/coupons/new" label="Add a coupon" />
  const head = {
    frame,
    title: "Coupons",
    section: "Admin" as const,
    lead: "Codes that give credits, a month of a plan, or something off a price. Whoever has the code can use it.",
  }
  if (coupons.length === 0 && pager.previousHref === undefined)
    return (
      <ConsoleLayout {...head}>
        <Empty
          title="No coupons yet"
          text="Welcome newcomers with credits, let somebody try a plan for a month, or take something off a purchase."
          action={add}
        />
      </ConsoleLayout>
    )
  return (
    <ListPage
      {...head}
      action={add}
      table={{
        caption: "Coupons, newest first",
        columns: [
          { label: "Coupon" },
          { label: "Gives" },
          { label: "State" },
          { label: "Used", numeric: true },
          { label: "Cost", numeric: true },
          { label: "Works until", minor: true },
        ],
        rows: coupons.map((one) => [
          <span class="person">
            <RowLink href={couponPath(one.code)} label={one.code} />
            {one.note === "" ? null : (
              <span class="quiet">
                <bdi safe>{one.note}</bdi>
              </span>
            )}
          </span>,
          <span safe>{one.gives}</span>,
          <CouponState state={one.state} />,
          <span class="num" safe>
            {usedWords(one)}
          </span>,
          <Usd amount={one.cost} />,
          one.expiresMs === null ? <span class="quiet">No end</span> : <Time ms={one.expiresMs} />,
        ]),
      }}
      pager={{ label: "Pages of coupons", ...pager }}
    />
  )
}
