// "What would a call cost": a small question answered on the page, as an address of its own.
import type { Nano } from "../../src/app/units.ts"
import { creditsExact, nanoExact } from "../ui/format.ts"
import { Button, FieldOf, type FieldView, Notice, Table } from "../ui/index.ts"
import type { ModelPriceProps } from "./price-model.tsx"
import { modelsOf, RULES_PATH, rateText } from "./price-text.ts"

type Props = ModelPriceProps & { cost: NonNullable<ModelPriceProps["cost"]> }

const tokens = (name: string, label: string, value: number): FieldView => ({
  control: "input",
  inputmode: "numeric",
  autocomplete: "off",
  suffix: "tokens",
  maxlength: 13,
  name,
  label,
  typed: [String(value)],
})

export function PriceCost(props: Props): JSX.Element {
  const { list, model, cost, payers, services } = props
  const { question } = cost
  const fields: FieldView[] = [
    tokens("in", "In", question.input),
    tokens("cached", "Of it cached", question.cached),
    tokens("out", "Out", question.output),
    { control: "select", name: "by", label: "Paid for", options: payers, typed: [question.by] },
  ]
  if (services.length > 0) {
    const options = [{ value: "", label: "Standard" }, ...services.map(({ tier }) => ({ value: tier, label: tier }))]
    fields.push({ control: "select", name: "service", label: "Service tier", options, typed: [question.service] })
  }
  return (
    <section id="cost" aria-labelledby="cost-title">
      <h2 id="cost-title">What a call costs</h2>
      <form method="get" action="/admin/prices/model#cost" class="form price-question" data-swap="cost">
        <input type="hidden" name="list" value={list} />
        <input type="hidden" name="model" value={model} />
        <div class="price-fields">
          {fields.map((field) => (
            <FieldOf field={field} />
          ))}
        </div>
        <Button label="Show the cost" />
      </form>
      {"refusal" in cost ? <Notice tone="accent" text={cost.refusal} /> : <Lines cost={cost} />}
    </section>
  )
}

function Lines({ cost }: { cost: Extract<Props["cost"], { lines: unknown }> }): JSX.Element {
  return (
    <>
      <Table
        caption="The lines of this charge"
        hideCaption
        compact
        columns={[{ label: "Part" }, { label: "Amount", numeric: true }]}
        rows={cost.lines.map(({ label, amount }) => [<span safe>{label}</span>, <ChargePart amount={amount} />])}
      />
      <p class="quiet">
        {"By "}
        {cost.rule.id === 0 ? (
          "the rule that applies where no other does."
        ) : (
          <>
            {"the rule for "}
            <a href={`${RULES_PATH}/${cost.rule.id}`}>
              <bdi safe>{modelsOf(cost.rule.pattern)}</bdi>
            </a>
            {"."}
          </>
        )}
      </p>
    </>
  )
}

/** A part of a charge in credits, with dollars beside it and the exact value behind. */
const ChargePart = ({ amount }: { amount: Nano }): JSX.Element => (
  <span class="num" title={nanoExact(amount)} safe>
    {`${creditsExact(amount)} · ${rateText(amount)}`}
  </span>
)
