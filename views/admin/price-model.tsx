// One model's price: what is in force and why, what a call costs with it, what it was and will be, and setting it anew.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { count, dateText } from "../ui/format.ts"
import { Badge, Button, Empty, FormOf, type FormView, Notice, Table, When } from "../ui/index.ts"
import { PriceCost } from "./price-cost.tsx"
import { PRICES_PATH, type PriceSource, priceFormPath, rateText, SOURCE_WORDS } from "./price-text.ts"
import { Rate } from "./prices.tsx"

export interface ModelNames {
  list: string
  listName: string
  model: string
}

/** The lines of a charge, or why there is none. */
export type CostLines =
  | { lines: readonly { label: string; amount: Nano }[]; rule: { id: number; pattern: string } }
  | { refusal: string }

export interface ModelPriceProps extends ModelNames {
  frame: Frame
  now: number
  /** Null = it has no price. */
  source: PriceSource | null
  /** Which state of its source. */
  version: string
  /** n$ of a million tokens. */
  rates: readonly { label: string; amount: Nano; tiers: readonly { above: number; amount: Nano }[] }[]
  /** n$ of a thousand. */
  each: readonly { label: string; amount: Nano }[]
  /** n$ of one. */
  made: readonly { label: string; amount: Nano }[]
  services: readonly { tier: string; percent: number }[]
  limits: { contextWindow: number | null; maxOutputTokens: number | null }
  upstreams: readonly { id: string; name: string; enabled: boolean }[]
  /** Newest first. */
  history: readonly PastPrice[]
  held: { why: string; input: Nano | null; output: Nano | null } | null
  /** What OpenRouter asks for the same model, where this list says nothing. */
  suggestion: { input: Nano | null; output: Nano | null } | null
  cost:
    | ({ question: { input: number; cached: number; output: number; by: string; service: string } } & CostLines)
    | null
  /** Who may pay for a call. */
  payers: readonly { value: string; label: string }[]
  forms: { earlier: FormView; back: FormView | null; believe: FormView | null }
}

export interface PastPrice {
  id: number
  fromMs: number
  state: "planned" | "in-force" | "past"
  input: Nano | null
  output: Nano | null
  /** It returned to the price of its list. */
  isRetired: boolean
  by: string
  reason: string
}

export const PRICES_CRUMB = { href: PRICES_PATH, label: "Prices" }

export function AdminModelPricePage(props: ModelPriceProps): JSX.Element {
  const { frame, list, model, listName, source, upstreams } = props
  const served = upstreams.filter((one) => one.enabled).map((one) => one.name)
  return (
    <ConsoleLayout
      frame={frame}
      title={model}
      section="Admin"
      lead={`${listName}’s price list. ${served.length > 0 ? `Served by ${served.join(", ")}.` : "No upstream that is on serves it."}`}
      up={PRICES_CRUMB}
    >
      <div class="badges">
        {source === null ? <Badge tone="warn" text="No price: refused" /> : <Badge text={SOURCE_WORDS[source]} />}
        <Button small href={priceFormPath(list, model)} label={source === null ? "Set a price" : "Change price"} />
      </div>
      <Held {...props} />
      <InForce {...props} />
      {props.cost ? <PriceCost {...props} cost={props.cost} /> : null}
      <History {...props} />
    </ConsoleLayout>
  )
}

function Held({ held, forms, frame }: ModelPriceProps): JSX.Element {
  if (!held || !forms.believe) return ""
  const figures = [held.input, held.output].map((amount) => (amount === null ? "none" : rateText(amount)))
  return (
    <section aria-labelledby="held-title">
      <h2 id="held-title">A published price was held back</h2>
      <Notice
        tone="warn"
        text={`The list now says ${figures[0]} in and ${figures[1]} out, a million tokens. ${held.why} What was in force stays in force until you take it over or set a price of your own.`}
      />
      <FormOf form={forms.believe} csrf={frame.csrf} class="form page-form" />
    </section>
  )
}

function InForce(props: ModelPriceProps): JSX.Element {
  const { rates, source, suggestion, version } = props
  return (
    <section aria-labelledby="rates-title">
      <h2 id="rates-title">In force</h2>
      {rates.length === 0 ? (
        <Empty
          title="No price yet"
          text={
            suggestion
              ? `Calls to it are refused. ${asksWords(suggestion)}`
              : "Calls to it are refused until it has one."
          }
        />
      ) : (
        <>
          <RateTable {...props} />
          <p class="quiet" safe>
            {sourceWords(source, version)}
          </p>
        </>
      )}
      <Beside {...props} />
    </section>
  )
}

