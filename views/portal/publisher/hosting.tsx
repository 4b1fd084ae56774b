// What a publisher pays the platform for hosting: nothing by default; else a fee for each published API and month.
import { type Nano, nano } from "../../../src/app/units.ts"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { plural, usdText } from "../../ui/format.ts"
import { Empty, Notice, Table, Usd, When } from "../../ui/index.ts"

export interface HostingProps {
  frame: Frame
  now: number
  /** Of each API and month; 0 = none is charged. */
  fee: Nano
  /** What is published now. */
  products: readonly { title: string; slug: string }[]
  nextMs: number
  charged: readonly { title: string; month: string; atMs: number; amount: Nano; from: "earnings" | "credits" }[]
}

const monthText = (month: string): string =>
  new Date(`${month}-01T00:00:00Z`).toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" })

export function HostingPage({ frame, now, fee, products, nextMs, charged }: HostingProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Hosting fee"
      section="Developer"
      lead="What the platform charges you for having your APIs here, apart from its commission."
      up={{ href: "/publisher", label: "Your APIs" }}
    >
      {fee === 0 ? (
        <Notice text="Hosting costs nothing here." />
      ) : (
        <Next fee={fee} products={products} now={now} nextMs={nextMs} />
      )}
      {fee === 0 && charged.length === 0 ? null : (
        <section aria-labelledby="charged-title">
          <h2 id="charged-title">Charged</h2>
          <Table
            caption="Charged"
            hideCaption
            columns={[
              { label: "Month" },
              { label: "API" },
              { label: "Paid from" },
              { label: "When", minor: true },
              { label: "Amount", numeric: true },
            ]}
            rows={charged.map((one) => [
              <span safe>{monthText(one.month)}</span>,
              <bdi safe>{one.title}</bdi>,
              <span>{one.from === "credits" ? "Bought credits" : "Earnings"}</span>,
              <When ms={one.atMs} now={now} />,
              <Usd amount={one.amount} />,
            ])}
            empty={<Empty title="Nothing yet" text="Each month of each API stands here." />}
          />
        </section>
      )}
    </ConsoleLayout>
  )
}

function Next({ fee, products, now, nextMs }: Pick<HostingProps, "fee" | "products" | "now" | "nextMs">): JSX.Element {
  return (
    <section aria-labelledby="next-title">
      <h2 id="next-title">Next month</h2>
      <p class="page-form">
        <span
          safe
        >{`${usdText(fee)} for each published API. You have ${plural(products.length, "published API")}, so `}</span>
        <strong>
          <Usd amount={nano(fee * products.length)} />
        </strong>
        {" will be charged "}
        <When ms={nextMs} now={now} />
        {", for what is published then."}
      </p>
      <p class="quiet page-form">
        It comes off what your APIs earned and is available, else off your bought credits, else off what your APIs earn
        next. The month in which an API is first published is free. What you do not want to pay for you can unpublish
        before.
      </p>
      {products.length === 0 ? null : (
        <ul>
          {products.map(({ title, slug }) => (
            <li>
              <a href={`/publisher/products/${encodeURIComponent(slug)}`}>
                <bdi safe>{title}</bdi>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
