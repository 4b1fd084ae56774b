// Plans and pricing of an API, for its publisher: what is offered, to whom which terms count, and the editor.
import type { Nano } from "../../../src/app/units.ts"
import { ConsoleLayout } from "../../layout/console.tsx"
import { EditPage } from "../../layout/edit-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { ListPage } from "../../layout/list-page.tsx"
import { count, plural, usdText } from "../../ui/format.ts"
import { Badge, Button, Empty, FormOf, type FormView, Notice, RowLink, Table, Usd } from "../../ui/index.ts"
import { ProductTabs } from "../publisher/product-frame.tsx"

export interface OfProduct {
  title: string
  href: string
}

export interface TermsRow {
  version: number
  price: Nano
  cycle: "week" | "month" | "year"
  quotas: readonly { period: "day" | "week" | "month" | "year"; units: number }[]
  overage: Nano | null
}

export interface PlanRow {
  id: string
  name: string
  isClosed: boolean
  terms: TermsRow
  subscribers: number
  /** Of these, who have earlier terms. */
  grandfathered: number
}

export interface ProductPlansProps {
  frame: Frame
  product: OfProduct
  rows: readonly PlanRow[]
}

const priceText = ({ price, cycle }: TermsRow): string => (price === 0 ? "Free" : `${usdText(price)} a ${cycle}`)

const quotaText = ({ quotas }: TermsRow): string =>
  quotas.length === 0 ? "No quota" : quotas.map(({ period, units }) => `${count(units)} a ${period}`).join(", ")

function OverageText({ overage }: { overage: Nano | null }): JSX.Element {
  return overage === null ? (
    <span>Refused</span>
  ) : (
    <>
      <Usd amount={overage} />
      {" a unit"}
    </>
  )
}

export function ProductPlansPage({ frame, product, rows }: ProductPlansProps): JSX.Element {
  const make = <Button kind="primary" href={`${product.href}/plans/new`} icon="plus" label="New plan" />
  return (
    <ListPage
      frame={frame}
      title="Plans and pricing"
      lead="What people can subscribe to, from the lowest plan to the highest. A higher plan has all that lower ones have."
      up={{ href: product.href, label: product.title }}
      action={rows.length > 0 ? make : undefined}
      filters={<ProductTabs path={product.href} title={product.title} current="plans" />}
      table={{
        caption: "Plans",
        columns: [
          { label: "Plan" },
          { label: "Price" },
          { label: "Quota", minor: true },
          { label: "Above it", minor: true },
          { label: "Subscribers", numeric: true },
        ],
        rows: rows.map((row) => [
          <>
            <RowLink href={`${product.href}/plans/${encodeURIComponent(row.id)}`} label={row.name} />
            {row.isClosed ? (
              <>
                {" "}
                <Badge text="Closed" />
              </>
            ) : null}
          </>,
          <span class="num" safe>
            {priceText(row.terms)}
          </span>,
          <span safe>{quotaText(row.terms)}</span>,
          <OverageText overage={row.terms.overage} />,
          <>
            <span class="num" safe>
              {count(row.subscribers)}
            </span>
            {row.grandfathered > 0 ? (
              <small class="quiet" safe>{` (${count(row.grandfathered)} on earlier terms)`}</small>
            ) : null}
          </>,
        ]),
        empty: <Empty title="No plan yet" text="People subscribe to a plan. A free one lets them try." action={make} />,
      }}
    />
  )
}

export interface PlanNewProps {
  frame: Frame
  product: OfProduct
  form: FormView
}

export function PlanNewPage({ frame, product, form }: PlanNewProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="New plan"
      lead={`What people get of ${product.title}, and what it costs.`}
      up={{ href: `${product.href}/plans`, label: "Plans and pricing" }}
      form={{ ...form, submit: "Offer this plan" }}
      cancelHref={`${product.href}/plans`}
    />
  )
}

export interface PlanEditorProps {
  frame: Frame
  product: OfProduct
  plan: { name: string; isClosed: boolean; version: number; subscribers: number; grandfathered: number }
  /** Terms that living subscribers have, newest first. */
  versions: readonly (TermsRow & { subscribers: number })[]
  form: FormView
  closing: FormView
}

/** What a change means for who is there. */
function keptWords({ subscribers, grandfathered, version }: PlanEditorProps["plan"]): string {
  if (subscribers === 0) return "Nobody has this plan yet, so a change counts for everybody."
  const has = `${plural(subscribers, "subscriber")} ${subscribers === 1 ? "has" : "have"} this plan`
  const earlier = grandfathered === 0 ? "" : `, ${count(grandfathered)} of them on earlier terms`
  return `${has}${earlier}. Price, quota, rates and overages of a change become version ${version + 1}, for whoever subscribes later: present subscribers keep theirs, also when they renew. Name, words and support count for all.`
}

export function PlanEditorPage({ frame, product, plan, versions, form, closing }: PlanEditorProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title={plan.name}
      lead={`A plan of ${product.title}.`}
      up={{ href: `${product.href}/plans`, label: "Plans and pricing" }}
    >
      <section aria-labelledby="kept-title">
        <h2 id="kept-title">Who keeps what</h2>
        <Notice tone={plan.subscribers === 0 ? "neutral" : "accent"} text={keptWords(plan)} />
        {versions.length === 0 ? null : (
          <Table
            caption="Terms that subscribers have"
            compact
            columns={[
              { label: "Version" },
              { label: "Price" },
              { label: "Quota" },
              { label: "Subscribers", numeric: true },
            ]}
            rows={versions.map((terms) => [
              <span safe>{`${terms.version}${terms.version === plan.version ? ", offered now" : ""}`}</span>,
              <span class="num" safe>
                {priceText(terms)}
              </span>,
              <span safe>{quotaText(terms)}</span>,
              <span class="num" safe>
                {count(terms.subscribers)}
              </span>,
            ])}
          />
        )}
      </section>
      <section aria-labelledby="terms-title">
        <h2 id="terms-title">Terms</h2>
        <FormOf form={form} csrf={frame.csrf} class="form page-form" cancelHref={`${product.href}/plans`} />
      </section>
      <section aria-labelledby="closing-title">
        <h2 id="closing-title">{plan.isClosed ? "Offer it again" : "Close it"}</h2>
        <p class="quiet page-form">
          {plan.isClosed
            ? "It takes no new subscribers. Present ones keep it."
            : "A closed plan takes no new subscribers. Present ones keep it and renew it."}
        </p>
        <FormOf form={closing} csrf={frame.csrf} isPlain />
      </section>
    </ConsoleLayout>
  )
}
