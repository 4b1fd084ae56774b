// APIs of publishers, as the operator sees them: the queue and the list, one with all that decides, and the questions before an act.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import { Facts } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import {
  Badge,
  Button,
  Empty,
  Form,
  FormOf,
  type FormView,
  Markdown,
  Notice,
  Pager,
  RowLink,
  SearchBox,
  Table,
  Tabs,
  type Tone,
  When,
  withQuery,
} from "../ui/index.ts"
import { type AdminSign, Signs } from "./product-signs.tsx"

export type AdminProductState = "draft" | "review" | "published" | "unpublished" | "suspended"

const STATES: Readonly<Record<AdminProductState, { tone: Tone; text: string }>> = {
  review: { tone: "warn", text: "In review" },
  published: { tone: "ok", text: "Published" },
  draft: { tone: "neutral", text: "Draft" },
  unpublished: { tone: "neutral", text: "Not published" },
  suspended: { tone: "bad", text: "Suspended" },
}

export interface AdminProductRow {
  id: string
  title: string
  slug: string
  state: AdminProductState
  publisher: string
  host: string
  isFeatured: boolean
  updatedMs: number
}

export interface AdminProductsProps {
  frame: Frame
  now: number
  /** Null = all. */
  state: AdminProductState | null
  text: string
  counts: readonly { state: AdminProductState; count: number }[]
  products: readonly AdminProductRow[]
  /** Those nobody looked at yet, of all products. */
  signs: readonly AdminSign[]
  /** Where the next page begins; null = there is none. */
  next: string | null
  isFirst: boolean
}

const LIST = "/admin/products"
const pathOf = (id: string): string => `${LIST}/${encodeURIComponent(id)}`

export function AdminProductsPage(props: AdminProductsProps): JSX.Element {
  const { frame, now, state, text, counts, products, next, isFirst } = props
  const href = (more: Record<string, string | undefined>) => withQuery(LIST, { q: text, ...more })
  return (
    <ConsoleLayout
      frame={frame}
      title="API products"
      section="Admin"
      lead="APIs that publishers sell here. Settings say whether you look at each before it is published."
    >
      <Tabs
        label="States"
        tabs={[
          ...counts.map((one) => ({
            label: STATES[one.state].text,
            href: href({ state: one.state }),
            current: state === one.state,
            count: String(one.count),
          })),
          { label: "All", href: href({}), current: state === null },
        ]}
      />
      <SearchBox action={LIST} label="Search products" value={text} keep={{ state: state ?? undefined }} />
      <Table
        caption="API products"
        hideCaption
        columns={[
          { label: "Name" },
          { label: "Publisher" },
          { label: "State" },
          { label: "Server", minor: true },
          { label: "Changed" },
        ]}
        rows={products.map((one) => [
          <RowLink href={pathOf(one.id)} label={one.title} />,
          <bdi safe>{one.publisher}</bdi>,
          <>
            <Badge {...STATES[one.state]} />
            {one.isFeatured ? <Badge tone="accent" text="Featured" /> : null}
          </>,
          <code safe>{one.host}</code>,
          <When ms={one.updatedMs} now={now} />,
        ])}
        empty={<Empty title="No API yet" text="APIs appear here as soon as publishers make them." />}
      />
      <Pager
        label="API products"
        firstHref={isFirst ? undefined : href({ state: state ?? undefined })}
        nextHref={next === null ? undefined : href({ state: state ?? undefined, before: next })}
      />
      {props.signs.length === 0 ? null : <Signs signs={props.signs} now={now} />}
    </ConsoleLayout>
  )
}

export interface AdminProductProps {
  frame: Frame
  now: number
  product: {
    id: string
    title: string
    tagline: string
    /** Markdown of the publisher. */
    overview: string
    /** Where it is called. */
    address: string
    state: AdminProductState
    remark: string | null
    version: string
    upstreamUrl: string
    isProven: boolean
    isFeatured: boolean
    endpoints: number
    plans: readonly string[]
    /** That did not end. */
    consumers: number
    createdMs: number
    publishedMs: number | null
  }
  publisher: { name: string; isSuspended: boolean }
  lacking: readonly string[]
  commission: { percent: number; by: "product" | "publisher" | "platform" }
  /** All of it, also those somebody looked at. */
  signs: readonly AdminSign[]
  forms: { commission: FormView; publisherCommission: FormView }
}

const BY = {
  product: "set for this product",
  publisher: "set for its publisher",
  platform: "as for everybody",
} as const

