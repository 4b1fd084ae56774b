// Everybody with an account: search, state, and one person with suspend and reinstate.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { dateText } from "../ui/format.ts"
import {
  Badge,
  Button,
  Credits,
  CreditsNumber,
  Empty,
  ErrorSummary,
  Field,
  Form,
  Notice,
  Pager,
  Stat,
  Table,
  When,
} from "../ui/index.ts"

export type UserStatus = "active" | "unverified" | "suspended"

export interface UserRow {
  /** Public id, `usr_…`. */
  id: string
  name: string | null
  email: string
  status: UserStatus
  isDeveloper: boolean
  isAdmin: boolean
  balance: Nano
  createdAtMs: number
  lastSeenMs: number | null
}

export interface AdminUsersProps {
  frame: Frame
  now: number
  /** The search as typed, from `?q=`. */
  query: string
  users: readonly UserRow[]
  previousHref?: string | undefined
  nextHref?: string | undefined
}

const STATUS = {
  active: { tone: "ok", text: "Active" },
  unverified: { tone: "warn", text: "Not verified" },
  suspended: { tone: "bad", text: "Suspended" },
} as const

/** GET /admin/users?q=. */
export function AdminUsersPage({ frame, now, query, users, previousHref, nextHref }: AdminUsersProps): JSX.Element {
  return (
    <ConsoleLayout frame={frame} title="Users" section="Admin" lead="Everybody with an account on this server.">
      <search>
        <form method="get" action="/admin/users" class="search">
          <label for="q" class="sr">
            Name, email or id
          </label>
          <input type="search" id="q" name="q" value={query} placeholder="Name, email or id" />
          <Button label="Search" />
        </form>
      </search>
      {users.length === 0 ? (
        <Empty
          title={query ? "Nobody matches" : "Nobody here yet"}
          text={query ? "Try a part of the name or the email address." : "People appear here once they sign up."}
          action={query ? <Button href="/admin/users" label="Show everybody" /> : null}
        />
      ) : (
        <Table
          caption="Users"
          hideCaption
          columns={[
            { label: "Person" },
            { label: "Status" },
            { label: "Credits", numeric: true },
            { label: "Joined" },
            { label: "Last seen" },
          ]}
          rows={users.map((user) => [
            <span class="person">
              <a href={`/admin/users/${encodeURIComponent(user.id)}`}>
                <bdi safe>{user.name ?? user.email}</bdi>
              </a>
              <span class="quiet" safe>
                {second(user)}
              </span>
            </span>,
            <span class="badges">
              <Badge {...STATUS[user.status]} />
              <Roles user={user} />
            </span>,
            <CreditsNumber amount={user.balance} />,
            <When ms={user.createdAtMs} now={now} />,
            <When ms={user.lastSeenMs} now={now} />,
          ])}
        />
      )}
      <Pager label="Pages of users" previousHref={previousHref} nextHref={nextHref} />
    </ConsoleLayout>
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
  values?: { reason?: string | undefined } | undefined
  errors?: FormErrors | undefined
}

/** POST /admin/users/:id/suspension: reason, csrf. POST /admin/users/:id/reinstatement: reason, csrf. */
export function AdminUserPage(props: AdminUserProps): JSX.Element {
  const { frame, now, user, suspension, apps, errors, values } = props
  const path = `/admin/users/${encodeURIComponent(user.id)}`
  const suspended = user.status === "suspended"
  return (
    <ConsoleLayout
      frame={frame}
      title={user.name ?? user.email}
      section="Admin"
      lead={user.email}
      up={{ href: "/admin/users", label: "Users" }}
    >
      <p class="badges">
        <Badge {...STATUS[user.status]} />
        <Roles user={user} />
        <code safe>{user.id}</code>
      </p>
      {suspension ? (
        <Notice
          tone="bad"
          text={`Suspended by ${suspension.by} on ${dateText(suspension.atMs)}: ${suspension.reason}`}
        />
      ) : null}
      <dl class="stats">
        <Stat label="Can spend">
          <Credits amount={user.balance} />
        </Stat>
        <Stat label="Held">
          <Credits amount={props.held} />
        </Stat>
        <Stat label="Plan">
          <a href={`${path}/plan`}>
            <bdi safe>{props.plan}</bdi>
          </a>
        </Stat>
        <Stat label="Joined">
          <When ms={user.createdAtMs} now={now} />
        </Stat>
        <Stat label="Last seen">
          <When ms={user.lastSeenMs} now={now} />
        </Stat>
      </dl>
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
              <code safe>{app.id}</code>,
              <When ms={app.lastUsedMs} now={now} />,
            ])}
          />
        )}
      </section>
      <section aria-labelledby="access-title">
        <h2 id="access-title">{suspended ? "Give access back" : "Suspend"}</h2>
        <p class="quiet">
          {suspended
            ? "The person can sign in again. Apps have to be signed in to again."
            : "At once the person is signed out everywhere, and no app can spend their credits. The credits stay."}
        </p>
        <ErrorSummary errors={errors} />
        <Form action={`${path}/${suspended ? "reinstatement" : "suspension"}`} csrf={frame.csrf} class="form page-form">
          <Field
            name="reason"
            label="Reason"
            required
            maxlength={500}
            help="Kept in the audit log."
            value={values?.reason}
            error={errors?.reason}
          />
          {suspended ? (
            <Button kind="primary" label="Reinstate" />
          ) : (
            <Button kind="danger" label="Suspend this account" />
          )}
        </Form>
      </section>
    </ConsoleLayout>
  )
}
