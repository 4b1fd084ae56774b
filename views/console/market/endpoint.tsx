// One endpoint, each by the same template: summary, parameters, response, limits, code, try it.
import { assetUrl } from "../../layout/assets.ts"
import { Facts } from "../../layout/detail-page.tsx"
import { plural } from "../../ui/format.ts"
import { Badge, Beside, CodeBlock, CodeTabs, CopyLine, Markdown, Table, Usd } from "../../ui/index.ts"
import { DocsFrame, MinPlan, ParameterTable, Verb } from "./docs-frame.tsx"
import { TryIt } from "./try.tsx"
import type {
  DocExample,
  DocsTree,
  EndpointDoc,
  PlanLimits,
  ProductPage,
  TryAnswer,
  TryForm,
  TryLock,
} from "./types.ts"
import { anchorText, marketPath, overageText, quotaText, rateText } from "./words.ts"

export interface MarketEndpointProps extends ProductPage {
  tree: DocsTree
  endpoint: EndpointDoc
  form: TryForm
  /** Undefined = calls can be made. */
  lock?: TryLock | undefined
  /** Of the call just made, or the stored one. */
  answer?: TryAnswer | undefined
}

/** GET and POST /marketplace/:product/docs/:endpoint */
export function MarketEndpointPage(props: MarketEndpointProps): JSX.Element {
  const { endpoint } = props
  return (
    <DocsFrame {...props} title={endpoint.title} current={{ endpoint: endpoint.id }}>
      <article class="market-doc">
        <Beside label={`Code and a call of ${endpoint.title}`} example={<Live {...props} />}>
          <Summary endpoint={endpoint} />
          <Parameters endpoint={endpoint} />
          <Response endpoint={endpoint} />
          <Limits endpoint={endpoint} slug={props.product.slug} />
        </Beside>
      </article>
    </DocsFrame>
  )
}

type Part = { endpoint: EndpointDoc }

function Summary({ endpoint }: Part): JSX.Element {
  return (
    <section aria-labelledby="summary-title">
      <h2 id="summary-title" class="sr">
        Summary
      </h2>
      <p class="market-address">
        <Verb method={endpoint.method} />
        <code safe>{endpoint.path}</code>
        {endpoint.isDeprecated ? <Badge tone="warn" text="Deprecated" /> : null}
      </p>
      <CopyLine id="endpoint-url" text={endpoint.url} />
      <Facts
        wide
        facts={[
          { label: "Name", text: endpoint.title },
          { label: "Method", text: endpoint.method },
          { label: "Minimum plan", value: <MinPlan {...endpoint} /> },
        ]}
      />
      {endpoint.description === "" ? null : <Markdown source={endpoint.description} by="people" id="description" />}
    </section>
  )
}

const PLACES = [
  { place: "path", heading: "Path parameters" },
  { place: "query", heading: "Query parameters" },
  { place: "header", heading: "Headers" },
] as const

function Parameters({ endpoint }: Part): JSX.Element {
  const { parameters, body } = endpoint
  const isNone = body === null && PLACES.every(({ place }) => parameters[place].length === 0)
  return (
    <section aria-labelledby="parameters-title">
      <h2 id="parameters-title">Parameters</h2>
      {isNone ? <p class="quiet">It takes none.</p> : null}
      {PLACES.filter(({ place }) => parameters[place].length > 0).map(({ place, heading }) => (
        <ParameterTable caption={heading} rows={parameters[place]} />
      ))}
      {body === null ? null : (
        <>
          <h3>Request body</h3>
          <p>
            <code safe>{body.type}</code>
          </p>
          {body.fields.length === 0 ? null : <ParameterTable caption="Fields of the body" rows={body.fields} />}
          {body.example === null ? null : (
            <CodeBlock id="body-example" title="Example body" code={body.example} language={languageOf(body.type)} />
          )}
          {body.schema === null ? null : (
            <details>
              <summary>JSON Schema of the body</summary>
              <CodeBlock id="body-schema" title="JSON Schema" code={body.schema} language="json" />
            </details>
          )}
        </>
      )}
    </section>
  )
}

const languageOf = (type: string): "json" | "html" | "text" =>
  /[/+]json$/.test(type) ? "json" : /[/+](xml|html)$/.test(type) ? "html" : "text"

