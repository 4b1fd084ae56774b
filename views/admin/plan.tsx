// One plan, every field of it, and what a month of full use leaves.
import type { Nano } from "../../src/app/units.ts"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsText, plural } from "../ui/format.ts"
import { type FormView, Usd } from "../ui/index.ts"
import { keptWords } from "./plans.tsx"

export interface AdminPlanProps {
  frame: Frame
  plan: { code: string; name: string; isFree: boolean; people: number | null }
  /** Of the plan as it is saved. */
  margin: { price: Nano; monthly: Nano; monthlyCost: Nano; daily: Nano; dailyCost: Nano; kept: Nano }
  form: FormView
}

export function AdminPlanPage(props: AdminPlanProps): JSX.Element {
  const { frame, plan, form } = props
  return (
    <EditPage
      frame={frame}
      title={plan.name}
      section="Admin"
      lead={
        plan.isFree
          ? "Everybody without a subscription is on this plan."
          : `${peopleWords(plan.people ?? 0)} Changes to monthly credits and what rolls over apply from each person’s next period, all else at once.`
      }
      up={{ href: "/admin/plans", label: "Plans" }}
      form={form}
      formClass="form plan-form"
      before={<FullUse {...props} />}
    />
  )
}

const peopleWords = (people: number): string =>
  people === 0 ? "Nobody is on this plan." : `${plural(people, "person is", "people are")} on this plan.`

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
