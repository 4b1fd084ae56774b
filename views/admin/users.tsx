// One person with an account: state, figures, apps, suspend and reinstate.
import type { Nano } from "../../src/app/units.ts"
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { dateText } from "../ui/format.ts"
import { Badge, Button, Id, Notice, Table, When } from "../ui/index.ts"
import { teamPath, UserTabs } from "./user-tabs.tsx"
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

export const USER_STATUS = {
  active: { tone: "ok", text: "Active" },
  unverified: { tone: "warn", text: "Not verified" },
  suspended: { tone: "bad", text: "Suspended" },
} as const

export function Roles({ user }: { user: Pick<UserRow, "isAdmin" | "isDeveloper"> }): JSX.Element {
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
  /** What they pay for by itself, in one sentence. */
  subscription?: string | undefined
  apps: readonly { id: string; name: string; lastUsedMs: number | null }[]
  /** That they are in, and as what. */
  teams: readonly { id: string; name: string; role: string }[]
  /** When they are to be deleted; null = nobody asked for it. */
  leavesMs: number | null
  /** A code is asked for after their password. */
  twoStep: boolean
  /** They have some. */
  passkeys: boolean
}

/** Suspending and reinstating are pages of their own, opened as dialogs. */
export function AdminUserPage(props: AdminUserProps): JSX.Element {
  const { frame, now, user, suspension, apps } = props
  const path = `/admin/users/${encodeURIComponent(user.id)}`
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
      <Apps now={now} apps={apps} />
      {props.teams.length === 0 ? null : <Teams teams={props.teams} />}
      <Access {...props} />
    </DetailPage>
  )
}

/** Whether they can sign in, and what an admin can do about it. */
function Access({ user, subscription, leavesMs, twoStep, passkeys }: AdminUserProps): JSX.Element {
  const path = `/admin/users/${encodeURIComponent(user.id)}`
  const suspended = user.status === "suspended"
  return (
    <section aria-labelledby="access-title">
      <h2 id="access-title">Access</h2>
      <p class="quiet">
        {suspended
          ? `This person cannot sign in, and no app can spend their credits.${user.spendable > 0 ? " The credits are still there." : ""}`
          : "This person can sign in, and the apps above can spend within the limits given to them."}
      </p>
      {subscription ? (
        <p class="quiet">
          <bdi safe>{subscription}</bdi>
        </p>
      ) : null}
      <div class="actions">
        <Button
          dialog
          href={`${path}/${suspended ? "reinstatement" : "suspension"}`}
          label={`${suspended ? "Reinstate" : "Suspend"} ${user.name ?? user.email}`}
        />
        {user.status === "active" ? (
          <Button dialog href={`${path}/role`} label={user.isAdmin ? "Take the admin role" : "Make an admin"} />
        ) : null}
        <Button href={`${path}/payouts`} label="Payouts" />
        <Button dialog href={`${path}/erasure`} label={leavesMs === null ? "Delete" : "Keep after all"} />
        {passkeys ? <Button dialog href={`${path}/passkeys`} label="Remove their passkeys" /> : null}
        {twoStep ? <Button dialog href={`${path}/two-step`} label="Turn off two-step sign-in" /> : null}
      </div>
    </section>
  )
}

const Apps = ({ now, apps }: Pick<AdminUserProps, "now" | "apps">): JSX.Element => (
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
)

const Teams = ({ teams }: Pick<AdminUserProps, "teams">): JSX.Element => (
  <section aria-labelledby="teams-title">
    <h2 id="teams-title">Teams</h2>
    <Table
      caption="Teams"
      hideCaption
      columns={[{ label: "Team" }, { label: "Role" }]}
      rows={teams.map(({ id, name, role }) => [
        <a href={teamPath(id)}>
          <bdi safe>{name}</bdi>
        </a>,
        <span safe>{role}</span>,
      ])}
    />
  </section>
)

const PlanLink = ({ href, name }: { href: string; name: string }): JSX.Element => (
  <a href={href}>
    <bdi safe>{name}</bdi>
  </a>
)

function State({ user, suspension }: Pick<AdminUserProps, "user" | "suspension">): JSX.Element {
  return (
    <>
      <p class="badges">
        <Badge {...USER_STATUS[user.status]} />
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
