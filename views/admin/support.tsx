// Questions of people as the operator works them off: who pays for it first, then who waits longest.
import {
  StateBadge,
  type SupportMessageShown,
  type SupportRow,
  type SupportState,
  saidBy,
} from "../console/support.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, Empty, FormOf, type FormView, Pager, Table, Tabs, Thread, When } from "../ui/index.ts"

export interface AdminSupportRow extends SupportRow {
  isPriority: boolean
  person: string
  /** Null: they are gone. */
  personHref: string | null
  plan: string
}

export interface AdminSupportProps {
  frame: Frame
  now: number
  state: SupportState
  counts: { waiting: number; priority: number }
  rows: readonly AdminSupportRow[]
  /** From 0. */
  page: number
  hasNext: boolean
}

const LIST = "/admin/support"
const hrefOf = (state: SupportState, page = 0): string => {
  const query = [...(state === "waiting" ? [] : [`show=${state}`]), ...(page === 0 ? [] : [`page=${page}`])]
  return query.length === 0 ? LIST : `${LIST}?${query.join("&")}`
}

const EMPTY: Readonly<Record<SupportState, { title: string; text: string }>> = {
  waiting: { title: "Nobody waits", text: "Questions that people ask under Help stand here until they are answered." },
  answered: { title: "Nothing answered", text: "Questions that you answered stand here until they are settled." },
  closed: { title: "Nothing closed", text: "Settled questions stand here for a year." },
}

const PriorityBadge = (): JSX.Element => <Badge tone="warn" text="Priority" />

const Person = ({ person, personHref }: Pick<AdminSupportRow, "person" | "personHref">): JSX.Element =>
  personHref === null ? (
    <bdi safe>{person}</bdi>
  ) : (
    <a href={personHref}>
      <bdi safe>{person}</bdi>
    </a>
  )

/** GET /admin/support */
export function AdminSupportPage({ frame, now, state, counts, rows, page, hasNext }: AdminSupportProps): JSX.Element {
  const tab = (one: SupportState, label: string, n?: number) => ({
    label,
    href: hrefOf(one),
    current: state === one,
    count: n === undefined ? undefined : String(n),
  })
  return (
    <ConsoleLayout
      frame={frame}
      title="Support"
      section="Admin"
      lead="Questions of people. Who has priority support by their plan comes first, then who waits longest."
    >
      <Tabs
        label="Which questions"
        tabs={[tab("waiting", "Waiting", counts.waiting), tab("answered", "Answered"), tab("closed", "Closed")]}
      />
      <Table
        caption="Questions"
        hideCaption
        columns={[{ label: "Question" }, { label: "Person" }, { label: "Plan" }, { label: "Since" }]}
        rows={rows.map((row) => [
          <span>
            <a href={`${LIST}/${encodeURIComponent(row.id)}`}>
              <bdi safe>{row.subject}</bdi>
            </a>
            {row.isPriority ? " " : ""}
            {row.isPriority ? <PriorityBadge /> : null}
            <br />
            <span class="quiet" safe>
              {row.topic}
            </span>
          </span>,
          <Person {...row} />,
          <span safe>{row.plan}</span>,
          <When ms={row.sinceMs} now={now} />,
        ])}
        empty={<Empty {...EMPTY[state]} />}
      />
      <Pager
        label="More questions"
        firstHref={page > 0 ? hrefOf(state) : undefined}
        nextHref={hasNext ? hrefOf(state, page + 1) : undefined}
      />
    </ConsoleLayout>
  )
}

export interface AdminSupportThreadProps {
  frame: Frame
  now: number
  thread: AdminSupportRow
  messages: readonly SupportMessageShown[]
  form: FormView
}

/** GET /admin/support/:ticket */
export function AdminSupportThreadPage({ frame, now, thread, messages, form }: AdminSupportThreadProps): JSX.Element {
  return (
    <ConsoleLayout frame={frame} title={thread.subject} section="Admin" up={{ href: LIST, label: "Support" }}>
      <p class="badges">
        <StateBadge state={thread.state} />
        {thread.isPriority ? <PriorityBadge /> : null}
        <span class="quiet">
          <Person {...thread} />
          <span safe>{` · ${thread.plan} · ${thread.topic}`}</span>
        </span>
      </p>
      <Thread
        label="What was said"
        messages={saidBy(messages, "admin", thread.person)}
        now={now}
        reply={<FormOf form={form} csrf={frame.csrf} class="form page-form" />}
      />
    </ConsoleLayout>
  )
}
