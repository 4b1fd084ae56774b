// What a publisher's APIs earned, by month, product and plan: gross, commission, net.
import { type Nano, nano } from "../../../src/app/units.ts"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { count } from "../../ui/format.ts"
import { Button, Empty, Segments, Stat, Table, Usd } from "../../ui/index.ts"
import { apportion, usdPlaces, usdStep } from "../../ui/together.ts"

export interface RevenueLine {
  product: string
  title: string
  plan: string
  /** First moment of the UTC month. */
  fromMs: number
  payments: number
  gross: Nano
  /** Given back in that month. */
  refunded: Nano
  commission: Nano
  net: Nano
}

export interface RevenueProps {
  frame: Frame
  range: "3m" | "12m" | "all"
  /** Slug; null = all. */
  product: string | null
  products: readonly { slug: string; title: string }[]
  lines: readonly RevenueLine[]
  total: { gross: Nano; refunded: Nano; commission: Nano; net: Nano }
  /** Charged by calls above plans, and on no invoice yet. */
  open: { gross: Nano; net: Nano }
}

const RANGES = [
  { range: "3m", label: "3 months" },
  { range: "12m", label: "12 months" },
  { range: "all", label: "All" },
] as const

const monthText = (ms: number): string =>
  new Date(ms).toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" })

const addressOf = (path: string, range: string, product: string | null): string =>
  `${path}?${new URLSearchParams({ range, ...(product === null ? {} : { product }) })}`

export function RevenuePage({ frame, range, product, products, lines, total, open }: RevenueProps): JSX.Element {
  const href = (to: { range?: string; product?: string | null }) =>
    addressOf("/publisher/revenue", to.range ?? range, to.product === undefined ? product : to.product)
  const places = placesOf([total])
  const [gross, commission, net] = figures(total, places)
  const openPlaces = usdPlaces([open.gross, open.net])
  return (
    <ConsoleLayout
      frame={frame}
      title="Revenue of your APIs"
      lead="What subscribers paid, what the platform kept, and what is yours. Months are UTC."
      action={
        <Button kind="plain" href={addressOf("/publisher/revenue.csv", range, product)} icon="download" label="CSV" />
      }
    >
      <Segments
        label="Time"
        links={RANGES.map((one) => ({
          label: one.label,
          href: href({ range: one.range }),
          current: one.range === range,
        }))}
      />
      {products.length < 2 ? null : <Choice products={products} product={product} href={href} />}
      <dl class="stats">
        <Stat label="Gross">{gross}</Stat>
        {total.refunded === 0 ? null : (
          <Stat label="Given back">
            <Usd amount={total.refunded} places={places} />
          </Stat>
        )}
        <Stat label="Commission">{commission}</Stat>
        <Stat label="Net">{net}</Stat>
      </dl>
      {open.gross === 0 ? null : (
        <p class="quiet">
          {"Calls above plans of the present periods brought "}
          <Usd amount={open.gross} places={openPlaces} />
          {" more, "}
          <Usd amount={open.net} places={openPlaces} way="down" />
          {" of it yours. They stand below when their period is over."}
        </p>
      )}
      <Lines lines={lines} />
      <p class="quiet">
        {"Apart from its commission the platform may charge for hosting: "}
        <a href="/publisher/hosting">Hosting fee</a>
        {"."}
      </p>
    </ConsoleLayout>
  )
}

function Lines({ lines }: Pick<RevenueProps, "lines">): JSX.Element {
  const places = placesOf(lines)
  return (
    <section aria-labelledby="lines-title">
      <h2 id="lines-title">By month, API and plan</h2>
      <Table
        caption="Revenue by month, API and plan"
        hideCaption
        columns={[
          { label: "Month" },
          { label: "API" },
          { label: "Plan" },
          { label: "Payments", numeric: true, minor: true },
          { label: "Gross", numeric: true },
          { label: "Given back", numeric: true, minor: true },
          { label: "Commission", numeric: true },
          { label: "Net", numeric: true },
        ]}
        rows={lines.map((line) => [
          <span safe>{monthText(line.fromMs)}</span>,
          <bdi safe>{line.title}</bdi>,
          <bdi safe>{line.plan}</bdi>,
          <span class="num" safe>
            {count(line.payments)}
          </span>,
          ...withRefunds(line, places),
        ])}
        empty={<Empty title="Nothing in this time" text="Each month in which somebody paid for a plan stands here." />}
      />
    </section>
  )
}

function Choice({
  products,
  product,
  href,
}: Pick<RevenueProps, "products" | "product"> & { href: (to: { product: string | null }) => string }): JSX.Element {
  return (
    <p>
      {"Of "}
      {product === null ? <strong>all APIs</strong> : <a href={href({ product: null })}>all APIs</a>}
      {products.map(({ slug, title }) => (
        <>
          {" · "}
          {slug === product ? (
            <strong>
              <bdi safe>{title}</bdi>
            </strong>
          ) : (
            <a href={href({ product: slug })}>
              <bdi safe>{title}</bdi>
            </a>
          )}
        </>
      ))}
    </p>
  )
}

const withRefunds = (line: RevenueLine, places: number): JSX.Element[] => {
  const [gross, ...rest] = figures(line, places)
  return [gross, <Usd amount={line.refunded} places={places} />, ...rest]
}

const placesOf = (all: readonly RevenueProps["total"][]): number =>
  usdPlaces(all.flatMap(({ gross, refunded, commission, net }) => [gross, refunded, commission, net]))

/** Gross, commission and net, which add up to the eye where nothing was given back. */
function figures(
  { gross, refunded, commission, net }: RevenueProps["total"],
  places: number,
): [JSX.Element, JSX.Element, JSX.Element] {
  const [kept, earned] = refunded === 0 ? apportion([commission, net], usdStep(places)) : [commission, net]
  return [
    <Usd amount={gross} places={places} />,
    <Usd amount={commission} places={places} shown={nano(kept!)} />,
    <Usd amount={net} places={places} shown={nano(earned!)} />,
  ]
}
