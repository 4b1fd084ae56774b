// The audit log: who did what, on whose behalf, before and after. One list, for everything and for one person.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, DateRange, Empty, Field, Id, Pager, type RangeName, Select, Time, When } from "../ui/index.ts"
import { UserTabs, userPath } from "./user-tabs.tsx"

export interface AuditEntryRow {
  id: number
  atMs: number
  /** "Ada Admin (admin)", "Purser". */
  actor: string
  /** `admin:usr_…` as it stands in the log. */
  actorId: string
  onBehalfOf: string | null
  /** `user.suspended`. */
  action: string
  /** "ada@example.com", an app's or an upstream's name, the id itself, or "" when the action says it all. */
  subject: string
  subjectId: string
  subjectHref?: string | undefined
  reason: string
  requestId: string
  changes: readonly { name: string; before: string | null; after: string | null }[]
}

export interface AuditFilterProps {
  actor: string
  action: string
  subject: string
  range: RangeName | null
  from: string
  to: string
  today: string
  actions: readonly string[]
  error: string | null
}

export interface AdminAuditProps {
  frame: Frame
  now: number
  entries: readonly AuditEntryRow[]
  filter: AuditFilterProps
  newerHref?: string | undefined
  olderHref?: string | undefined
}

/** GET /admin/audit?actor=&action=&subject=&range=&from=&to=&before=. */
export function AdminAuditPage({ frame, now, entries, filter, newerHref, olderHref }: AdminAuditProps): JSX.Element {
  const { actor, action, subject, range, from, to, error } = filter
  const isFiltered = Boolean(actor || action || subject || range)
  return (
    <ConsoleLayout
      frame={frame}
      title="Audit"
      section="Admin"
      lead="Who did what, on whose behalf, and what it changed. Nothing here can be edited."
    >
      <DateRange
        action="/admin/audit"
        withAll
        current={range ?? "all"}
        from={from}
        to={to}
        max={filter.today}
        error={error ?? undefined}
        keep={{ actor, action, subject }}
        clearHref={isFiltered ? "/admin/audit" : undefined}
        fields={
          <>
            <Field name="actor" label="Who" value={actor} placeholder="Email or id" autocomplete="off" />
            <Select
              name="action"
              label="What"
              value={action}
              auto
              options={[
                { value: "", label: "Anything" },
                ...filter.actions.map((each) => ({ value: each, label: each })),
              ]}
            />
            <Field name="subject" label="About" value={subject} placeholder="Email or id" autocomplete="off" />
          </>
        }
      />
      {entries.length === 0 ? (
        <Empty
          title={isFiltered ? "Nothing matches" : "Nothing yet"}
          text={
            !isFiltered
              ? "Every act of an admin, and every act that concerns security, is kept here."
              : range
                ? "Loosen a filter, or choose more days."
                : "Loosen a filter. Who and About take an email or an id."
          }
          action={isFiltered ? <Button href="/admin/audit" label="Show all" swap="main" /> : undefined}
        />
      ) : (
        <AuditList entries={entries} now={now} />
      )}
      <Pager label="Pages of the audit log" previousHref={newerHref} nextHref={olderHref} />
    </ConsoleLayout>
  )
}

export interface AdminUserAuditProps {
  frame: Frame
  now: number
  user: { id: string; label: string }
  entries: readonly AuditEntryRow[]
  newerHref?: string | undefined
  olderHref?: string | undefined
}

/** GET /admin/users/:id/audit?before=. */
export function AdminUserAuditPage(props: AdminUserAuditProps): JSX.Element {
  const { frame, now, user, entries } = props
  return (
    <ConsoleLayout
      frame={frame}
      title={`Audit of ${user.label}`}
      section="Admin"
      lead="What was done about this account, newest first."
      up={[
        { href: "/admin/users", label: "Users" },
        { href: userPath(user.id), label: user.label },
      ]}
      action={<Button href={`/admin/audit?actor=${encodeURIComponent(user.id)}`} label="What this person did" />}
    >
      <UserTabs id={user.id} current="audit" />
      {entries.length === 0 ? (
        <Empty
          title="Nothing yet"
          text="Suspensions, credits, plans and sign-in changes of this account appear here."
        />
      ) : (
        <AuditList entries={entries} now={now} ofOne />
      )}
      <Pager label="Pages of the audit log" previousHref={props.newerHref} nextHref={props.olderHref} />
    </ConsoleLayout>
  )
}

interface AuditListProps {
  entries: readonly AuditEntryRow[]
  now: number
  /** The page says whom they are about. */
  ofOne?: boolean
}

function AuditList({ entries, now, ofOne }: AuditListProps): JSX.Element {
  return (
    <ol class="postings plain">
      {entries.map((entry) => (
        <li id={`audit-${entry.id}`}>
          <details>
            <summary>
              <span class="words">
                <span class="strong" safe>
                  {entry.action}
                </span>
                {ofOne || !entry.subject ? null : (
                  <bdi class="quiet" safe>
                    {entry.subject}
                  </bdi>
                )}
              </span>
              <span class="by">
                <bdi safe>{entry.actor}</bdi>
              </span>
              <When ms={entry.atMs} now={now} />
            </summary>
            <AuditFacts entry={entry} />
          </details>
        </li>
      ))}
    </ol>
  )
}

function AuditFacts({ entry }: { entry: AuditEntryRow }): JSX.Element {
  return (
    <div class="posting">
      <dl class="facts wide">
        <Fact label="When" value={<Time ms={entry.atMs} />} />
        <Fact label="Who" text={entry.actorId} code />
        {entry.onBehalfOf ? <Fact label="On behalf of" text={entry.onBehalfOf} code /> : null}
        <Fact label="About" text={entry.subjectId} code href={entry.subjectHref} />
        <Fact label="Reason" text={entry.reason} />
        <Fact label="Request" text={entry.requestId} code />
      </dl>
      {entry.changes.length === 0 ? null : (
        <div class="table-wrap" {...{ tabindex: "0", role: "region", "aria-label": `Changes of entry ${entry.id}` }}>
          <table class="changes">
            <caption class="sr">Before and after</caption>
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {entry.changes.map((change) => (
                <tr>
                  <th scope="row">
                    <code safe>{change.name}</code>
                  </th>
                  <td data-label="Before">
                    <Value text={change.before} />
                  </td>
                  <td data-label="After">
                    <Value text={change.after} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

const Value = ({ text }: { text: string | null }): JSX.Element =>
  text === null ? <span class="quiet">none</span> : <code safe>{text}</code>

interface FactProps {
  label: string
  text?: string | undefined
  /** An id or a hash. */
  code?: boolean
  href?: string | undefined
  /** A finished element in place of the text. */
  value?: JSX.Element | undefined
}

export function Fact(props: FactProps): JSX.Element {
  return (
    <div>
      <dt safe>{props.label}</dt>
      <dd>
        <FactValue {...props} />
      </dd>
    </div>
  )
}

function FactValue({ text = "", code, href, value }: FactProps): JSX.Element {
  if (value !== undefined) return value
  if (code && text !== "") return <Id text={text} href={href} />
  if (!href) return <bdi safe>{text}</bdi>
  return (
    <a href={href} safe>
      {text}
    </a>
  )
}
