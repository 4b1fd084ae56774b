// One AI provider account: how it does, what it offers, and what can be changed. Its key is typed here and never shown again.
import type { Nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural, usdText } from "../ui/format.ts"
import {
  Badge,
  Button,
  Count,
  Empty,
  Form,
  FormOf,
  type FormView,
  Notice,
  Pagination,
  SearchBox,
  Segments,
  Stat,
  Table,
  When,
  withQuery,
} from "../ui/index.ts"
import { Latency, TestForm, UPSTREAM_STATE, type UpstreamRow, upstreamPath } from "./upstreams.tsx"

export interface ModelRow {
  name: string
  /** Price lists' n$ per million tokens; null = no price, calls are refused. Embeddings have no output. */
  price: { input: Nano; output: Nano | null } | null
}

export interface AdminUpstreamProps {
  frame: Frame
  now: number
  upstream: UpstreamRow
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
  const { frame, now, upstream } = props
  const { lastTest, health } = upstream
  return (
    <ConsoleLayout
      frame={frame}
      title={upstream.name}
      section="Admin"
      lead={upstream.baseUrl ?? "A built-in model that costs nothing upstream."}
      up={{ href: "/admin/upstreams", label: "Upstreams" }}
    >
      <div class="badges">
        <Badge {...UPSTREAM_STATE[upstream.state]} />
        <TestForm csrf={frame.csrf} id={upstream.id} from="page" />
        <Switch {...props} />
      </div>
      {lastTest && !lastTest.ok ? <Notice tone="bad" text={lastTest.message} /> : null}
      <dl class="stats">
        <Stat label="Calls, 24 h">
          <Count value={health?.calls ?? 0} />
        </Stat>
        <Stat label="Errors, 24 h">
          <Count value={health?.errors ?? 0} />
        </Stat>
        <Stat label="Answers in" note="To the first token, on average">
          <Latency ms={health?.answerMs ?? null} />
        </Stat>
        <Stat label="Last test" note={lastTest?.message}>
          <When ms={lastTest?.atMs ?? null} now={now} />
        </Stat>
      </dl>
      <Models {...props} />
      {upstream.isLocal ? null : <Account {...props} />}
    </ConsoleLayout>
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

export interface UpstreamOffProps {
  frame: Frame
  upstream: { id: string; name: string; models: number }
  form: FormView
}

export function AdminUpstreamOffPage({ frame, upstream, form }: UpstreamOffProps): JSX.Element {
  const path = upstreamPath(upstream.id)
  return (
    <ConfirmPage
      frame={frame}
      title={`Turn off ${upstream.name}?`}
      section="Admin"
      up={[
        { href: "/admin/upstreams", label: "Upstreams" },
        { href: path, label: upstream.name },
      ]}
      form={{ ...form, submit: `Turn off ${upstream.name}` }}
      cancelHref={path}
      words={[
        `New calls to its ${plural(upstream.models, "model")} go to another upstream that offers the same, or are refused if there is none. Calls in progress are finished. Its settings are kept, and you can turn it on again.`,
      ]}
    />
  )
}
