// One person's plan: what it is, until when, what comes next, moving to another, and all that happened to it.
import type { Nano } from "../../src/app/units.ts"
import { DetailPage, type Fact } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { dateText } from "../ui/format.ts"
import { Credits, FormOf, type FormView, Table, When } from "../ui/index.ts"
import { UserTabs } from "./user-tabs.tsx"

export interface AdminUserPlanProps {
  frame: Frame
  now: number
  user: { id: string; label: string }
  standing: {
    planName: string
    /** Null on Free. */
    period: { startMs: number; endMs: number } | null
    /** "Monthly credits", "Own provider keys"; null when the plan has no choice. */
    choice: string | null
    /** What changes at the end of the period, in words; null = it is renewed as it is. */
    next: string | null
    paid: boolean
    /** What they pay for themselves; null = nothing. */
    subscription: { planName: string; untilMs: number; isCounting: boolean } | null
  }
  events: readonly PlanEventRow[]
  form: FormView
}

export interface PlanEventRow {
  atMs: number
  /** "Renewed Starter". */
  text: string
  granted: Nano
  by: string
  reason: string
}

export function AdminUserPlanPage(props: AdminUserPlanProps): JSX.Element {
  const { frame, now, user, standing, events, form } = props
  const path = `/admin/users/${encodeURIComponent(user.id)}`
  return (
    <DetailPage
      frame={frame}
      title={`Plan of ${user.label}`}
      section="Admin"
      lead="Their plan, and moving them to another."
      up={[
        { href: "/admin/users", label: "Users" },
        { href: path, label: user.label },
      ]}
      tabs={<UserTabs id={user.id} current="plan" />}
      facts={{ heading: "Now", list: factsOf(standing) }}
    >
      <section aria-labelledby="change-title">
        <h2 id="change-title">Change the plan</h2>
        <p class="quiet page-form">
          A dearer plan starts at once and grants the difference for the rest of the period. A cheaper one starts when
          the period ends; credits already granted stay. Choose the present plan to cancel a coming change.
        </p>
        <FormOf form={form} csrf={frame.csrf} class="form page-form" />
      </section>
      <section aria-labelledby="events-title">
        <h2 id="events-title">What happened</h2>
        {events.length === 0 ? (
          <p class="quiet">Nothing yet: this person has been on Free all along.</p>
        ) : (
          <Table
            caption="What happened to this plan"
            hideCaption
            columns={[{ label: "Event" }, { label: "When" }, { label: "Granted", numeric: true }, { label: "By" }]}
            rows={events.map((event) => [
              <span class="person">
                <bdi safe>{event.text}</bdi>
                <span class="quiet" safe>
                  {event.reason}
                </span>
              </span>,
              <When ms={event.atMs} now={now} />,
              event.granted > 0 ? <Credits amount={event.granted} /> : <span class="quiet">Nothing</span>,
              <bdi safe>{event.by}</bdi>,
            ])}
          />
        )}
      </section>
    </DetailPage>
  )
}

function factsOf({ planName, period, next, choice, paid, subscription }: AdminUserPlanProps["standing"]): Fact[] {
  const plan = { label: subscription ? "Given by you" : "Plan", text: planName }
  const own = subscription ? [{ label: "They pay for", text: paidWords(subscription) }] : []
  if (!period) return [...own, plan]
  return [
    ...own,
    plan,
    { label: "Period", text: `${dateText(period.startMs)} to ${dateText(period.endMs)}` },
    { label: "At its end", text: next ?? "Renewed as it is" },
    ...(choice ? [{ label: "Choice", text: choice }] : []),
    { label: "Paid for", text: paid ? "Yes, outside Purser" : "No, a gift of yours" },
  ]
}

const paidWords = ({ planName, untilMs, isCounting }: NonNullable<AdminUserPlanProps["standing"]["subscription"]>) =>
  `${planName}, which counts until ${dateText(untilMs)} at least${isCounting ? "" : "; yours is the better one"}`
