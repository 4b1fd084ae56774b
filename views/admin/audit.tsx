// The audit log: who did what, on whose behalf, before and after. One list, for everything and for one person.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import {
  Button,
  DateRange,
  Empty,
  Field,
  GridSaved,
  type Keep,
  Pager,
  type RangeName,
  type SavedFilters,
  SearchBox,
  Select,
  withQuery,
} from "../ui/index.ts"
import { type AuditGroup, AuditList } from "./audit-list.tsx"
import { UserTabs, userPath } from "./user-tabs.tsx"

export type AuditPreset = "all" | "admins" | "money" | "access" | "signins" | "apps" | "settings"

export interface AuditFilterProps {
  q: string
  actor: string
  action: string
  subject: string
  preset: AuditPreset
  range: RangeName | null
  from: string
  to: string
  today: string
  actions: readonly { value: string; label: string }[]
  error: string | null
}

export interface AdminAuditProps {
  frame: Frame
  now: number
  groups: readonly AuditGroup[]
  filter: AuditFilterProps
  /** As in the address, without the place. */
  query: Keep
  saved: SavedFilters
  /** Nothing among the newest entries; older ones were not looked at yet. */
  isPartial?: boolean | undefined
  newerHref?: string | undefined
  olderHref?: string | undefined
}

const PRESETS: readonly { preset: AuditPreset; label: string }[] = [
  { preset: "all", label: "Everything" },
  { preset: "admins", label: "By admins" },
  { preset: "money", label: "Money" },
  { preset: "access", label: "Access" },
  { preset: "signins", label: "Sign-ins" },
  { preset: "apps", label: "Apps" },
  { preset: "settings", label: "Settings" },
]

const PATH = "/admin/audit"
const SWAP = "audit-list"

/** GET /admin/audit?q=&show=&actor=&action=&subject=&range=&from=&to=&fold=&before=. */
export function AdminAuditPage(props: AdminAuditProps): JSX.Element {
  const { frame, now, groups, filter, query } = props
  const isFiltered = Object.values(query).some(Boolean)
  return (
    <ConsoleLayout
      frame={frame}
      title="Audit"
      section="Admin"
      lead="Who did what, on whose behalf, and what it changed. Nothing here can be edited."
    >
      <section id={SWAP} class="listing" aria-label="Audit log">
        <SearchBox
          action={PATH}
          label="Any part of a person’s or an app’s name, or an id"
          placeholder="Person, app or id"
          value={filter.q}
          keep={{ ...query, q: undefined }}
          swap={SWAP}
        />
        <div class="grid-bar">
          <Presets current={filter.preset} query={query} />
          <div class="grid-tools">
            <GridSaved id="audit-saved" saved={props.saved} state={{ path: PATH, query, sortText: undefined }} />
          </div>
        </div>
        <Filters filter={filter} query={query} clearHref={isFiltered ? PATH : undefined} />
        {groups.length === 0 ? (
          <Nothing isFiltered={isFiltered} isPartial={props.isPartial === true} filter={filter} />
        ) : (
          <AuditList groups={groups} now={now} />
        )}
        <Pager
          label="Pages of the audit log"
          swap={SWAP}
          previousHref={props.newerHref}
          previousLabel="Newest"
          nextHref={props.olderHref}
          csvHref={groups.length > 0 ? withQuery("/admin/audit.csv", { ...query, fold: undefined }) : undefined}
        />
      </section>
    </ConsoleLayout>
  )
}

function Presets({ current, query }: { current: AuditPreset; query: Keep }): JSX.Element {
  return (
    <nav class="facets" aria-label="What is shown">
      <ul class="plain">
        {PRESETS.map(({ preset, label }) => (
          <li>
            <a
              href={withQuery(PATH, { ...query, show: preset === "all" ? undefined : preset })}
              data-swap={SWAP}
              aria-current={preset === current ? "true" : undefined}
              safe
            >
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface FiltersProps {
  filter: AuditFilterProps
  query: Keep
  clearHref: string | undefined
}

function Filters({ filter, query, clearHref }: FiltersProps): JSX.Element {
  const { actor, action, subject, range, from, to, error } = filter
  return (
    <details class="audit-filters" open={Boolean(actor || action || subject || range || error)}>
      <summary>More filters: days, who, what, about</summary>
      <DateRange
        action={PATH}
        withAll
        current={range ?? "all"}
        from={from}
        to={to}
        max={filter.today}
        error={error ?? undefined}
        keep={{ ...query, range: undefined, from: undefined, to: undefined }}
        clearHref={clearHref}
        fields={
          <>
            {query.q ? <input type="hidden" name="q" value={query.q} /> : null}
            {query.show ? <input type="hidden" name="show" value={query.show} /> : null}
            <Field name="actor" label="Who" value={actor} placeholder="Name, email or id" autocomplete="off" />
            <Select
              name="action"
              label="What"
              value={action}
              options={[{ value: "", label: "Anything" }, ...filter.actions]}
            />
            <Field name="subject" label="About" value={subject} placeholder="Name, email or id" autocomplete="off" />
          </>
        }
      />
    </details>
  )
}

interface NothingProps {
  isFiltered: boolean
  isPartial: boolean
  filter: AuditFilterProps
}

function Nothing({ isFiltered, isPartial, filter }: NothingProps): JSX.Element {
  const text = !isFiltered
    ? "Every act of an admin, and every act that concerns security, is kept here."
    : isPartial
      ? "Nothing among the newest entries. Look further back below."
      : filter.range
        ? "Loosen a filter, or choose more days."
        : "Loosen a filter. Who and About take any part of a name, an email or an id."
  return (
    <Empty
      title={isFiltered ? "Nothing matches" : "Nothing yet"}
      text={text}
      action={isFiltered ? <Button href={PATH} label="Show all" /> : undefined}
    />
  )
}

export interface AdminUserAuditProps {
  frame: Frame
  now: number
  user: { id: string; label: string }
  groups: readonly AuditGroup[]
  newerHref?: string | undefined
  olderHref?: string | undefined
}

/** GET /admin/users/:id/audit?before=. */
export function AdminUserAuditPage(props: AdminUserAuditProps): JSX.Element {
  const { frame, now, user, groups } = props
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
      {groups.length === 0 ? (
        <Empty
          title="Nothing yet"
          text="Suspensions, credits, plans and sign-in changes of this account appear here."
        />
      ) : (
        <AuditList groups={groups} now={now} />
      )}
      <Pager label="Pages of the audit log" previousHref={props.newerHref} nextHref={props.olderHref} />
    </ConsoleLayout>
  )
}