function Response({ endpoint: { success, errors } }: Part): JSX.Element {
  return (
    <section aria-labelledby="response-title">
      <h2 id="response-title">Response</h2>
      <h3>Success</h3>
      {success.length === 0 ? <p class="quiet">No example is stored.</p> : null}
      {success.map((one, index) => (
        <Example one={one} id={`success-${index + 1}`} />
      ))}
      <h3>Errors</h3>
      {errors.length === 0 ? (
        <p class="quiet">None of its own; those of the gateway can come with any call.</p>
      ) : (
        <Table
          caption="Errors"
          hideCaption
          scrolls
          columns={[{ label: "Code" }, { label: "Meaning" }, { label: "Example" }]}
          rows={errors.map((one) => [
            <Badge tone="warn" text={String(one.status)} />,
            <span dir="auto" safe>
              {one.meaning}
            </span>,
            one.body === "" ? <span class="quiet">None</span> : <code safe>{one.body}</code>,
          ])}
        />
      )}
    </section>
  )
}

function Example({ one, id }: { one: DocExample; id: string }): JSX.Element {
  const title = `${one.status} ${one.meaning || "Success"}`
  return <CodeBlock id={id} title={title} code={one.body} language={languageOf(one.type)} />
}

function Limits({ endpoint, slug }: Part & { slug: string }): JSX.Element {
  const { weight, price, limits } = endpoint
  return (
    <section aria-labelledby="impact-title">
      <h2 id="impact-title">Rate limit and quota</h2>
      <p>
        <span safe>
          {weight === 0
            ? "A call uses nothing of the quota."
            : `A call uses ${plural(weight, "unit")} of the plan’s quota, which all its endpoints share.`}
        </span>
        {price === 0 ? null : (
          <>
            {" Each costs "}
            <Usd amount={price} />
            {" beside the plan."}
          </>
        )}
      </p>
      {endpoint.hasAddresses ? (
        <p>
          Its publisher takes calls from some addresses alone. Calls from others are refused with <code>403</code>{" "}
          <code>address_denied</code>, and use no quota.
        </p>
      ) : null}
      <Table
        caption="What plans allow"
        hideCaption
        scrolls
        columns={[{ label: "Plan" }, { label: "Quota impact" }, { label: "Rate limit" }, { label: "Overages" }]}
        rows={limits.map((plan) => [
          <>
            <bdi safe>{plan.plan}</bdi>
            {plan.isMine ? (
              <>
                {" "}
                <Badge tone="accent" text="Yours" />
              </>
            ) : null}
          </>,
          ...cellsOf(plan),
        ])}
      />
      <p class="quiet">
        <a href={marketPath(slug)}>Compare plans</a>
      </p>
    </section>
  )
}

function cellsOf(plan: PlanLimits): JSX.Element[] {
  if (plan.isLocked)
    return [
      <span class="quiet">Not in this plan</span>,
      <span class="quiet">None</span>,
      <span class="quiet">None</span>,
    ]
  const quotas = plan.quotas.map((one) => `${quotaText(one)}, ${anchorText(one)}`).join("; ")
  const rates = plan.rates.map(rateText).join("; ")
  return [
    <span safe>{quotas === "" ? "Counts, without a limit" : quotas}</span>,
    <span safe>{rates === "" ? "None of its own" : rates}</span>,
    <span safe>{plan.quotas.length === 0 ? "None" : overageText(plan)}</span>,
  ]
}

function Live(props: MarketEndpointProps): JSX.Element {
  const { endpoint } = props
  return (
    <>
      <section aria-labelledby="code-title">
        <h2 id="code-title">Code</h2>
        <FillKey />
        <CodeTabs id="sample" title={`${endpoint.title} in code`} tabs={endpoint.samples} />
      </section>
      <TryIt {...props} />
    </>
  )
}

/** Only where scripts run: a key that is put into the samples in this browser, and sent nowhere. */
function FillKey(): JSX.Element {
  return (
    <div class="js field fill-key" data-module={assetUrl("js/fill-key.js")}>
      <label for="fill-key">Put your key into the code</label>
      <p class="help" id="fill-key-help">
        Stays in this page: it is sent nowhere and forgotten when you leave.
      </p>
      <span class="control">
        <input
          id="fill-key"
          type="password"
          autocomplete="off"
          spellcheck="false"
          maxlength="200"
          aria-describedby="fill-key-help"
        />
      </span>
    </div>
  )
}
