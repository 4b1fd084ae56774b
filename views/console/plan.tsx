// The person's plan: its name, what it gives, until when, and the choice of an either-or plan.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import { type Fact, Facts } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsText, dateText, usdText } from "../ui/format.ts"
import { Button, FormOf, type FormView, Notice, Worth } from "../ui/index.ts"

type Choice = "credits" | "byok"

export interface PlanCard {
  name: string
  description: string
  price: Nano
  per: "month" | "year"
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
}

export interface PlanProps {
  frame: Frame
  plan: PlanCard
  /** The choice of an either-or plan, from the next period on. */
  form?: FormView | undefined
  /** Why a choice could not be saved. */
  notice?: string | undefined
}

export function PlanPage({ frame, plan, form, notice }: PlanProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Your plan"
      lead="What your plan gives you."
      up={{ href: "/settings", label: "Settings" }}
    >
      {notice ? <Notice tone="warn" text={notice} /> : null}
      <section aria-labelledby="plan-title">
        <h2 id="plan-title">
          <bdi safe>{plan.name}</bdi>
        </h2>
        {plan.description ? <p safe>{plan.description}</p> : null}
        <Facts facts={factsOf(plan)} wide />
        <Worth />
        <div class="actions">
          <Button href="/credits/plans" label="Compare plans" />
        </div>
      </section>
      {form ? (
        <section aria-labelledby="choice-title">
          <h2 id="choice-title">Credits or own keys</h2>
          <FormOf form={form} csrf={frame.csrf} class="form page-form" isPlain />
        </section>
      ) : null}
    </ConsoleLayout>
  )
}

function factsOf(plan: PlanCard): Fact[] {
  const [month, also] = [monthWords(plan), alsoWords(plan)]
  const facts: Fact[] = [{ label: "Each day", text: `${creditsText(plan.daily)} to claim` }]
  if (month) facts.push({ label: "Each month", text: month })
  if (also) facts.push({ label: "Also", text: also })
  facts.push({ label: "Price", text: plan.price > 0 ? `${usdText(plan.price)} a ${plan.per}` : "Free" })
  if (plan.endsMs !== null) {
    const ends = dateText(plan.endsMs)
    facts.push(
      plan.nextName ? { label: "Changes", text: `${ends}, to ${plan.nextName}` } : { label: "Renews", text: ends },
    )
  }
  return facts
}

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
