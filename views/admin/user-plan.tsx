// One person's plan: what it is, until when, what comes next, moving to another, and all that happened to it.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { dateText } from "../ui/format.ts"
import { Button, Credits, ErrorSummary, Field, Form, Select, Table, When } from "../ui/index.ts"
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
  }
  /** Each with what choosing it does, such as "Pro, $29.99 a month: at once". */
  plans: readonly { value: string; label: string }[]
  events: readonly PlanEventRow[]
  values?: { plan?: string; choice?: string; paid?: string; reason?: string } | undefined
  errors?: FormErrors | undefined
}

export interface PlanEventRow {
  atMs: number
  /** "Renewed Starter". */
  text: string
  granted: Nano
  by: string
  reason: string
}

/** POST /admin/users/:id/plan: plan, choice, paid, reason, csrf. */
export function AdminUserPlanPage(props: AdminUserPlanProps): JSX.Element {
  const { frame, now, user, standing, events, values, errors } = props
  const path = `/admin/users/${encodeURIComponent(user.id)}`
  return (
    <ConsoleLayout
      frame={frame}
      title={`Plan of ${user.label}`}
      section="Admin"
      lead="Their plan, and moving them to another."
      up={[
        { href: "/admin/users", label: "Users" },
        { href: path, label: user.label },
      ]}
    >
      <UserTabs id={user.id} current="plan" />
      <section aria-labelledby="now-title">
        <h2 id="now-title">Now</h2>
        <dl class="facts wide">
          <Fact label="Plan" text={standing.planName} />
          {standing.period ? (
            <>
              <Fact
                label="Period"
                text={`${dateText(standing.period.startMs)} to ${dateText(standing.period.endMs)}`}
              />
              <Fact label="At its end" text={standing.next ?? "Renewed as it is"} />
              {standing.choice ? <Fact label="Choice" text={standing.choice} /> : null}
              <Fact label="Paid for" text={standing.paid ? "Yes, outside Purser" : "No, a gift of yours"} />
            </>
          ) : null}
        </dl>
      </section>
      <section aria-labelledby="change-title">
        <h2 id="change-title">Change the plan</h2>
        <p class="quiet page-form">
          A dearer plan starts at once and grants the difference for the rest of the period. A cheaper one starts when
          the period ends; credits already granted stay. Choose the present plan to cancel a coming change.
        </p>
        <ErrorSummary errors={errors} />
        <Form action={`${path}/plan`} csrf={frame.csrf} class="form page-form">
          <Select name="plan" label="Plan" options={props.plans} value={values?.plan} error={errors?.plan} />
          <Select
            name="choice"
            label="Credits or own keys"
            help="For plans with this choice. Anyone who has not chosen yet gets monthly credits."
            options={[
              { value: "", label: "As they chose before" },
              { value: "credits", label: "Monthly credits" },
              { value: "byok", label: "Own provider keys" },
            ]}
            value={values?.choice}
            error={errors?.choice}
          />
          <Select
            name="paid"
            label="Paid for outside Purser"
            help="Credits of a plan that was paid for are paid credits: developers’ earnings from them mature sooner."
            options={[
              { value: "", label: "As it is now" },
              { value: "0", label: "No, it is a gift" },
              { value: "1", label: "Yes" },
            ]}
            value={values?.paid}
            error={errors?.paid}
          />
          <Field
            name="reason"
            label="Reason"
            required
            maxlength={500}
            help="Kept in the audit log."
            value={values?.reason}
            error={errors?.reason}
          />
          <Button kind="primary" label="Change plan" />
        </Form>
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
