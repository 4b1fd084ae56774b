// All plans side by side, from their rows: what each gives and costs, and which one a person may move to.
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import {
  Button,
  Compare,
  type CompareProps,
  Id,
  Notice,
  PriceCard,
  PriceCards,
  Segments,
  Worth,
} from "../../ui/index.ts"
import { PlanBody, type PlanNow } from "./plan.tsx"

export interface PlanOffer {
  code: string
  name: string
  /** "$9.99", "Free". */
  price: string
  per: string | undefined
  text: string
  points: readonly string[]
  /** "Your plan", "From 1 Dec 2026". */
  mark: string | undefined
  /** Where it is chosen; none = it cannot be. */
  action: { href: string; label: string; isMain: boolean } | null
}

export interface PlansProps {
  frame: Frame
  now: PlanNow
  offers: readonly PlanOffer[]
  /** Tables of at most five plans. */
  tables: readonly Pick<CompareProps, "plans" | "groups">[]
  /** Which prices are shown; null = there are those of a month only. */
  by: "month" | "year" | null
  /** No money moves. */
  isTest: boolean
  /** Of a coupon, which goes along; "" = none. */
  code?: string | undefined
}

function Along({ code }: { code: string }): JSX.Element {
  return (
    <p>
      {"Your code "}
      <Id text={code} />
      {" goes along with the plan that you choose."}
    </p>
  )
}

/** GET /credits/plans?by=month|year */
export function PlansPage({ frame, now, offers, tables, by, isTest, code = "" }: PlansProps): JSX.Element {
  const along = code === "" ? "" : `&coupon=${encodeURIComponent(code)}`
  return (
    <ConsoleLayout
      frame={frame}
      title="Plans"
      lead="What each plan gives, and what it costs."
      up={{ href: "/credits", label: "Credits" }}
    >
      <section aria-labelledby="plan-title" id="plan">
        <h2 id="plan-title">
          {"Your plan: "}
          <bdi safe>{now.name}</bdi>
        </h2>
        <PlanBody frame={frame} of={now} />
      </section>
      <section aria-labelledby="plans-title" id="plans">
        <h2 id="plans-title">Choose a plan</h2>
        {now.isSold ? null : (
          <Notice text="Plans are not sold on this page. Ask the operator to put you on another one." />
        )}
        {now.isSold && isTest ? <Notice tone="warn" text="This server tries payments out: no money moves." /> : null}
        {code === "" ? null : <Along code={code} />}
        {by === null ? null : (
          <Segments
            label="Paid by the"
            links={[
              { label: "Month", href: `/credits/plans?by=month${along}`, current: by === "month" },
              { label: "Year", href: `/credits/plans?by=year${along}`, current: by === "year" },
            ]}
          />
        )}
        <PriceCards>
          {offers.map(({ name, price, per, text, points, mark, action }) => (
            <PriceCard
              name={name}
              price={price}
              per={per}
              text={text}
              points={points}
              mark={mark}
              action={
                action ? (
                  <Button kind={action.isMain ? "primary" : "plain"} href={action.href} label={action.label} />
                ) : undefined
              }
            />
          ))}
        </PriceCards>
        <Worth />
      </section>
      <section aria-labelledby="compare-title" id="compare">
        <h2 id="compare-title">Point by point</h2>
        {tables.map(({ plans, groups }) => (
          <Compare caption="What each plan includes" plans={plans} groups={groups} />
        ))}
      </section>
    </ConsoleLayout>
  )
}
