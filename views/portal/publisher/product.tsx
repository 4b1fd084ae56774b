// An API of a publisher: whether it is published and what that still needs, its addresses, its details.
import type { Frame } from "../../layout/frame.ts"
import {
  Button,
  CopyLine,
  Form,
  FormOf,
  type FormView,
  isOffered,
  Notice,
  Secret,
  Stepper,
  When,
} from "../../ui/index.ts"
import { ProductFrame, type ProductHead, productPath, StateBadge } from "./product-frame.tsx"

export interface ProductPageProps {
  frame: Frame
  now: number
  product: ProductHead & {
    remark: string | null
    endpoints: number
    host: string
    isProven: boolean
    publishedMs: number | null
    /** In the last 30 days. */
    isCalled: boolean
    hasSecret: boolean
  }
  publicUrl: string
  /** Whether its server answers, as a picture for other people's pages: in Markdown, with a link to its page. */
  badge: string
  lacking: readonly string[]
  /** A signing key made by this very request; shown once. */
  newSecret?: string | undefined
  form: FormView
}

export function ProductPage(props: ProductPageProps): JSX.Element {
  const { frame, now, product, newSecret, form } = props
  return (
    <ProductFrame frame={frame} product={product} current="overview">
      <p class="badges">
        <StateBadge state={product.state} />
        {product.publishedMs === null ? null : (
          <span class="quiet">
            {"First published "}
            <When ms={product.publishedMs} now={now} />
          </span>
        )}
      </p>
      {product.remark === null ? null : (
        <Notice
          tone={product.state === "suspended" ? "bad" : "warn"}
          text={`The people who run this service say: ${product.remark}`}
        />
      )}
      {newSecret ? (
        <Secret
          id="new-secret"
          title="Your new signing key"
          secret={newSecret}
          doneHref={productPath(product)}
          note="Calls are signed with it from now on. Give it to your server, which can then refuse whoever comes by another way."
        />
      ) : null}
      <Publication {...props} />
      <Addresses {...props} />
      <section aria-labelledby="details-title">
        <h2 id="details-title">Details</h2>
        <FormOf form={form} csrf={frame.csrf} class="form page-form" />
      </section>
      {isOffered("GET", `${productPath(product)}/removal`) ? <Safety product={product} /> : null}
    </ProductFrame>
  )
}

/** What comes next, and the one button for it. */
function Publication({ frame, product, lacking }: ProductPageProps): JSX.Element {
  const path = productPath(product)
  const isOut = product.state === "published" || product.state === "review"
  if (product.state === "suspended") return ""
  const isGuided = !isOut || isFirst(product)
  return (
    <section aria-labelledby="publication-title">
      <h2 id="publication-title" class={isGuided ? undefined : "sr"}>
        {isGuided ? "To the first call" : "Publication"}
      </h2>
      {isGuided ? <Steps product={product} lacking={lacking} /> : null}
      {isOut ? (
        <Form action={`${path}/withdrawal`} csrf={frame.csrf} class="actions">
          <Button label={product.state === "review" ? "Take it out of review" : "Unpublish"} />
          <span class="quiet">
            {product.state === "review"
              ? "It waits for somebody to look at it."
              : "Nobody new can subscribe then; subscribers go on to the end of their periods."}
          </span>
        </Form>
      ) : (
        <Form action={`${path}/publication`} csrf={frame.csrf} class="actions">
          <Button kind={lacking.length === 0 ? "primary" : "plain"} label={`Publish ${product.title}`} />
        </Form>
      )}
    </section>
  )
}

/** It can be called, and nobody did. */
const isFirst = ({ state, isCalled }: ProductPageProps["product"]): boolean => state === "published" && !isCalled

function Steps({ product, lacking }: Pick<ProductPageProps, "product" | "lacking">): JSX.Element {
  const path = productPath(product)
  const needsPlan = lacking.some((words) => words.includes("plan"))
  const steps = [
    { label: "Endpoints", isDone: product.endpoints > 0, href: `${path}/endpoints` },
    { label: "A plan", isDone: !needsPlan, href: `${path}/plans` },
    { label: `Prove ${product.host}`, isDone: product.isProven || isFirst(product), href: "/publisher/settings" },
    { label: "Publish", isDone: product.state === "published", href: undefined },
    // As anybody does it: with a plan, a key, and what both allow.
    {
      label: "Subscribe and call it",
      isDone: false,
      href: isFirst(product) ? `/marketplace/${product.slug}` : undefined,
    },
  ]
  const current = steps.findIndex(({ isDone }) => !isDone)
  return (
    <Stepper
      label="To the first call"
      steps={steps.map(({ label, isDone, href }, at) => ({
        label,
        href,
        state: isDone ? "done" : at === current ? "current" : "next",
      }))}
    />
  )
}

function Addresses({ product, publicUrl, badge }: ProductPageProps): JSX.Element {
  return (
    <section aria-labelledby="address-title">
      <h2 id="address-title">Addresses</h2>
      <dl class="facts wide">
        <div>
          <dt>Called at</dt>
          <dd>
            <CopyLine id="public-url" text={publicUrl} />
          </dd>
        </div>
        <div>
          <dt>Its page</dt>
          <dd>
            <a href={`/marketplace/${product.slug}`} safe>{`/marketplace/${product.slug}`}</a>
          </dd>
        </div>
        {product.state === "published" ? (
          <div>
            <dt>Status badge</dt>
            <dd>
              <CopyLine id="badge" text={badge} />
            </dd>
          </div>
        ) : null}
      </dl>
    </section>
  )
}

function Safety({ product }: Pick<ProductPageProps, "product">): JSX.Element {
  const path = productPath(product)
  return (
    <section aria-labelledby="safety-title">
      <h2 id="safety-title">Safety</h2>
      <p class="quiet page-form">
        Every call that reaches your server is signed by the gateway. Check the signature there, and nobody gets around
        plans and limits.
      </p>
      <p class="actions">
        <Button href={`${path}/signing-key`} label="Make a new signing key" dialog />
        <Button href={`${path}/removal`} label="Delete this API" dialog />
      </p>
    </section>
  )
}