/** What OpenRouter asks for a model of another list. */
export function asksWords({ input, output }: NonNullable<ModelPriceProps["suggestion"]>): string {
  const figures = [
    ...(input === null ? [] : [`${rateText(input)} in`]),
    ...(output === null ? [] : [`${rateText(output)} out`]),
  ]
  return `OpenRouter asks ${figures.join(" and ")} for it, a million tokens.`
}

function sourceWords(source: PriceSource | null, version: string): string {
  if (source === "override") return "Set here; the history below says by whom and why."
  if (source === "catalogue") return `As published: ${version}.`
  if (source === "built-in") return "Of the built-in model."
  return `From the bundled table, ${version}.`
}

/** A column for each size from which on a prompt costs more. */
function RateTable({ rates }: ModelPriceProps): JSX.Element {
  const sizes = [...new Set(rates.flatMap((rate) => rate.tiers.map((tier) => tier.above)))].sort((a, b) => a - b)
  return (
    <Table
      caption="Dollars per million tokens"
      columns={[
        { label: "Tokens" },
        { label: sizes.length > 0 ? `Prompts up to ${count(sizes[0]!)}` : "Price", numeric: true },
        ...sizes.map((above) => ({ label: `Above ${count(above)}`, numeric: true })),
      ]}
      compact={sizes.length < 2}
      rows={rates.map((rate) => [
        <span safe>{rate.label}</span>,
        <Rate amount={rate.amount} />,
        ...sizes.map((above) => (
          <Rate amount={rate.tiers.findLast((tier) => tier.above <= above)?.amount ?? rate.amount} />
        )),
      ])}
    />
  )
}

function Beside({ each, made, services, limits }: ModelPriceProps): JSX.Element {
  const facts = [
    ...each.map(({ label, amount }) => ({ label: `${label}, a thousand`, text: rateText(amount) })),
    ...made.map(({ label, amount }) => ({ label, text: rateText(amount) })),
    ...services.map(({ tier, percent }) => ({ label: `Service tier ${tier}`, text: `${percent}% of these rates` })),
    ...(limits.contextWindow === null
      ? []
      : [{ label: "Context window", text: `${count(limits.contextWindow)} tokens` }]),
    ...(limits.maxOutputTokens === null
      ? []
      : [{ label: "Longest answer", text: `${count(limits.maxOutputTokens)} tokens` }]),
  ]
  if (facts.length === 0) return ""
  return (
    <dl class="facts wide">
      {facts.map(({ label, text }) => (
        <div>
          <dt safe>{label}</dt>
          <dd class="num" safe>
            {text}
          </dd>
        </div>
      ))}
    </dl>
  )
}

const STATES = {
  planned: { tone: "warn", text: "Planned" },
  "in-force": { tone: "ok", text: "In force" },
  past: { tone: "neutral", text: "Past" },
} as const

function History({ history, now, forms, frame }: ModelPriceProps): JSX.Element {
  if (history.length === 0) return ""
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">Prices set here</h2>
      <Table
        caption="Prices set here, newest first"
        hideCaption
        columns={[
          { label: "Holds from" },
          { label: "In, 1M tokens", numeric: true },
          { label: "Out, 1M tokens", numeric: true },
          { label: "By" },
          { label: "Reason" },
        ]}
        rows={history.map((row) => [
          <span class="person">
            {row.state === "planned" ? <span safe>{dateText(row.fromMs)}</span> : <When ms={row.fromMs} now={now} />}
            <span class="badges">
              <Badge {...STATES[row.state]} />
              {row.isRetired ? <Badge text="As its list says" /> : null}
            </span>
          </span>,
          <Rate amount={row.input} />,
          <Rate amount={row.output} />,
          <bdi safe>{row.by}</bdi>,
          <bdi safe>{row.reason}</bdi>,
        ])}
      />
      <Again history={history} form={forms.earlier} csrf={frame.csrf} />
      {forms.back ? (
        <details class="change">
          <summary>Back to the price of its list</summary>
          <FormOf form={{ ...forms.back, ids: "back" }} csrf={frame.csrf} class="form page-form" />
        </details>
      ) : null}
    </section>
  )
}

/** An earlier price, written anew; never a row that is taken away. */
function Again({ history, form, csrf }: { history: readonly PastPrice[]; form: FormView; csrf: string }): JSX.Element {
  const past = history.filter((row) => row.state === "past")
  if (past.length === 0) return ""
  return (
    <>
      {past.map((row) => (
        <details class="change">
          <summary safe>{`Set the price of ${dateText(row.fromMs)} again`}</summary>
          <FormOf
            form={{
              ...form,
              ids: `again-${row.id}`,
              fields: form.fields.map((field) => (field.name === "id" ? { ...field, typed: [String(row.id)] } : field)),
            }}
            csrf={csrf}
            class="form page-form"
          />
        </details>
      ))}
    </>
  )
}
