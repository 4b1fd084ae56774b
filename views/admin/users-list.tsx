// Everybody with an account, as a list to work with: search, facets with counts, order, columns, acts for those chosen.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import {
  Badge,
  Button,
  CreditsNumber,
  Empty,
  type Facet,
  Facets,
  Grid,
  type GridColumn,
  type GridState,
  RowLink,
  type SavedFilters,
  SearchBox,
  When,
} from "../ui/index.ts"
import { Roles, USER_STATUS, type UserStatus } from "./users.tsx"

export interface ListedUserRow {
  /** Public id, `usr_…`. */
  id: string
  name: string | null
  email: string
  status: UserStatus
  isDeveloper: boolean
  isAdmin: boolean
  plan: string
  /** What is booked on the wallet, held parts included. */
  balance: Nano
  /** What calls took in 30 days. */
  spent: Nano
  createdAtMs: number
  lastSeenMs: number | null
}

export interface AdminUsersProps {
  frame: Frame
  now: number
  /** The search as typed, from `?q=`. */
  query: string
  users: readonly ListedUserRow[]
  state: GridState
  matching: number
  total: number
  facets: readonly { label: string; facets: readonly Facet[] }[]
  saved: SavedFilters
}

/** `sort` names an order of the list, `key` what the address and the file call the column. */
const columnsAt = (now: number): readonly GridColumn<ListedUserRow>[] => [
  {
    key: "person",
    label: "Person",
    fixed: true,
    sort: "name",
    cell: (user) => (
      <span class="person">
        <RowLink href={`/admin/users/${encodeURIComponent(user.id)}`} label={user.name ?? user.email} />
        <bdi class="quiet" safe>
          {underName(user)}
        </bdi>
      </span>
    ),
  },
  {
    key: "status",
    label: "Status",
    cell: (user) => (
      <span class="badges">
        <Badge {...USER_STATUS[user.status]} />
        <Roles user={user} />
      </span>
    ),
  },
  { key: "plan", label: "Plan", cell: (user) => <bdi safe>{user.plan}</bdi> },
  {
    key: "balance",
    label: "Credits",
    numeric: true,
    sort: "balance",
    cell: (user) => <CreditsNumber amount={user.balance} />,
  },
  {
    key: "spent",
    label: "Spent, 30 days",
    numeric: true,
    sort: "spent",
    cell: (user) => <CreditsNumber amount={user.spent} />,
  },
  {
    key: "joined",
    label: "Joined",
    minor: true,
    sort: "joined",
    cell: (user) => <When ms={user.createdAtMs} now={now} />,
  },
  {
    key: "seen",
    label: "Last seen",
    sort: "seen",
    cell: (user) => <When ms={user.lastSeenMs} now={now} never="Not signed in" />,
  },
  { key: "id", label: "Id", minor: true, cell: (user) => <code safe>{user.id}</code> },
]

/** The address, unless that is on top already. */
const underName = (user: ListedUserRow): string => (user.name ? user.email : "No name")

/** GET /admin/users?q=&status=&plan=&role=&sort=&at=. */
export function AdminUsersPage(props: AdminUsersProps): JSX.Element {
  const { frame, now, query, state, facets } = props
  const isFiltered = Object.values(state.query).some(Boolean)
  return (
    <ConsoleLayout frame={frame} title="Users" section="Admin" lead="Everybody with an account on this server.">
      <section id="users-list" class="listing" aria-label="Users">
        <SearchBox
          action="/admin/users"
          label="Any part of a name or an address, or an id"
          placeholder="Name, email or id"
          value={query}
          keep={{ ...state.query, q: undefined, sort: state.sortText }}
          swap="users-list"
        />
        <div class="facet-groups">
          {facets.map((group) => (
            <Facets label={group.label} facets={group.facets} swap="users-list" />
          ))}
        </div>
        <Grid
          id="users"
          caption="Users"
          one="user"
          many="users"
          state={state}
          columns={columnsAt(now)}
          rows={props.users}
          matching={props.matching}
          total={props.total}
          csvPath="/admin/users.csv"
          saved={props.saved}
          pick={{
            action: "/admin/users/bulk",
            name: "user",
            match: "match",
            of: (user) => ({ value: user.id, label: user.name ?? user.email }),
            acts: [
              { name: "suspend", label: "Suspend…" },
              { name: "reinstate", label: "Reinstate…" },
              { name: "plan", label: "Change plan…" },
            ],
          }}
          empty={
            <Empty
              title={isFiltered ? "Nobody matches" : "Nobody here yet"}
              text={
                isFiltered
                  ? "Search for a part of the name or address, or loosen a filter."
                  : "People appear here once they sign up."
              }
              action={isFiltered ? <Button href="/admin/users" label="Show everybody" /> : null}
            />
          }
        />
      </section>
    </ConsoleLayout>
  )
}
