// Every model that is served, with its price a million tokens and where that comes from; those without one are refused until they have it.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { count, plural } from "../ui/format.ts"
import {
  Badge,
  Button,
  Empty,
  type Facet,
  Facets,
  Form,
  Grid,
  type GridColumn,
  type GridState,
  Notice,
  RowLink,
  SearchBox,
  Tabs,
  When,
} from "../ui/index.ts"
import {
  modelPath,
  PRICES_PATH,
  type PriceSource,
  priceFormPath,
  RULES_PATH,
  rateText,
  SOURCE_WORDS,
} from "./price-text.ts"

export interface PriceRow {
  /** Price list. */
  list: string
  listName: string
  model: string
  upstreams: string[]
  /** Null = it has no price. */
  source: PriceSource | null
  /** n$ of a million tokens, before shares. */
  input: Nano | null
  output: Nano | null
  cached: Nano | null
  free: boolean
  /** Long prompts cost more. */
  hasTiers: boolean
  contextWindow: number | null
  /** Since when the price holds, where that is known. */
  changedMs: number | null
  /** Why a published price was not believed. */
  held: string | null
  leftOut: boolean
  /** Calls refused for want of a price, 30 days. */
  refused: number
}

export interface PricesProps {
  frame: Frame
  now: number
  query: string
  show: string
  rows: readonly PriceRow[]
  state: GridState
  matching: number
  total: number
  facets: readonly Facet[]
  /** Name and version of the bundled table. */
  table: string
  lastRead: { atMs: number; ok: boolean; message: string } | null
  lastGoodMs: number | null
  /** Whether lists are read by themselves. */
  isDaily: boolean
}

/** Parts of the section, on each of its pages. */
export const PriceTabs = ({ current }: { current: "models" | "rules" }): JSX.Element => (
  <Tabs
    label="Parts of prices"
    tabs={[
      { label: "Models", href: PRICES_PATH, current: current === "models" },
      { label: "Price rules", href: RULES_PATH, current: current === "rules" },
    ]}
  />
)

export function AdminPricesPage(props: PricesProps): JSX.Element {
  const { frame, state, query } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Prices"
      section="Admin"
      lead="What providers take for a million tokens. Price rules add the shares and fees that people pay on top."
    >
      <PriceTabs current="models" />
      <Lists {...props} />
      <section id="prices-list" class="listing" aria-label="Models">
        <SearchBox
          action={PRICES_PATH}
          label="Any part of a model’s or provider’s name"
          placeholder="Model or provider"
          value={query}
          keep={{ ...state.query, q: undefined, sort: state.sortText }}
          swap="prices-list"
        />
        <Facets label="Prices" facets={props.facets} swap="prices-list" />
        <Grid
          id="prices"
          caption="Models and their prices"
          one="model"
          many="models"
          state={state}
          columns={columnsOf(props)}
          rows={props.rows}
          matching={props.matching}
          total={props.total}
          empty={<Nothing {...props} />}
        />
      </section>
    </ConsoleLayout>
  )
}

function Nothing({ total, show, query }: PricesProps): JSX.Element {
  if (total === 0) {
    const text = "Models appear here once a provider is added under Upstreams and turned on."
    return (
      <Empty title="No models yet" text={text} action={<Button href="/admin/upstreams" label="Go to upstreams" />} />
    )
  }
  if (show === "unpriced" && query === "") {
    return <Empty title="Every model has a price" text="Models without one are refused, and would wait here." />
  }
  const all = <Button href={PRICES_PATH} label="Show all models" swap="prices-list" />
  return <Empty title="No model matches" text="Search for a part of its name, or loosen the filter." action={all} />
}

