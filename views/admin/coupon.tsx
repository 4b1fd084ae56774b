// One coupon: a new one, its terms with who used it for what, and its end.
import type { Nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import { Facts } from "../layout/detail-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { count, plural, usdText } from "../ui/format.ts"
import {
  Badge,
  Button,
  CopyLine,
  Empty,
  type FormView,
  Id,
  Pager,
  RowLink,
  Segments,
  type SegmentsProps,
  Stat,
  Table,
  Time,
  Usd,
  When,
} from "../ui/index.ts"
import { type CouponRow, CouponState, couponPath, usedWords } from "./coupons.tsx"

const UP = { href: "/admin/coupons", label: "Coupons" }

export interface AdminCouponNewProps {
  frame: Frame
  form: FormView
  kinds: SegmentsProps["links"]
}

export function AdminCouponNewPage({ frame, form, kinds }: AdminCouponNewProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="New coupon"
      section="Admin"
      lead="It works as soon as it is added. What it gives cannot be changed later: people are told."
      up={UP}
      form={form}
      cancelHref="/admin/coupons"
      before={<Segments label="Kind of coupon" links={kinds} />}
    />
  )
}

export interface CouponUseRow {
  id: string
  who: string
  userHref: string | null
  state: "reserved" | "redeemed" | "released"
  /** What was bought with it; "" = nothing was. */
  for: string
  cost: Nano
  atMs: number
  transaction: { id: string; href: string } | null
}

export interface AdminCouponProps {
  frame: Frame
  now: number
  one: CouponRow
  form: FormView
  /** Where whoever has it can be sent. */
  link: string
  uses: readonly CouponUseRow[]
  pager: { previousHref: string | undefined; nextHref: string | undefined }
}

export function AdminCouponPage(props: AdminCouponProps): JSX.Element {
  const { frame, one, form } = props
  const shared = { frame, title: one.code, section: "Admin" as const, lead: one.gives, up: UP }
  if (one.state !== "ended")
    return <EditPage {...shared} form={form} before={<Head {...props} />} after={<Uses {...props} />} />
  return (
    <ConsoleLayout {...shared}>
      <Head {...props} />
      <Uses {...props} />
    </ConsoleLayout>
  )
}

function Head({ one, link }: AdminCouponProps): JSX.Element {
  const isOver = one.state === "ended"
  return (
    <section aria-labelledby="state-title">
      <h2 id="state-title" class="sr">
        State
      </h2>
      <div class="badges">
        <CouponState state={one.state} />
        {isOver ? null : <Button small dialog href={`${couponPath(one.code)}/ending`} label="End coupon" />}
      </div>
      <dl class="stats">
        <Stat label="Redeemed">
          <span class="num" safe>
            {usedWords(one)}
          </span>
        </Stat>
        <Stat label="Reserved">
          <span class="num" safe>
            {count(one.reserved)}
          </span>
        </Stat>
        <Stat label="Cost">
          <Usd amount={one.cost} />
        </Stat>
      </dl>
      <Facts
        facts={[
          { label: "Link to send", value: <CopyLine id="coupon-link" text={link} /> },
          ...(one.onlyFor.length > 0 ? [{ label: "Only for", text: one.onlyFor.join(", ") }] : []),
          ...(one.minimum === null ? [] : [{ label: "For purchases from", text: usdText(one.minimum) }]),
          ...(one.expiresMs === null ? [] : [{ label: "Works until", value: <Time ms={one.expiresMs} /> }]),
          ...(one.endedMs === null ? [] : [{ label: "Ended", value: <Time ms={one.endedMs} /> }]),
        ]}
      />
    </section>
  )
}

const STATES = { reserved: "Reserved", redeemed: "Redeemed", released: "Given back" } as const
const TONES = { reserved: "warn", redeemed: "ok", released: "neutral" } as const

function Uses({ now, uses, pager }: AdminCouponProps): JSX.Element {
  return (
    <section aria-labelledby="uses-title" id="uses">
      <h2 id="uses-title">Who used it</h2>
      <Table
        caption="Uses of this coupon, newest first"
        hideCaption
        columns={[
          { label: "Who" },
          { label: "State" },
          { label: "For" },
          { label: "Cost", numeric: true },
          { label: "When" },
          { label: "Transaction", minor: true },
        ]}
        rows={uses.map((use) => [
          use.userHref === null ? <bdi safe>{use.who}</bdi> : <RowLink href={use.userHref} label={use.who} />,
          <Badge tone={TONES[use.state]} text={STATES[use.state]} />,
          use.for === "" ? <span class="quiet">Redeemed alone</span> : <bdi safe>{use.for}</bdi>,
          use.state === "released" ? <span class="quiet">Nothing</span> : <Usd amount={use.cost} />,
          <When ms={use.atMs} now={now} />,
          use.transaction === null ? (
            <span class="quiet">None</span>
          ) : (
            <Id text={use.transaction.id} href={use.transaction.href} />
          ),
        ])}
        empty={<Empty title="Nobody has used it yet" text="Each use appears here, with what it cost." />}
      />
      <Pager label="Pages of uses" {...pager} />
    </section>
  )
}

export function AdminCouponEndPage({
  frame,
  one,
  form,
}: {
  frame: Frame
  one: CouponRow
  form: FormView
}): JSX.Element {
  const { reserved } = one
  return (
    <ConfirmPage
      frame={frame}
      title={`End ${one.code}?`}
      section="Admin"
      up={UP}
      words={[
        "Nobody can use it any more, and its code stays taken. This cannot be undone.",
        reserved > 0
          ? `${plural(reserved, "person is", "people are")} paying with it right now and still may.`
          : "What it gave so far stays.",
      ]}
      form={{ ...form, submit: `End ${one.code}` }}
      cancelHref={couponPath(one.code)}
    />
  )
}
