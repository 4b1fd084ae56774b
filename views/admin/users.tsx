// Everybody with an account: search, state, and one person with suspend and reinstate.
import type { Nano } from "../../src/app/units.ts"
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { dateText } from "../ui/format.ts"
import {
  Badge,
  Button,
  CreditsNumber,
  Empty,
  Id,
  Notice,
  RowLink,
  SearchBox,
  Table,
  When,
  withQuery,
} from "../ui/index.ts"
import { UserTabs } from "./user-tabs.tsx"
import { ExactCredits } from "./wallet-lots.tsx"

export type UserStatus = "active" | "unverified" | "suspended"

export interface UserRow {
  /** Public id, `usr_…`. */
  id: string
  name: string | null
  email: string
  status: UserStatus
  isDeveloper: boolean
  isAdmin: boolean
  /** What can be spent. */
  spendable: Nano
  createdAtMs: number
  lastSeenMs: number | null
}

export interface AdminUsersProps {
  frame: Frame
  now: number
  /** The search as typed, from `?q=`. */
  query: string
  filter: UserFilter
  users: readonly UserRow[]
  /** The first page, when this is a later one. */
  firstHref?: string | undefined
  nextHref?: string | undefined
}

export const USER_FILTERS = ["all", "active", "suspended"] as const
export type UserFilter = (typeof USER_FILTERS)[number]
const FILTER_LABELS: Record<UserFilter, string> = { all: "Everybody", active: "Active", suspended: "Suspended" }

const STATUS = {
  active: { tone: "ok", text: "Active" },
  unverified: { tone: "warn", text: "Not verified" },
  suspended: { tone: "bad", text: "Suspended" },
} as const

/** GET /admin/users?q=&status=active|suspended. */
export function AdminUsersPage(props: AdminUsersProps): JSX.Element {
  const { frame, now, query, filter, users } = props
  const isFiltered = query !== "" || filter !== "all"
  return (
    <ListPage
      frame={frame}
      title="Users"
      section="Admin"
      lead="Everybody with an account on this server."
      filters={<Filters query={query} filter={filter} />}
      table={{
        caption: "Users",
        columns: [
          { label: "Person" },
          { label: "Status" },
          { label: "Credits", numeric: true },
          { label: "Joined", minor: true },
          { label: "Last seen" },
        ],
        rows: users.map((user) => [
          <span class="person">
            <RowLink href={`/admin/users/${encodeURIComponent(user.id)}`} label={user.name ?? user.email} />
            <span class="quiet" safe>
              {second(user)}
            </span>
          </span>,
          <span class="badges">
            <Badge {...STATUS[user.status]} />
            <Roles user={user} />
          </span>,
          <CreditsNumber amount={user.spendable} />,
          <When ms={user.createdAtMs} now={now} />,
          <When ms={user.lastSeenMs} now={now} never="Not signed in" />,
        ]),
        empty: (
          <Empty
            title={isFiltered ? "Nobody matches" : "Nobody here yet"}
            text={isFiltered ? "Try the beginning of the name or address." : "People appear here once they sign up."}
            action={isFiltered ? <Button href="/admin/users" label="Show everybody" /> : null}
          />
        ),
      }}
      pager={{
        label: "Pages of users",
        previousHref: props.firstHref,
        previousLabel: "Newest",
        nextHref: props.nextHref,
      }}
    />
  )
}

function Filters({ query, filter }: Pick<AdminUsersProps, "query" | "filter">): JSX.Element {
  return (
    <div class="list-head">
      <SearchBox
        action="/admin/users"
        label="Email, name or id"
        placeholder="Email, name or id"
        value={query}
        keep={{ status: filter === "all" ? undefined : filter }}
      />
      <nav class="segments" aria-label="Accounts shown">
        {USER_FILTERS.map((each) => (
          <a
            href={withQuery("/admin/users", { q: query, status: each === "all" ? undefined : each })}
            aria-current={each === filter ? "true" : undefined}
            safe
          >
            {FILTER_LABELS[each]}
          </a>
        ))}
      </nav>
    </div>
  )
}

/** What stands under the name: the address, unless that is already on top. */
const second = (user: UserRow): string => (user.name ? user.email : "No name")

function Roles({ user }: { user: UserRow }): JSX.Element {
  return (
    <>
      {user.isAdmin ? <Badge text="Admin" /> : null}
      {user.isDeveloper ? <Badge text="Developer" /> : null}
    </>
  )
}

export interface AdminUserProps {
  frame: Frame
  now: number
  user: UserRow
  held: Nano
  /** Name of the plan this person is on. */
  plan: string
  /** Why and when, for a suspended account. */
  suspension?: { reason: string; atMs: number; by: string } | undefined
  apps: readonly { id: string; name: string; lastUsedMs: number | null }[]
}

/** Suspending and reinstating are pages of their own, opened as dialogs. */
export function AdminUserPage(props: AdminUserProps): JSX.Element {
  const { frame, now, user, suspension, apps } = props
  const path = `/admin/users/${encodeURIComponent(user.id)}`
  const suspended = user.status === "suspended"
  return (
    <DetailPage
      frame={frame}
      title={user.name ?? user.email}
      section="Admin"
      lead={user.email}
      up={{ href: "/admin/users", label: "Users" }}
      tabs={<UserTabs id={user.id} current="overview" />}
      state={<State user={user} suspension={suspension} />}
      stats={[
        { label: "Can be spent", value: <ExactCredits amount={user.spendable} /> },
        { label: "Held by calls", value: <ExactCredits amount={props.held} /> },
        { label: "Plan", value: <PlanLink href={`${path}/plan`} name={props.plan} /> },
        { label: "Joined", value: <When ms={user.createdAtMs} now={now} /> },
        { label: "Last seen", value: <When ms={user.lastSeenMs} now={now} never="Not signed in" /> },
      ]}
    >
      <section aria-labelledby="apps-title">
        <h2 id="apps-title">Apps with consent</h2>
        {apps.length === 0 ? (
          <p class="quiet">None.</p>
        ) : (
          <Table
            caption="Apps with consent"
            hideCaption
            columns={[{ label: "App" }, { label: "Id" }, { label: "Last used" }]}
            rows={apps.map((app) => [
              <bdi safe>{app.name}</bdi>,
              <Id text={app.id} />,
              <When ms={app.lastUsedMs} now={now} />,
            ])}
          />
        )}
      </section>
      <section aria-labelledby="access-title">
        <h2 id="access-title">Access</h2>
        <p class="quiet">
          {suspended
            ? `This person cannot sign in, and no app can spend their credits.${user.spendable > 0 ? " The credits are still there." : ""}`
            : "This person can sign in, and the apps above can spend within the limits given to them."}
        </p>
        <div class="actions">
          <Button
            dialog
            href={`${path}/${suspended ? "reinstatement" : "suspension"}`}
            label={`${suspended ? "Reinstate" : "Suspend"} ${user.name ?? user.email}`}
          />
        </div>
      </section>
    </DetailPage>
  )
}

const PlanLink = ({ href, name }: { href: string; name: string }): JSX.Element => (
  <a href={href}>
    <bdi safe>{name}</bdi>
  </a>
)

function State({ user, suspension }: Pick<AdminUserProps, "user" | "suspension">): JSX.Element {
  return (
    <>
      <p class="badges">
        <Badge {...STATUS[user.status]} />
        <Roles user={user} />
        <Id text={user.id} />
      </p>
      {suspension ? (
        <Notice
          tone="bad"
          text={`Suspended on ${dateText(suspension.atMs)} by ${suspension.by}. Reason: ${suspension.reason}`}
        />
      ) : null}
    </>
  )
}
