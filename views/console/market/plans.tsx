// /marketplace/:product: what it is, and what its plans give and cost, side by side; marks the one that the person is on.
import { count, plural } from "../../ui/format.ts"
import { Badge, Button, Compare, Empty, Markdown, PriceCard, PriceCards, Worth } from "../../ui/index.ts"
import { ProductFrame } from "./frame.tsx"
import type { MarketPlan, ProductHead, ProductPage } from "./types.ts"
import { anchorText, CYCLES, marketPath, overageText, priceText, quotaText, rateText, SUPPORT } from "./words.ts"

export interface MarketPlansProps extends ProductPage {
  /** Markdown of the publisher. */
  overview: string
  plans: readonly MarketPlan[]
  /** Living endpoints of the product. */
  endpoints: number
  /** Where a plan is changed or ended; null = nobody is subscribed. */
  billingHref: string | null
}

/** GET /marketplace/:product */
export function MarketPlansPage(props: MarketPlansProps): JSX.Element {
  const { product, plans, overview } = props
  return (
    <ProductFrame {...props} tab="plans">
      {overview === "" ? null : (
        <section aria-labelledby="about-title">
          <h2 id="about-title">What it does</h2>
          <Markdown source={overview} by="people" id="overview" />
        </section>
      )}
      <section aria-labelledby="plans-title">
        <h2 id="plans-title">Plans</h2>
        {plans.length === 0 ? (
          <Empty title="No plan yet" text="Its publisher has to offer one before anybody can subscribe." />
        ) : (
          <>
            <Worth />
            <PriceCards>
              {plans.map((plan) => (
                <PlanCard plan={plan} {...props} />
              ))}
            </PriceCards>
          </>
        )}
      </section>
      {plans.length < 2 ? null : (
        <section aria-labelledby="compare-title">
          <h2 id="compare-title">Point by point</h2>
          <Compare caption={`Plans of ${product.title}`} plans={plans.map(columnOf)} groups={groupsOf(props)} />
        </section>
      )}
      <p class="quiet">
        {
          "Quotas count units, shared by all endpoints of a plan; most calls use one. A call that is refused uses none. "
        }
        <a href={marketPath(product.slug, "docs")}>What each endpoint uses</a>
      </p>
    </ProductFrame>
  )
}

const markOf = ({ mine, isNext }: MarketPlan): string | undefined =>
  mine ? "Your plan" : isNext ? "Your next plan" : undefined

const columnOf = (plan: MarketPlan) => ({
  name: plan.name,
  price: plan.price === 0 ? "Free" : `${priceText(plan.price)} ${CYCLES[plan.cycle]}`,
  mark: markOf(plan),
})

function PlanCard({ plan, product, endpoints, billingHref }: { plan: MarketPlan } & MarketPlansProps): JSX.Element {
  const trial = plan.trialDays > 0 && !plan.mine ? `, ${plural(plan.trialDays, "day")} free first` : ""
  return (
    <PriceCard
      name={plan.name}
      price={priceText(plan.price)}
      per={plan.price === 0 ? undefined : `${CYCLES[plan.cycle]}${trial}`}
      mark={markOf(plan)}
      text={
        plan.mine?.keepsOlder ? "You keep the terms that you subscribed to. New subscribers get others." : undefined
      }
      points={[
        ...plan.quotas.map(quotaText),
        ...plan.rates.filter(({ endpoint }) => endpoint === null).map(rateText),
        `${count(plan.endpoints)} of ${plural(endpoints, "endpoint")}`,
        ...plan.features,
      ]}
      action={
        <PlanAct
          plan={plan}
          slug={product.slug}
          may={product.may}
          isOpen={product.notice === undefined}
          billingHref={billingHref}
        />
      }
    />
  )
}

function PlanAct(props: {
  plan: MarketPlan
  slug: string
  may: ProductHead["may"]
  isOpen: boolean
  billingHref: string | null
}): JSX.Element {
  const { plan, slug, may, isOpen, billingHref } = props
  if (plan.mine && !may.call) return <Badge text="On this plan" />
  if (plan.mine) return <Button href={marketPath(slug, "keys")} label="Your keys" />
  if (plan.isRetired || !isOpen) return <Badge text="Closed to new subscribers" />
  if (!may.pay) return <></>
  const query = `?plan=${encodeURIComponent(plan.id)}`
  if (billingHref !== null)
    return <Button href={`${billingHref}?to=${encodeURIComponent(plan.id)}`} label={`Change to ${plan.name}`} dialog />
  return <Button kind="primary" href={`${marketPath(slug, "subscribe")}${query}`} label={`Subscribe to ${plan.name}`} />
}

function groupsOf({ plans, endpoints }: MarketPlansProps) {
  const periods = (["day", "week", "month", "year"] as const).filter((period) =>
    plans.some(({ quotas }) => quotas.some((one) => one.period === period)),
  )
  const quota = (plan: MarketPlan, period: (typeof periods)[number]): string => {
    const one = plan.quotas.find((each) => each.period === period)
    return one ? `${count(one.units)}, ${anchorText(one)}` : "No limit of its own"
  }
  const rates = (plan: MarketPlan): string =>
    plan.rates.length === 0
      ? "No limit of its own"
      : plan.rates.map((one) => `${rateText(one)}${one.endpoint === null ? "" : ` on ${one.endpoint}`}`).join("; ")
  return [
    {
      title: "Limits",
      rows: [
        ...periods.map((period) => ({
          label: `Units a ${period}`,
          values: plans.map((plan) => quota(plan, period)),
        })),
        { label: "Above the quota", values: plans.map(overageText) },
        { label: "Requests to one endpoint", values: plans.map(rates) },
      ],
    },
    {
      title: "Access and help",
      rows: [
        {
          label: "Endpoints",
          values: plans.map((plan) => (plan.endpoints === endpoints ? "All" : `${plan.endpoints} of ${endpoints}`)),
        },
        { label: "Support", values: plans.map(({ support }) => SUPPORT[support]) },
        {
          label: "Free to try",
          values: plans.map(({ trialDays }) => (trialDays > 0 ? plural(trialDays, "day") : false)),
        },
      ],
    },
  ]
}
