// What is added to the provider's price of a call, in the order in which rules are tried, and which of them a model hits.
import type { Nano } from "../../src/app/units.ts"
import { AskedPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { count } from "../ui/format.ts"
import { Badge, Button, FieldOf, type FormView, Notice, RowLink, Table } from "../ui/index.ts"
import { modelsOf, PRICES_PATH, RULE_MODELS_PATH, RULES_PATH, rateText } from "./price-text.ts"
import { PriceTabs } from "./prices.tsx"

export interface RuleRow {
  /** 0 = what applies where no other does. */
  id: number
  pattern: string
  traffic: "app" | "key" | "any"
  priority: number
  /** "50%" */
  platform: string
  developer: string
  minimum: Nano | null
  fee: Nano | null
  active: boolean
}

export interface PriceRulesProps {
  frame: Frame
  /** As they are tried. */
  rules: readonly RuleRow[]
  /** Behind all others. */
  defaults: readonly RuleRow[]
  hit: { model: string; traffic: "app" | "key"; rule: RuleRow | null }
}

const TRAFFIC = { app: "Through apps", key: "Own keys", any: "All calls" } as const

export function AdminPriceRulesPage(props: PriceRulesProps): JSX.Element {
  const { frame, rules, defaults } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Price rules"
      section="Admin"
      lead="What people pay on top of the provider’s price. The first rule that fits a call applies, and no other."
      up={{ href: PRICES_PATH, label: "Prices" }}
      action={<Button kind="primary" icon="plus" href={`${RULES_PATH}/new`} label="Add a rule" />}
    >
      <PriceTabs current="rules" />
      <section aria-labelledby="rules-title">
        <h2 id="rules-title" class="sr">
          Rules
        </h2>
        <RuleTable caption="Rules in the order in which they are tried" rules={rules} />
        <details class="change">
          <summary>Where no rule fits</summary>
          <RuleTable caption="What applies where no rule fits" rules={defaults} />
          <p class="quiet">
            Calls by people’s own keys add what their plan says. The minimum and the fee of a rule apply to them as
            well.
          </p>
        </details>
      </section>
      <Hit {...props} />
    </ConsoleLayout>
  )
}

function RuleTable({ caption, rules }: { caption: string; rules: readonly RuleRow[] }): JSX.Element {
  return (
    <Table
      caption={caption}
      hideCaption
      columns={[
        { label: "Models" },
        { label: "Calls" },
        { label: "Priority", numeric: true },
        { label: "Platform", numeric: true },
        { label: "Developer", numeric: true },
        { label: "At least", numeric: true },
        { label: "Fee", numeric: true },
      ]}
      rows={rules.map((rule) => [
        <span class="badges">
          {rule.id === 0 ? (
            <span safe>{patternText(rule.pattern)}</span>
          ) : (
            <RowLink href={`${RULES_PATH}/${rule.id}`} label={patternText(rule.pattern)} />
          )}
          {rule.active ? null : <Badge text="Off" />}
        </span>,
        <span>{TRAFFIC[rule.traffic]}</span>,
        <span class="num" safe>
          {priorityText(rule)}
        </span>,
        <span class="num" safe>
          {rule.platform}
        </span>,
        <span class="num" safe>
          {rule.developer}
        </span>,
        <Amount amount={rule.minimum} />,
        <Amount amount={rule.fee} />,
      ])}
    />
  )
}

const patternText = (pattern: string): string => (pattern === "*" ? "All models" : pattern)

const priorityText = ({ id, priority }: RuleRow): string => (id === 0 ? "–" : count(priority))

const Amount = ({ amount }: { amount: Nano | null }): JSX.Element =>
  amount === null ? (
    <span class="quiet">–</span>
  ) : (
    <span class="num" safe>
      {rateText(amount)}
    </span>
  )

function Hit({ hit }: PriceRulesProps): JSX.Element {
  const options = [
    { value: "app", label: TRAFFIC.app },
    { value: "key", label: TRAFFIC.key },
  ]
  return (
    <section id="hit" aria-labelledby="hit-title">
      <h2 id="hit-title">Which rule applies to a model</h2>
      <form method="get" action={`${RULES_PATH}#hit`} class="form price-question" data-swap="hit">
        <div class="price-fields">
          <FieldOf
            field={{
              control: "combobox",
              name: "model",
              label: "Model",
              typed: [hit.model],
              search: RULE_MODELS_PATH,
            }}
          />
          <FieldOf field={{ control: "select", name: "traffic", label: "Calls", options, typed: [hit.traffic] }} />
        </div>
        <Button label="Show the rule" />
      </form>
      {hit.rule ? <Notice tone="accent" text={hitWords(hit.rule, hit.model)} /> : null}
    </section>
  )
}

function hitWords(rule: RuleRow, model: string): string {
  const which = rule.id === 0 ? "No rule fits" : `The rule for ${modelsOf(rule.pattern)} applies to`
  const shares = `${rule.platform} for the platform and ${rule.developer} for the developer`
  return rule.id === 0 ? `${which} ${model}: ${shares}.` : `${which} ${model}: ${shares}, priority ${rule.priority}.`
}

export interface PriceRuleProps {
  frame: Frame
  form: FormView
  /** Null = a new one. */
  rule: RuleRow | null
}

const UP = [
  { href: PRICES_PATH, label: "Prices" },
  { href: RULES_PATH, label: "Price rules" },
]

export function AdminPriceRulePage({ frame, form, rule }: PriceRuleProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={rule ? `Rule for ${modelsOf(rule.pattern)}` : "New price rule"}
      section="Admin"
      lead="A rule says what is added to the provider’s price of the calls that it fits."
      up={UP}
      form={form}
      words={["Before it is saved, you see what it would have made of last month’s calls."]}
      formClass="form plan-form"
      cancelHref={RULES_PATH}
    />
  )
}

export interface PriceRuleAskedProps {
  frame: Frame
  rule: RuleRow | null
  words: readonly string[]
  label: string
  danger: boolean
  action: string
  hidden: Record<string, string>
}

export function AdminPriceRuleAskedPage({ rule, ...asked }: PriceRuleAskedProps): JSX.Element {
  return (
    <AskedPage
      {...asked}
      title={rule ? `Save the rule for ${modelsOf(rule.pattern)}?` : "Add this rule?"}
      section="Admin"
      up={UP}
      cancelHref={rule ? `${RULES_PATH}/${rule.id}` : `${RULES_PATH}/new`}
    />
  )
}
