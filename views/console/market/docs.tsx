// /marketplace/:product/docs: how the product is used at all; and a guide of its publisher.

import { plural } from "../../ui/format.ts"
import { Badge, Button, CodeTabs, CopyLine, Empty, Markdown, Table } from "../../ui/index.ts"
import { AgentSection } from "./agent.tsx"
import { DocsFrame, MinPlan, Verb } from "./docs-frame.tsx"
import type { DocSample, DocsTree, ProductPage } from "./types.ts"
import { marketPath } from "./words.ts"

export interface MarketDocsProps extends ProductPage {
  /** Where MCP clients connect. */
  mcpUrl: string
  tree: DocsTree
  /** Markdown of the publisher. */
  overview: string
  /** "https://ai.example.com/m/acme/weather" */
  baseUrl: string
  /** A first call with a key, in the languages. */
  samples: readonly DocSample[]
  /** The call with the key in its address: `curl`. */
  queryCall: string
}

/** GET /marketplace/:product/docs */
export function MarketDocsPage(props: MarketDocsProps): JSX.Element {
  const { product, tree, overview } = props
  return (
    <DocsFrame {...props} current={{}}>
      <article class="market-doc">
        <section aria-labelledby="intro-title">
          <h2 id="intro-title">Overview</h2>
          {overview === "" ? <p safe>{product.tagline || `${product.title}, as an API.`}</p> : null}
          {overview === "" ? null : <Markdown source={overview} by="people" id="overview" />}
          <div class="actions">
            <Button href={marketPath(product.slug, "openapi.json")} icon="download" label="OpenAPI" />
            <Button href={marketPath(product.slug, "postman.json")} icon="download" label="Postman collection" />
          </div>
        </section>
        <Authentication {...props} />
        <AgentSection slug={product.slug} mcpUrl={props.mcpUrl} subscribed={Boolean(product.subscription)} />
        <Limits {...props} />
        <Errors />
        <section aria-labelledby="endpoints-title">
          <h2 id="endpoints-title">Endpoints</h2>
          <Endpoints product={product} tree={tree} />
        </section>
      </article>
    </DocsFrame>
  )
}

function Authentication({ product, baseUrl, samples, queryCall }: MarketDocsProps): JSX.Element {
  return (
    <section aria-labelledby="auth-title">
      <h2 id="auth-title">Authentication</h2>
      <p>
        {"Each call carries a key of your subscription. "}
        {product.subscription && !product.may.call ? (
          "The team’s owner and admins make them"
        ) : product.subscription ? (
          <a href={marketPath(product.slug, "keys")}>Your keys</a>
        ) : (
          <a href={marketPath(product.slug)}>Subscribe to a plan to get one</a>
        )}
        {". Keep it on your server: whoever has it uses your quota and spends your balance."}
      </p>
      <h3>Base address</h3>
      <CopyLine id="base-url" text={baseUrl} />
      <h3>In a header</h3>
      <p>
        {"The way to prefer. "}
        <code>Authorization: Bearer YOUR_KEY</code>
        {", or "}
        <code>X-API-Key: YOUR_KEY</code>.
      </p>
      {samples.length === 0 ? null : <CodeTabs id="auth-sample" title="A first call" tabs={samples} />}
      <h3>In the address</h3>
      <p>
        {"Where a header cannot be set: "}
        <code>?api_key=YOUR_KEY</code>
        {". Addresses end up in histories and logs of others, so treat such a key as less secret. Ours never keep it."}
      </p>
      {queryCall === "" ? null : (
        <CodeTabs
          id="query-sample"
          title="The key in the address"
          tabs={[{ label: "curl", language: "bash", code: queryCall }]}
        />
      )}
    </section>
  )
}

function Limits({ product }: MarketDocsProps): JSX.Element {
  return (
    <section aria-labelledby="limits-title">
      <h2 id="limits-title">Quotas and rates</h2>
      <p>
        {
          "A plan has one pool of units for all its endpoints, and a rate for each endpoint. Answers say where you stand: "
        }
        <code>x-quota-limit</code>
        {", "}
        <code>x-quota-remaining</code>
        {" and "}
        <code>x-quota-reset</code>
        {" for the quota, "}
        <code>RateLimit</code>
        {" and "}
        <code>RateLimit-Policy</code>
        {" for the rate. After a refusal "}
        <code>Retry-After</code>
        {" says how many seconds to wait. "}
        <a href={marketPath(product.slug)}>Compare plans</a>
      </p>
    </section>
  )
}

const ERRORS: readonly (readonly [status: string, meaning: string, advice: string])[] = [
  ["400", "The call does not fit the endpoint’s parameters", "Read the message: it names the parameter."],
  ["401", "No key, or one that is unknown, revoked or expired", "Send a key of this subscription."],
  ["402", "An overage or a price of the call cannot be paid", "Add credits."],
  [
    "403",
    "Not in your plan, not from your address, the quota is used up, or the payment is past due",
    "The code says which of them.",
  ],
  ["404", "No such endpoint", "Compare method and path with these pages."],
  ["429", "Too many requests at once", "Wait as long as Retry-After says."],
  ["502, 503, 504", "The API behind it did not answer", "Try again; the unit was given back if it was never reached."],
]

function Errors(): JSX.Element {
  return (
    <section aria-labelledby="errors-title">
      <h2 id="errors-title">Errors</h2>
      <p>
        {"What the gateway refuses comes as "}
        <code>application/problem+json</code>
        {" with a "}
        <code>code</code>
        {" for programs. What the API itself answers passes unchanged."}
      </p>
      <Table
        caption="Errors of the gateway"
        hideCaption
        compact
        scrolls
        columns={[{ label: "Status" }, { label: "Meaning" }, { label: "What to do" }]}
        rows={ERRORS.map(([status, meaning, advice]) => [
          <span class="num" safe>
            {status}
          </span>,
          <span safe>{meaning}</span>,
          <span safe>{advice}</span>,
        ])}
      />
    </section>
  )
}

function Endpoints({ product, tree }: Pick<MarketDocsProps, "product" | "tree">): JSX.Element {
  return (
    <Table
      caption={plural(tree.endpoints.length, "endpoint")}
      hideCaption
      columns={[{ label: "Endpoint" }, { label: "Call" }, { label: "Minimum plan" }]}
      rows={tree.endpoints.map((one) => [
        <>
          <a href={marketPath(product.slug, "docs", one.id)}>
            <bdi safe>{one.title}</bdi>
          </a>
          {one.isDeprecated ? (
            <>
              {" "}
              <Badge tone="warn" text="Deprecated" />
            </>
          ) : null}
        </>,
        <span class="market-address">
          <Verb method={one.method} />
          <code safe>{one.path}</code>
        </span>,
        <MinPlan {...one} />,
      ])}
      empty={<Empty title="No endpoint yet" text="Its publisher has described none so far." />}
    />
  )
}

export interface MarketGuideProps extends ProductPage {
  tree: DocsTree
  guide: { slug: string; title: string; text: string }
}

/** GET /marketplace/:product/guides/:guide */
export function MarketGuidePage({ guide, ...rest }: MarketGuideProps): JSX.Element {
  return (
    <DocsFrame {...rest} title={guide.title} current={{ guide: guide.slug }}>
      <article class="market-doc">
        <h2 class="sr" safe>
          {guide.title}
        </h2>
        <Markdown source={guide.text} by="people" id="guide" />
      </article>
    </DocsFrame>
  )
}
