// One plan, every field of it, and what a month of full use leaves.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { creditsText, plural } from "../ui/format.ts"
import { Area, Button, Choice, ErrorSummary, Field, Form, Usd } from "../ui/index.ts"
import { keptWords } from "./plans.tsx"

/** What stands in the fields, as typed. Boxes are "1" or "". */
export interface PlanValues {
  name: string
  description: string
  sort_order: string
  price: string
  daily: string
  monthly: string
  rollover_max: string
  rollover_cap: string
  rollover_periods: string
  markup_paid: string
  markup_free: string
  per_1k: string
  free_budget: string
  free_models_only: string
  byok: string
  either_or: string
  overrides: string
  support: string
  teams: string
  active: string
  reason: string
}

export interface AdminPlanProps {
  frame: Frame
  plan: { code: string; name: string; isFree: boolean; people: number | null }
  /** Of the plan as it is saved. */
  margin: { price: Nano; monthly: Nano; monthlyCost: Nano; daily: Nano; dailyCost: Nano; kept: Nano }
  values: PlanValues
  /** When the plan was last changed, handed back so that two editors do not overwrite each other. */
  seenMs: number
  errors?: FormErrors | undefined
}

/** POST /admin/plans/:code: the names of PlanValues, seen_ms, csrf. */
export function AdminPlanPage(props: AdminPlanProps): JSX.Element {
  const { frame, plan, errors } = props
  return (
    <ConsoleLayout
      frame={frame}
      title={plan.name}
      section="Admin"
      lead={
        plan.isFree
          ? "Everybody without a subscription is on this plan."
          : `${peopleWords(plan.people ?? 0)} Changes to monthly credits and what rolls over apply from each person’s next period, all else at once.`
      }
      up={{ href: "/admin/plans", label: "Plans" }}
    >
      <FullUse {...props} />
      <section aria-labelledby="edit-title">
        <h2 id="edit-title" class="sr">
          Edit
        </h2>
        <ErrorSummary errors={errors} />
        <Form
          action={`/admin/plans/${encodeURIComponent(plan.code)}`}
          csrf={frame.csrf}
          class="form plan-form"
          hidden={{ seen_ms: String(props.seenMs) }}
        >
          <Public {...props} />
          <Money {...props} />
          <OwnKeys {...props} />
          <fieldset>
            <legend>Also included</legend>
            <Box {...props} name="overrides" label="A model of the person’s choice for each capability" />
            <Box {...props} name="support" label="Priority support" />
            <Box {...props} name="teams" label="Teams" />
          </fieldset>
          <Text {...props} name="reason" label="Reason" help="Kept in the audit log." required />
          <Button kind="primary" label="Save plan" />
        </Form>
      </section>
    </ConsoleLayout>
  )
}

const peopleWords = (people: number): string =>
  people === 0 ? "Nobody is on this plan." : `${plural(people, "person is", "people are")} on this plan.`

type Values = Pick<AdminPlanProps, "values" | "errors">

function Text(
  props: Values & {
    name: keyof PlanValues
    label: string
    help?: string
    prefix?: string
    suffix?: string
    required?: boolean
    /** A count: no decimals. */
    isWhole?: boolean
  },
): JSX.Element {
  const { values, errors, ...field } = props
  const isNumber = props.prefix !== undefined || props.suffix !== undefined
  return (
    <Field
      {...{ name: field.name, label: field.label, help: field.help, prefix: field.prefix, suffix: field.suffix }}
      required={field.required}
      inputmode={props.isWhole ? "numeric" : isNumber ? "decimal" : undefined}
      value={values[props.name]}
      error={errors?.[props.name]}
    />
  )
}

function Box({
  name,
  label,
  help,
  values,
  errors,
}: Values & { name: keyof PlanValues; label: string; help?: string }): JSX.Element {
  return (
    <Choice
      name={name}
      id={name}
      value="1"
      label={label}
      help={help}
      checked={values[name] === "1"}
      error={errors?.[name]}
    />
  )
}

