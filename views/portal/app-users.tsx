// The people of an app, for its developer: when they let it in, what they allow, what they used; and the end of one permission.
import type { Nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { plural } from "../ui/format.ts"
import type { FormView } from "../ui/index.ts"
import { Button, Count, CreditsUsed, Empty, Id, SearchBox, When } from "../ui/index.ts"
import { AppTabs, appPath } from "./app-tabs.tsx"

export interface AppUserRow {
  /** Public id, `usr_…`. */
  id: string
  /** null: they gave none, or do not let the app see it. */
  name: string | null
  email: string | null
  authorizedAtMs: number
  /** In a word each: "Chat". */
  allows: readonly { label: string; daily: Nano | null }[]
  /** In the last 30 days. */
  calls: number
  used: Nano
}

export interface AppUsersProps {
  frame: Frame
  now: number
  app: { id: string; name: string }
  /** People who let it in now, whatever is searched for. */
  total: number
  query: string
  users: readonly AppUserRow[]
  firstHref?: string | undefined
  previousHref?: string | undefined
  nextHref?: string | undefined
}

const COLUMNS = [
  { label: "Person" },
  { label: "Let in" },
  { label: "Allows" },
  { label: "Calls, 30 days", numeric: true },
  { label: "Credits used", numeric: true },
  { label: "Action", silent: true },
]

export function AppUsersPage(props: AppUsersProps): JSX.Element {
  const { frame, now, app, total, query, users } = props
  const path = `${appPath(app.id)}/users`
  return (
    <ListPage
      frame={frame}
      title="Users"
      section="Developer"
      lead="Who lets your app in now. Name and address stand here where a person gave your app the scope for them."
      up={{ href: appPath(app.id), label: app.name }}
      filters={
        <>
          <AppTabs app={app} part="users" />
          <SearchBox action={path} label="Search users" placeholder="Name, address or id" value={query} />
        </>
      }
      table={{
        caption: "Users",
        columns: COLUMNS,
        rows: users.map((user) => [
          <Person user={user} />,
          <When ms={user.authorizedAtMs} now={now} />,
          <Allows user={user} />,
          <Count value={user.calls} />,
          <CreditsUsed amount={user.used} />,
          <Button small dialog href={`${path}/${encodeURIComponent(user.id)}/revocation`} label="Revoke" />,
        ]),
        empty:
          query === "" ? (
            <Empty
              title="Nobody yet"
              text="Whoever signs in to your app and lets it in stands here. Calls with your own test token are no sign-in."
              action={<Button href={`${appPath(app.id)}#start-title`} label="How people sign in" />}
            />
          ) : (
            <Empty title="Nobody found" text="Only names and addresses that people let your app see are searched." />
          ),
      }}
      pager={{
        label: "More users",
        firstHref: props.firstHref,
        previousHref: props.previousHref,
        nextHref: props.nextHref,
        summary: plural(total, "user"),
      }}
    />
  )
}

function Person({ user }: { user: Pick<AppUserRow, "id" | "name" | "email"> }): JSX.Element {
  return (
    <>
      {user.name === null ? null : (
        <bdi class="strong" safe>
          {user.name}
        </bdi>
      )}
      {user.name === null ? null : <br />}
      {user.email === null ? null : <bdi safe>{user.email}</bdi>}
      {user.email === null ? null : <br />}
      <Id text={user.id} />
    </>
  )
}

function Allows({ user: { allows } }: { user: AppUserRow }): JSX.Element {
  return (
    <ul class="plain">
      {allows.map(({ label, daily }) => (
        <li>
          <span safe>{label}</span>
          {daily === null ? null : (
            <span class="quiet">
              {", "}
              <CreditsUsed amount={daily} />
              {" a day"}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

export interface AppUserRevokeProps {
  frame: Frame
  app: { id: string; name: string }
  user: Pick<AppUserRow, "id" | "name" | "email">
  form: FormView
}

export function AppUserRevokePage({ frame, app, user, form }: AppUserRevokeProps): JSX.Element {
  const path = `${appPath(app.id)}/users`
  return (
    <ConfirmPage
      frame={frame}
      title="End this person’s permission?"
      section="Developer"
      up={{ href: path, label: "Users" }}
      form={form}
      cancelHref={path}
    >
      <p>
        <Person user={user} />
      </p>
      <p>
        {"Every token that "}
        <bdi class="strong" safe>
          {app.name}
        </bdi>
        {" has for them ends now. They can let it in again when they next sign in."}
      </p>
    </ConfirmPage>
  )
}
