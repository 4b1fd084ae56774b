// What things cost here, for anybody: packages of credits, plans, and the way to the price of each model. From the rows that are sold.
import { type PackageCard, pointsOfPackage } from "../console/credits/buy.tsx"
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { usdText } from "../ui/format.ts"
import { Button, Compare, type CompareProps, Notice, PriceCard, PriceCards, Segments, Worth } from "../ui/index.ts"

export interface PricedPlan {
  name: string
  /** "$9.99", "Free". */
  price: string
  per: string | undefined
  text: string
  points: readonly string[]
  /** Where it is chosen; none = it cannot be. */
  action: { href: string; label: string } | null
}

export interface PricingProps {
  frame: Frame
  /** Credits and plans can be paid for here. */
  isSold: boolean
  /** No money moves. */
  isTest: boolean
  /** Address of the operator; null = none is known. */
  operatorEmail: string | null
  packages: readonly PackageCard[]
  plans: readonly PricedPlan[]
  /** Tables of at most five plans. */
  tables: readonly Pick<CompareProps, "plans" | "groups">[]
  /** Which prices of plans are shown; null = there are those of a month only. */
  by: "month" | "year" | null
}

/** GET /pricing?by=month|year */
export function PricingPage(props: PricingProps): JSX.Element {
  const { frame, isSold, isTest, operatorEmail } = props
  return (
    <PublicLayout
      frame={frame}
      title="Pricing"
      description="Credits once, a plan by the month, and what each model costs. One balance pays for all of it."
    >
      <header class="pricing-head">
        <h1>Pricing</h1>
        <p class="lead">One balance for every app. Pay once for credits, or by the month for a plan.</p>
        <Worth />
      </header>
      {isSold ? null : (
        <Notice text="Nothing is sold on this page yet. Ask the operator for credits or a plan.">
          {operatorEmail === null ? null : <Button href={`mailto:${operatorEmail}`} label="Write to the operator" />}
        </Notice>
      )}
      {isSold && isTest ? <Notice tone="warn" text="This server tries payments out: no money moves." /> : null}
      <Packages {...props} />
      <Plans {...props} />
      <section aria-labelledby="models-title">
        <h2 id="models-title">What a call costs</h2>
        <p>
          You pay for what a call used, to the token. The price has everything in it: the model, the app's share and
          this server's.
        </p>
        <div class="actions">
          <Button href="/models" label="Models and their prices" />
        </div>
      </section>
    </PublicLayout>
  )
}

function Packages({ packages, isSold }: PricingProps): JSX.Element {
  if (packages.length === 0) return ""
  return (
    <section aria-labelledby="packages-title" id="packages">
      <h2 id="packages-title">Credits, once</h2>
      <PriceCards>
        {packages.map((one) => (
          <PriceCard
            name={one.name}
            price={usdText(one.price)}
            per="once"
            points={pointsOfPackage(one)}
            action={isSold ? <Button href="/credits#buy" label={`Buy ${one.name}`} /> : undefined}
          />
        ))}
      </PriceCards>
    </section>
  )
}

function Plans({ plans, tables, by }: PricingProps): JSX.Element {
  if (plans.length === 0) return ""
  return (
    <>
      <section aria-labelledby="plans-title" id="plans">
        <h2 id="plans-title">Plans</h2>
        {by === null ? null : (
          <Segments
            label="Paid by the"
            swap="plans"
            links={[
              { label: "Month", href: "/pricing?by=month#plans", current: by === "month" },
              { label: "Year", href: "/pricing?by=year#plans", current: by === "year" },
            ]}
          />
        )}
        <PriceCards>
          {plans.map(({ action, ...plan }) => (
            <PriceCard {...plan} action={action ? <Button href={action.href} label={action.label} /> : undefined} />
          ))}
        </PriceCards>
      </section>
      <section aria-labelledby="compare-title" id="compare">
        <h2 id="compare-title">Plans, point by point</h2>
        {tables.map((table) => (
          <Compare caption="What each plan includes" plans={table.plans} groups={table.groups} />
        ))}
      </section>
    </>
  )
}
