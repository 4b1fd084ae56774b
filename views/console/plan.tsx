// The person's plan: its name, what it gives, until when, and the choice of an either-or plan.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsText, dateText, usdText } from "../ui/format.ts"
import { Button, Choices, Form } from "../ui/index.ts"

type Choice = "credits" | "byok"

export interface PlanCard {
  name: string
  description: string
  /** For one month. */
  price: Nano
  daily: Nano
  monthly: Nano
  overrides: boolean
  prioritySupport: boolean
  teams: boolean
  /** When the period ends; null on Free. */
  endsMs: number | null
  /** The plan after that; null = the same again. */
  nextName: string | null
  /** What an either-or plan gives in this period; null for all others. */
  choiceNow: Choice | null
  /** What it gives from the next period on; null when there is nothing to choose. */
  choiceNext: Choice | null
}

const CHOICE: Record<Choice, string> = { credits: "Monthly credits", byok: "Own provider keys" }

/** POST /settings/plan/choice: choice=credits|byok, csrf. */
export function PlanPage({
  frame,
  plan,
  error,
}: {
  frame: Frame
  plan: PlanCard
  error?: string | undefined
}): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Your plan"
      lead="What your plan gives you."
      up={{ href: "/settings", label: "Settings" }}
    >
      <section aria-labelledby="plan-title">
        <h2 id="plan-title">
          <bdi safe>{plan.name}</bdi>
        </h2>
        {plan.description ? <p safe>{plan.description}</p> : null}
        <dl class="facts wide page-form">
          <Fact label="Each day" text={`${creditsText(plan.daily)} to claim`} />
          {monthWords(plan) ? <Fact label="Each month" text={monthWords(plan)} /> : null}
          {alsoWords(plan) ? <Fact label="Also" text={alsoWords(plan)} /> : null}
          <Fact label="Price" text={plan.price > 0 ? `${usdText(plan.price)} a month` : "Free"} />
          {plan.endsMs === null ? null : (
            <Fact
              label={plan.nextName ? "Changes" : "Renews"}
              text={plan.nextName ? `${dateText(plan.endsMs)}, to ${plan.nextName}` : dateText(plan.endsMs)}
            />
          )}
        </dl>
      </section>
      {plan.choiceNext && plan.endsMs !== null ? (
        <section aria-labelledby="choice-title">
          <h2 id="choice-title">Credits or own keys</h2>
          <Form action="/settings/plan/choice" csrf={frame.csrf} class="form page-form">
            <Choices
              legend={`From ${dateText(plan.endsMs)} on`}
              help={
                plan.choiceNow ? `Until then this plan gives you ${CHOICE[plan.choiceNow].toLowerCase()}.` : undefined
              }
              name="choice"
              type="radio"
              error={error}
              options={[
                {
                  value: "credits",
                  label: CHOICE.credits,
                  help: "New credits when each month begins.",
                  checked: plan.choiceNext === "credits",
                },
                {
                  value: "byok",
                  label: CHOICE.byok,
                  help: "Your calls use keys that you hold at AI providers, and they bill you.",
                  checked: plan.choiceNext === "byok",
                },
              ]}
            />
            <Button label="Save choice" />
          </Form>
        </section>
      ) : null}
    </ConsoleLayout>
  )
}

const Fact = ({ label, text }: { label: string; text: string }): JSX.Element => (
  <div>
    <dt safe>{label}</dt>
    <dd>
      <bdi safe>{text}</bdi>
    </dd>
  </div>
)

function monthWords({ monthly, choiceNow }: PlanCard): string {
  if (choiceNow === "byok") return "Calls with your own provider keys"
  return monthly > 0 ? creditsText(monthly) : ""
}

function alsoWords({ overrides, prioritySupport, teams }: PlanCard): string {
  const words = [
    overrides ? "your choice of model for each task" : "",
    prioritySupport ? "priority support" : "",
    teams ? "teams" : "",
  ].filter(Boolean)
  const text = words.join(", ")
  return text.charAt(0).toUpperCase() + text.slice(1)
}
