// One plan, every field of it, and what a month of full use leaves.
import type { Nano } from "../../src/app/units.ts"
import { assetUrl } from "../layout/assets.ts"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsText, plural } from "../ui/format.ts"
import { type FormView, Usd } from "../ui/index.ts"
import { apportion, usdStep } from "../ui/together.ts"
import { keptWords } from "./plans.tsx"

export interface FullUseProps {
  isFree: boolean
  margin: { price: Nano; monthly: Nano; monthlyCost: Nano; daily: Nano; dailyCost: Nano; kept: Nano }
  /** What is kept of the plan as it is saved, where other terms are counted here. */
  keptNow?: Nano | undefined
  /** Fields that nobody can read yet, by label: they are counted as they are saved. */
  unread?: readonly string[] | undefined
}

export interface AdminPlanProps extends Pick<FullUseProps, "margin"> {
  frame: Frame
  plan: { code: string; name: string; isFree: boolean; people: number | null }
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
      cancelHref="/admin/plans"
      before={
        <section aria-labelledby="use-title">
          <h2 id="use-title">If everything is used</h2>
          <div
            aria-live="polite"
            class="full-use-now"
            data-module={assetUrl("js/preview.js")}
            data-preview={`/admin/plans/${encodeURIComponent(plan.code)}/full-use`}
            data-form=".plan-form"
            data-sum="full-use-sum"
          >
            <FullUse isFree={plan.isFree} margin={props.margin} />
          </div>
          <p class="quiet">
            Counted for the way of spending that costs you most. The <a href="/admin/plans">list of plans</a> says how.
          </p>
        </section>
      }
      after={
        // Said above already; here it stays in sight of whoever changes it.
        <p class="full-use-sum js" aria-hidden="true">
          <span>One person’s month</span>
          <span id="full-use-sum">
            <Kept kept={props.margin.kept} />
          </span>
        </p>
      }
    />
  )
}

const peopleWords = (people: number): string =>
  people === 0 ? "Nobody is on this plan." : `${plural(people, "person is", "people are")} on this plan.`

/** A month of one person who uses everything; also the answer to GET /admin/plans/:plan/full-use. */
export function FullUse({ isFree, margin, keptNow, unread = [] }: FullUseProps): JSX.Element {
  // Cents that add up to what is kept.
  const parts = [margin.price, isFree ? 0 : -margin.monthlyCost, -margin.dailyCost]
  const [price, monthly, daily] = apportion(parts, usdStep(2), "down")
  return (
    <>
      <dl class="facts full-use">
        <div>
          <dt>Price of one month</dt>
          <dd>
            <Usd amount={margin.price} places={2} shown={price} />
          </dd>
        </div>
        {isFree ? null : (
          <div>
            <dt safe>{`${creditsText(margin.monthly)} a month cost you`}</dt>
            <dd>
              <Usd amount={-margin.monthlyCost as Nano} places={2} shown={monthly} />
            </dd>
          </div>
        )}
        <div>
          <dt safe>{`30 claims of ${creditsText(margin.daily)} cost you`}</dt>
          <dd>
            <Usd amount={-margin.dailyCost as Nano} places={2} shown={daily} />
          </dd>
        </div>
        <div class="strong">
          <dt>One person’s month</dt>
          <dd>
            <Kept kept={margin.kept} />
          </dd>
        </div>
      </dl>
      {keptNow === undefined || keptNow === margin.kept ? null : (
        <p class="quiet" safe>{`Not saved yet. The plan as it is: ${keptWords(keptNow)}.`}</p>
      )}
      {unread.length === 0 ? null : (
        <p class="quiet" safe>{`Counted as saved until it can be read: ${unread.join(", ")}.`}</p>
      )}
    </>
  )
}

const Kept = ({ kept }: { kept: Nano }): JSX.Element => (
  <strong class={kept < 0 ? "num loss" : "num"} data-sum="" safe>
    {keptWords(kept)}
  </strong>
)