export function AdminProductPage(props: AdminProductProps): JSX.Element {
  const { frame, product, publisher } = props
  return (
    <ConsoleLayout
      frame={frame}
      title={product.title}
      section="Admin"
      lead={product.tagline === "" ? undefined : product.tagline}
      up={{ href: LIST, label: "API products" }}
    >
      <p class="badges">
        <Badge {...STATES[product.state]} />
        {product.isFeatured ? <Badge tone="accent" text="Featured" /> : null}
        {publisher.isSuspended ? <Badge tone="bad" text="Its publisher is suspended" /> : null}
      </p>
      {product.remark === null ? null : <Notice tone="warn" text={`Its publisher reads: ${product.remark}`} />}
      <Decisions {...props} />
      <section aria-labelledby="facts-title">
        <h2 id="facts-title">What it is</h2>
        <Facts facts={factsOf(props)} wide />
      </section>
      {product.overview === "" ? null : (
        <section aria-labelledby="overview-title">
          <h2 id="overview-title">What its publisher says</h2>
          <div class="card">
            <Markdown id="overview" source={product.overview} by="people" />
          </div>
        </section>
      )}
      <Signs signs={props.signs} now={props.now} isOne />
      <Commission {...props} />
    </ConsoleLayout>
  )
}

function factsOf({ now, product, publisher }: AdminProductProps) {
  return [
    { label: "Publisher", text: publisher.name },
    { label: "Called at", text: product.address },
    { label: "Server", text: `${product.upstreamUrl}${product.isProven ? "" : " (not proven)"}` },
    { label: "Version", text: product.version },
    { label: "Endpoints", text: String(product.endpoints) },
    { label: "Plans", text: product.plans.length === 0 ? "None" : product.plans.join(", ") },
    {
      label: "Consumers",
      value: (
        <a href={`${pathOf(product.id)}/consumers`} safe>
          {plural(product.consumers, "consumer")}
        </a>
      ),
    },
    { label: "Made", value: <When ms={product.createdMs} now={now} /> },
    { label: "First published", value: <When ms={product.publishedMs} now={now} never="Never" /> },
  ]
}

function Decisions({ frame, product, lacking }: AdminProductProps): JSX.Element {
  const path = pathOf(product.id)
  const { state } = product
  return (
    <section aria-labelledby="decide-title">
      <h2 id="decide-title" class="sr">
        Decisions
      </h2>
      {state !== "published" && lacking.length > 0 ? (
        <Notice text={`It cannot be published yet. ${lacking.join(" ")}`} />
      ) : null}
      <div class="actions">
        {state === "review" || state === "draft" || state === "unpublished" ? (
          <Button kind={state === "review" ? "primary" : "plain"} href={`${path}/publication`} label="Publish" dialog />
        ) : null}
        {state === "review" || state === "unpublished" ? (
          <Button href={`${path}/return`} label="Send back" dialog />
        ) : null}
        {product.isProven ? null : <Button href={`${path}/host`} label="Vouch for its server" dialog />}
        {state === "published" ? (
          <Form action={`${path}/featuring${product.isFeatured ? "/removal" : ""}`} csrf={frame.csrf} class="inline">
            <Button label={product.isFeatured ? "Stop featuring" : "Feature"} />
          </Form>
        ) : null}
        {state === "suspended" ? (
          <Form action={`${path}/reinstatement`} csrf={frame.csrf} class="inline">
            <Button label="End the suspension" />
          </Form>
        ) : (
          <Button kind="danger" href={`${path}/suspension`} label="Suspend" dialog />
        )}
      </div>
    </section>
  )
}

function Commission({ frame, publisher, commission, forms }: AdminProductProps): JSX.Element {
  return (
    <section aria-labelledby="commission-title">
      <h2 id="commission-title">Commission</h2>
      <p safe>{`The platform keeps ${commission.percent} % of each sale, ${BY[commission.by]}.`}</p>
      <h3>Of this product</h3>
      <FormOf form={forms.commission} csrf={frame.csrf} class="form page-form" isPlain />
      <h3>
        {"Of everything by "}
        <bdi safe>{publisher.name}</bdi>
      </h3>
      <FormOf form={forms.publisherCommission} csrf={frame.csrf} class="form page-form" isPlain />
    </section>
  )
}

export interface ProductActPageProps {
  frame: Frame
  product: { id: string; title: string }
  title: string
  words: string
  form: FormView
}

export function ProductActPage({ frame, product, title, words, form }: ProductActPageProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={title}
      section="Admin"
      up={{ href: pathOf(product.id), label: product.title }}
      form={form}
      words={[words]}
      cancelHref={pathOf(product.id)}
    />
  )
}