function Public(props: AdminPlanProps): JSX.Element {
  return (
    <fieldset>
      <legend>What people see</legend>
      <Text {...props} name="name" label="Name" required />
      <Area
        name="description"
        label="Description"
        help="One sentence for the comparison of plans."
        rows={2}
        value={props.values.description}
        error={props.errors?.description}
      />
      <Text {...props} name="price" label="Price a month" prefix="$" />
      <Text {...props} name="sort_order" label="Place in the list" help="Lower numbers come first." isWhole />
      {props.plan.isFree ? (
        <input type="hidden" name="active" value="1" />
      ) : (
        <Box
          {...props}
          name="active"
          label="Open to new people"
          help="People who are on a plan that is closed stay on it."
        />
      )}
    </fieldset>
  )
}

function Money(props: AdminPlanProps): JSX.Element {
  return (
    <fieldset>
      <legend>Credits</legend>
      <Text {...props} name="daily" label="Daily claim" suffix="credits" />
      <Box
        {...props}
        name="free_budget"
        label="Claims count against the free budget"
        help="Then they wait for the next day once it is spent."
      />
      {props.plan.isFree ? null : (
        <>
          <Text
            {...props}
            name="monthly"
            label="Monthly credits"
            suffix="credits"
            help="Granted when a period begins; they expire when it ends. 1,000 credits are $1."
          />
          <Text
            {...props}
            name="rollover_max"
            label="Rolls over at most"
            suffix="credits"
            help="Unused credits that live on when a period ends. 0 for none."
          />
          <Text
            {...props}
            name="rollover_cap"
            label="All rolled-over credits together"
            suffix="credits"
            help="What a person holds from earlier periods at most. Leave it empty for no limit."
          />
          <Text {...props} name="rollover_periods" label="Months that rolled-over credits live on" isWhole />
        </>
      )}
    </fieldset>
  )
}

function OwnKeys(props: AdminPlanProps): JSX.Element {
  return (
    <fieldset>
      <legend>Own keys</legend>
      <Text
        {...props}
        name="markup_paid"
        label="Markup with own API keys, paid models"
        suffix="%"
        help="Above the model’s price. Calls through apps follow the price rules instead."
      />
      <Text {...props} name="markup_free" label="Markup with own API keys, free models" suffix="%" />
      <Box {...props} name="free_models_only" label="Own API keys reach free models only" />
      <Text
        {...props}
        name="per_1k"
        label="1,000 tokens of a free model"
        suffix="credits"
        help="Charged when own API keys reach free models only."
      />
      <Box
        {...props}
        name="byok"
        label="Own provider keys allowed"
        help="Calls with them cost the person no credits."
      />
      {props.plan.isFree ? null : (
        <Box
          {...props}
          name="either_or"
          label="Either monthly credits or own provider keys"
          help="The person chooses one for each period."
        />
      )}
    </fieldset>
  )
}

function FullUse({ plan, margin }: AdminPlanProps): JSX.Element {
  return (
    <section aria-labelledby="use-title">
      <h2 id="use-title">If everything is used</h2>
      <dl class="facts full-use">
        <div>
          <dt>Price of one month</dt>
          <dd>
            <Usd amount={margin.price} />
          </dd>
        </div>
        {plan.isFree ? null : (
          <div>
            <dt safe>{`${creditsText(margin.monthly)} a month cost you`}</dt>
            <dd>
              <Usd amount={-margin.monthlyCost as Nano} />
            </dd>
          </div>
        )}
        <div>
          <dt safe>{`30 claims of ${creditsText(margin.daily)} cost you`}</dt>
          <dd>
            <Usd amount={-margin.dailyCost as Nano} />
          </dd>
        </div>
        <div class="strong">
          <dt>One person’s month</dt>
          <dd>
            <span class={margin.kept < 0 ? "num loss" : "num"} safe>
              {keptWords(margin.kept)}
            </span>
          </dd>
        </div>
      </dl>
      <p class="quiet">
        Counted for the way of spending that costs you most. The <a href="/admin/plans">list of plans</a> says how.
      </p>
    </section>
  )
}
