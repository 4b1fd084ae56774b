// /publisher: the first visit of somebody who sells no API yet, and the list of somebody who does.
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { Button, Count, Empty, FormOf, type FormView, Notice, Ref, RowLink, Stat, Table, When } from "../../ui/index.ts"
import { Alerts, Days, type PublisherAlert, type PublisherFigures } from "./home-figures.tsx"
import { type ProductState, productPath, StateBadge } from "./product-frame.tsx"

export interface ProductRow {
  id: string
  title: string
  tagline: string
  state: ProductState
  version: string
  endpoints: number
  updatedMs: number
  /** In the last 30 days. */
  calls: number
  /** …that its server failed at. */
  errors: number
  /** What is to be done before it can be published. */
  lacking: readonly string[]
  /** What an admin said of it. */
  remark: string | null
}

export interface PublisherHomeProps {
  frame: Frame
  now: number
  /** The developer agreement is accepted. */
  agreed: boolean
  /** `address`: what those of its APIs begin with. */
  publisher: { name: string; address: string } | null
  /** Null while there is no API. */
  figures: PublisherFigures | null
  alerts: readonly PublisherAlert[]
  products: readonly ProductRow[]
  form: FormView
}

export function PublisherHomePage(props: PublisherHomeProps): JSX.Element {
  const { frame, publisher, products } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Your APIs"
      section="Developer"
      lead="APIs that you sell on the marketplace: people subscribe to a plan and call them through this server."
      action={
        publisher && products.length > 0 ? (
          <Button kind="primary" icon="plus" href="/publisher/products/new" label="New API" />
        ) : undefined
      }
    >
      {publisher ? <Own {...props} publisher={publisher} /> : <First {...props} />}
    </ConsoleLayout>
  )
}

function First({ frame, agreed, form }: PublisherHomeProps): JSX.Element {
  if (!agreed)
    return (
      <Empty
        title="Accept the developer agreement first"
        text="It says what holds for everybody who builds and sells here."
        action={<Button kind="primary" href="/developer" label="Read the agreement" />}
      />
    )
  return (
    <section aria-labelledby="become-title">
      <h2 id="become-title">Become a publisher</h2>
      <p class="quiet page-form">
        You bring an API of your own. This server checks keys, plans and limits, counts calls, bills your subscribers
        and keeps your share.
      </p>
      <FormOf form={form} csrf={frame.csrf} class="form page-form" />
    </section>
  )
}

function Own({
  now,
  publisher,
  products,
  figures,
  alerts,
}: PublisherHomeProps & { publisher: { name: string; address: string } }): JSX.Element {
  const open = products.filter(({ lacking, state }) => lacking.length > 0 && state !== "suspended")
  return (
    <>
      <Figures products={products} />
      {products
        .filter(({ remark }) => remark !== null)
        .map(({ title, remark }) => (
          <Notice tone="warn" text={`About ${title}: ${remark}`} />
        ))}
      <Alerts alerts={alerts} />
      {figures ? <Days figures={figures} /> : null}
      <Products now={now} products={products} />
      {open.length === 0 ? null : (
        <section aria-labelledby="open-title">
          <h2 id="open-title">Still to be done</h2>
          <ul>
            {open.map((product) => (
              <li>
                <a href={productPath(product)}>
                  <bdi safe>{product.title}</bdi>
                </a>
                <span class="quiet" safe>{` ${product.lacking.join(" ")}`}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="quiet">
        {"You publish as "}
        <bdi class="strong" safe>
          {publisher.name}
        </bdi>
        {", under "}
        <code safe>{publisher.address}</code>
        {". "}
        <Ref href="/publisher/settings" label="Change it" otherwise="" />
      </p>
    </>
  )
}

type Rows = Pick<PublisherHomeProps, "products">

function Figures({ products }: Rows): JSX.Element {
  const count = (state: ProductState) => products.filter((one) => one.state === state).length
  if (products.length === 0) return ""
  return (
    <dl class="stats">
      <Stat label="Published">
        <Count value={count("published")} />
      </Stat>
      <Stat label="In review">
        <Count value={count("review")} />
      </Stat>
      <Stat label="Drafts">
        <Count value={count("draft") + count("unpublished")} />
      </Stat>
    </dl>
  )
}

function Products({ now, products }: Rows & { now: number }): JSX.Element {
  return (
    <section aria-labelledby="products-title">
      <h2 id="products-title" class={products.length === 0 ? "sr" : undefined}>
        Products
      </h2>
      <Table
        caption="Your APIs"
        hideCaption
        columns={[
          { label: "Name" },
          { label: "State" },
          { label: "Endpoints", numeric: true, minor: true },
          { label: "Calls", numeric: true },
          { label: "5xx", numeric: true },
          { label: "Changed", minor: true },
        ]}
        rows={products.map((product) => [
          <>
            <RowLink href={productPath(product)} label={product.title} />
            {product.tagline ? (
              <p class="quiet" safe>
                {product.tagline}
              </p>
            ) : null}
          </>,
          <StateBadge state={product.state} />,
          <Count value={product.endpoints} />,
          <a href={`${productPath(product)}/calls`}>
            <Count value={product.calls} />
            <span class="sr" safe>{` calls of ${product.title}`}</span>
          </a>,
          <Count value={product.errors} />,
          <When ms={product.updatedMs} now={now} />,
        ])}
        empty={
          <Empty
            title="No API yet"
            text="Bring an OpenAPI document: its endpoints, parameters and examples come with it."
            action={<Button kind="primary" href="/publisher/products/new" label="Bring an API" />}
          />
        }
      />
    </section>
  )
}
