// What Stripe sent: every event once, with what became of it; and one of them, with what can be done about it.
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { DetailPage } from "../../layout/detail-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { ListPage } from "../../layout/list-page.tsx"
import { Badge, Button, Empty, Form, type FormView, Id, Notice, RowLink, Segments, Time, When } from "../../ui/index.ts"
import { BILLING_UP, BillingTabs } from "./tabs.tsx"

export type EventState = "applied" | "ignored" | "parked"

export interface EventRow {
  id: string
  type: string
  objectId: string
  state: EventState
  note: string | null
  createdMs: number
  receivedMs: number
}

export interface AdminEventsProps {
  frame: Frame
  now: number
  parked: number
  state: EventState | "all"
  events: readonly EventRow[]
  olderHref?: string | undefined
  isFirst: boolean
}

export const eventPath = (id: string): string => `/admin/billing/events/${encodeURIComponent(id)}`

const TONES = { applied: "ok", ignored: "neutral", parked: "bad" } as const
const STATES = { applied: "Applied", ignored: "Not of interest", parked: "Parked" } as const
const FILTERS = [
  { state: "all", label: "All" },
  { state: "parked", label: "Parked" },
  { state: "applied", label: "Applied" },
  { state: "ignored", label: "Not of interest" },
] as const

/** GET /admin/billing/events?state=&before= */
export function AdminEventsPage(props: AdminEventsProps): JSX.Element {
  const { frame, now, parked, state, events, olderHref, isFirst } = props
  return (
    <ListPage
      frame={frame}
      title="Events"
      section="Admin"
      lead="What Stripe sent, each once: a hint to ask, so that one that comes twice or late changes nothing."
      filters={
        <>
          <BillingTabs at="events" parked={parked} />
          <Segments
            label="State"
            links={FILTERS.map((one) => ({
              label: one.label,
              href: one.state === "all" ? "/admin/billing/events" : `/admin/billing/events?state=${one.state}`,
              current: one.state === state,
            }))}
          />
        </>
      }
      table={{
        caption: "Events",
        columns: [
          { label: "Event" },
          { label: "State" },
          { label: "About", minor: true },
          { label: "Arrived", minor: true },
        ],
        rows: events.map((event) => cellsOf(event, now)),
        empty: (
          <Empty
            title={state === "all" ? "No events yet" : "None of this state"}
            text={
              state === "parked" ? "What nobody can make sense of waits here." : "They appear as Stripe sends them."
            }
          />
        ),
      }}
      pager={
        olderHref || !isFirst
          ? {
              label: "Pages of events",
              previousHref: isFirst ? undefined : "/admin/billing/events",
              nextHref: olderHref,
            }
          : undefined
      }
    />
  )
}

const cellsOf = (event: EventRow, now: number): JSX.Element[] => [
  <span class="person">
    <RowLink href={eventPath(event.id)} label={event.type} />
    <span class="quiet">
      <Id text={event.id} />
    </span>
  </span>,
  <Badge tone={TONES[event.state]} text={STATES[event.state]} />,
  <Id text={event.objectId} />,
  <When ms={event.receivedMs} now={now} />,
]

export interface AdminEventProps {
  frame: Frame
  event: EventRow
  /** Whether Stripe can be asked. */
  isOn: boolean
}

/** GET /admin/billing/events/:event. POST …/replay: csrf. */
export function AdminEventPage({ frame, event, isOn }: AdminEventProps): JSX.Element {
  const path = eventPath(event.id)
  return (
    <DetailPage
      frame={frame}
      title={event.type}
      section="Admin"
      up={[BILLING_UP, { href: "/admin/billing/events", label: "Events" }]}
      state={
        <div class="badges">
          <Badge tone={TONES[event.state]} text={STATES[event.state]} />
          <Id text={event.id} />
        </div>
      }
      facts={{
        heading: "What it is",
        list: [
          { label: "About", value: <Id text={event.objectId} /> },
          { label: "Sent", value: <Time ms={event.createdMs} /> },
          { label: "Arrived", value: <Time ms={event.receivedMs} /> },
          ...(event.note === null ? [] : [{ label: "Why", text: event.note }]),
        ],
      }}
    >
      {event.state === "parked" ? <ParkedHelp /> : null}
      <section aria-labelledby="again-title">
        <h2 id="again-title">Once more</h2>
        <p class="quiet page-form">
          Stripe is asked for this event and for what it is about, and both are applied as if they had just arrived.
          What was applied before stays: nothing is credited twice.
        </p>
        <div class="actions">
          {isOn ? (
            <Form action={`${path}/replay`} csrf={frame.csrf} class="inline">
              <Button kind={event.state === "parked" ? "primary" : "plain"} label="Replay" />
            </Form>
          ) : (
            <Notice text="Without a key Stripe cannot be asked." />
          )}
          {event.state === "parked" ? <Button dialog href={`${path}/setting-aside`} label="Set aside" /> : null}
        </div>
      </section>
    </DetailPage>
  )
}

function ParkedHelp(): JSX.Element {
  return (
    <section aria-labelledby="parked-title">
      <h2 id="parked-title">What to do</h2>
      <ol class="page-form">
        <li>
          Look at the object in Stripe's dashboard: is it of this server, and are amount and currency as they should be?
        </li>
        <li>If what was missing is there now (an order came back from a backup, a key was changed), replay it.</li>
        <li>
          If money came that the books do not know, give it back at Stripe, or give the person the credits by hand.
        </li>
        <li>Then set it aside. Nobody is alarmed by it any more, and the log keeps who did it and why.</li>
      </ol>
    </section>
  )
}

/** GET /admin/billing/events/:event/setting-aside */
export function AdminEventAsidePage({ frame, event, form }: AdminEventProps & { form: FormView }): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title="Set this event aside?"
      section="Admin"
      up={[BILLING_UP, { href: "/admin/billing/events", label: "Events" }]}
      words={["It changes no credits. It says that somebody has looked and settled it by hand."]}
      form={{ ...form, submit: "Set aside" }}
      cancelHref={eventPath(event.id)}
    />
  )
}