/** When lists were read, what that came to, and reading them now. */
function Lists({ frame, now, lastRead, lastGoodMs, isDaily, table }: PricesProps): JSX.Element {
  return (
    <section aria-labelledby="lists-title" class="price-lists">
      <h2 id="lists-title" class="sr">
        Price lists
      </h2>
      {lastRead && !lastRead.ok ? (
        <Notice tone="warn" text={`The last read failed, and prices stay as they were. ${lastRead.message}`} />
      ) : null}
      <div class="badges">
        <p class="quiet">
          {lastGoodMs === null ? (
            "OpenRouter’s list has not been read yet. "
          ) : (
            <>
              {"OpenRouter’s list was read "}
              <When ms={lastGoodMs} now={now} />
              {". "}
            </>
          )}
          <span safe>{`Behind it stands the bundled table, ${table}. `}</span>
          {isDaily ? "Lists are read every day." : "Lists are read only when you ask."}
        </p>
        <Form action={`${PRICES_PATH}/refresh`} csrf={frame.csrf} class="cell-form">
          <Button small label="Read lists now" />
        </Form>
      </div>
    </section>
  )
}

const FIGURES: readonly GridColumn<PriceRow>[] = [
  { key: "input", label: "In, 1M", numeric: true, sort: "input", cell: (row) => <Rate amount={row.input} /> },
  {
    key: "output",
    label: "Out, 1M",
    numeric: true,
    sort: "output",
    cell: (row) => <Rate amount={row.output} />,
  },
  { key: "cached", label: "Cached, 1M", numeric: true, minor: true, cell: (row) => <Rate amount={row.cached} /> },
  {
    key: "context",
    label: "Context",
    numeric: true,
    minor: true,
    cell: (row) =>
      row.contextWindow === null ? (
        <None />
      ) : (
        <span class="num" safe>
          {count(row.contextWindow)}
        </span>
      ),
  },
  {
    key: "refused",
    label: "Refused",
    numeric: true,
    sort: "refused",
    cell: (row) =>
      row.refused === 0 ? (
        <None />
      ) : (
        <span class="num" safe>
          {plural(row.refused, "call")}
        </span>
      ),
  },
]

const columnsOf = ({ frame, now }: PricesProps): readonly GridColumn<PriceRow>[] => [
  {
    key: "model",
    label: "Model",
    fixed: true,
    sort: "model",
    cell: (row) => (
      <span class="person">
        <RowLink href={modelPath(row.list, row.model)} label={row.model} />
        <bdi class="quiet" safe>
          {row.listName}
        </bdi>
      </span>
    ),
  },
  { key: "upstreams", label: "Upstreams", cell: (row) => <bdi safe>{row.upstreams.join(", ")}</bdi> },
  { key: "source", label: "Source", cell: (row) => <Source row={row} csrf={frame.csrf} /> },
  ...FIGURES,
  {
    key: "changed",
    label: "Last change",
    minor: true,
    sort: "changed",
    cell: (row) => (row.changedMs === null ? <None /> : <When ms={row.changedMs} now={now} />),
  },
]

function Source({ row, csrf }: { row: PriceRow; csrf: string }): JSX.Element {
  if (row.source === null) return <Unpriced row={row} csrf={csrf} />
  return (
    <span class="badges">
      <Badge text={SOURCE_WORDS[row.source]} />
      {row.free ? <Badge tone="ok" text="Free" /> : null}
      {row.hasTiers ? <Badge text="By length" /> : null}
      {row.held ? <Badge tone="warn" text="Held back" /> : null}
    </span>
  )
}

function Unpriced({ row, csrf }: { row: PriceRow; csrf: string }): JSX.Element {
  return (
    <div class="badges">
      <Badge tone="warn" text={row.leftOut ? "Left out: refused" : "No price: refused"} />
      <Button small href={priceFormPath(row.list, row.model)} label="Set a price" />
      <Form action={`${PRICES_PATH}/left-out`} csrf={csrf} class="cell-form">
        <input type="hidden" name="list" value={row.list} />
        <input type="hidden" name="model" value={row.model} />
        <input type="hidden" name="left_out" value={row.leftOut ? "no" : "yes"} />
        <Button small kind="link" label={row.leftOut ? "Ask again" : "Leave it out"} />
      </Form>
    </div>
  )
}

const None = (): JSX.Element => <span class="quiet">–</span>

export const Rate = ({ amount }: { amount: Nano | null }): JSX.Element =>
  amount === null ? (
    <None />
  ) : (
    <span class="num" safe>
      {rateText(amount)}
    </span>
  )
