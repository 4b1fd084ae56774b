// One AI provider account: how it does, what it offers, and what can be changed. Its key is typed here and never shown again.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import { count, usdText } from "../ui/format.ts"
import {
  Badge,
  Button,
  Empty,
  Form,
  FormOf,
  type FormView,
  Notice,
  Pagination,
  SearchBox,
  Segments,
  Table,
  withQuery,
} from "../ui/index.ts"
import { UpstreamFigures, type UpstreamLivePart } from "./upstream-live.tsx"
import { TestForm, upstreamPath } from "./upstreams.tsx"

export interface ModelRow {
  name: string
  /** Price lists' n$ per million tokens; null = no price, calls are refused. Embeddings have no output. */
  price: { input: Nano; output: Nano | null } | null
}

export interface AdminUpstreamProps extends UpstreamLivePart {
  /** Of all models: how many have no price. */
  unpriced: number
  /** One page of the models that were asked for. */
  models: readonly ModelRow[]
  query: string
  show: "all" | "unpriced"
  page: number
  pages: number
  form: FormView
}

export function AdminUpstreamPage(props: AdminUpstreamProps): JSX.Element {
  const { frame, upstream } = props
  const { lastTest } = upstream
  return (
    <ConsoleLayout
      frame={frame}
      title={upstream.name}
      section="Admin"
      lead={upstream.baseUrl ?? "A built-in model that costs nothing upstream."}
      up={{ href: "/admin/upstreams", label: "Upstreams" }}
      live
    >
      <div class="badges">
        <TestForm csrf={frame.csrf} id={upstream.id} from="page" />
        <Drain {...props} />
        <Switch {...props} />
      </div>
      {lastTest && !lastTest.ok ? <Notice tone="bad" text={lastTest.message} /> : null}
      <UpstreamFigures {...props} />
      <Share {...props} />
      <Models {...props} />
      {upstream.isLocal ? null : <Account {...props} />}
    </ConsoleLayout>
  )
}

/** Which calls it gets, and what its provider grants. */
function Share({ upstream, grants }: AdminUpstreamProps): JSX.Element {
  const { weight, priority } = upstream
  return (
    <section aria-labelledby="share-title">
      <h2 id="share-title">Share and limits</h2>
      <p class="quiet page-form" safe>
        {`Priority ${priority}, weight ${weight}. ${grantText("Requests", grants.requests, grants.usedRequests)} ${grantText("Tokens", grants.tokens, grants.usedTokens)}`}
      </p>
      <div class="badges">
        <Button small href={`${upstreamPath(upstream.id)}/routing`} label="Change share and limits" />
      </div>
    </section>
  )
}

const grantText = (what: string, granted: number | null, used: number): string =>
  granted === null ? `${what}: no known limit.` : `${what}: ${count(used)} of ${count(granted)} in the last minute.`

function Drain({ frame, upstream }: AdminUpstreamProps): JSX.Element {
  const path = upstreamPath(upstream.id)
  if (upstream.state === "disabled") return ""
  const isDraining = upstream.state === "draining"
  return (
    <Form action={`${path}/${isDraining ? "undrain" : "drain"}`} csrf={frame.csrf} class="cell-form">
      <Button small label={isDraining ? "Take calls again" : "Drain"} />
    </Form>
  )
}

function Switch({ frame, upstream }: AdminUpstreamProps): JSX.Element {
  const path = upstreamPath(upstream.id)
  if (upstream.state !== "disabled") return <Button small dialog href={`${path}/deactivation`} label="Turn off" />
  return (
    <Form action={`${path}/activation`} csrf={frame.csrf} class="cell-form">
      <Button small label="Turn on" />
    </Form>
  )
}

/** Up to so many models are found by looking. */
const FEW = 20
const NAME_PART = "Part of a model’s name"

/** What stays in the address while one looks for a name or turns pages. */
const keptOf = ({ show }: AdminUpstreamProps) => ({ show: show === "all" ? undefined : show })

function Models(props: AdminUpstreamProps): JSX.Element {
  const { upstream, models, query } = props
  const path = upstreamPath(upstream.id)
  const keep = keptOf(props)
  return (
    <section aria-labelledby="models-title">
      <h2 id="models-title">Models</h2>
      {upstream.models === 0 ? (
        <Empty title="No models yet" text="A test asks the provider for its list and takes it over." />
      ) : (
        <>
          <ModelsHead {...props} />
          {models.length === 0 ? (
            <Empty
              title="No such model"
              text="No model of this upstream has that in its name."
              action={<Button href={path} label="Show all models" swap="main" />}
            />
          ) : (
            <ModelTable models={models} />
          )}
          <Pagination
            label="Pages of models"
            page={props.page}
            pages={props.pages}
            href={(page) => withQuery(path, { q: query, ...keep, page: page === 1 ? undefined : String(page) })}
          />
        </>
      )}
    </section>
  )
}

function ModelsHead(props: AdminUpstreamProps): JSX.Element {
  const { upstream, query, show, unpriced } = props
  const path = upstreamPath(upstream.id)
  const isSearched = upstream.models > FEW || query !== ""
  if (!isSearched && unpriced === 0) return ""
  return (
    <div class="list-head">
      {isSearched ? (
        <SearchBox action={path} label={NAME_PART} placeholder={NAME_PART} value={query} keep={keptOf(props)} />
      ) : null}
      {unpriced > 0 ? (
        <Segments
          label="Models shown"
          links={[
            { href: withQuery(path, { q: query }), label: `All ${upstream.models}`, current: show === "all" },
            {
              href: withQuery(path, { q: query, show: "unpriced" }),
              label: `${unpriced} without a price`,
              current: show === "unpriced",
            },
          ]}
        />
      ) : null}
    </div>
  )
}

function ModelTable({ models }: Pick<AdminUpstreamProps, "models">): JSX.Element {
  return (
    <Table
      caption="Models and what a million tokens cost upstream"
      hideCaption
      compact
      columns={[
        { label: "Model" },
        { label: "In, 1M tokens", numeric: true },
        { label: "Out, 1M tokens", numeric: true },
      ]}
      rows={models.map((model) => [
        <code safe>{model.name}</code>,
        model.price ? <Rate amount={model.price.input} /> : <Badge tone="warn" text="No price: refused" />,
        model.price && model.price.output !== null ? (
          <Rate amount={model.price.output} />
        ) : (
          <span class="quiet">–</span>
        ),
      ])}
    />
  )
}

const Rate = ({ amount }: { amount: Nano }): JSX.Element => (
  <span class="num" safe>
    {usdText(amount)}
  </span>
)

function Account({ frame, form }: AdminUpstreamProps): JSX.Element {
  return (
    <section aria-labelledby="account-title">
      <h2 id="account-title">Account</h2>
      <FormOf form={form} csrf={frame.csrf} class="form page-form" />
    </section>
  )
}
