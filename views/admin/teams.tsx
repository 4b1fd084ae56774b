// Teams of the house: whose they are, who is in them, and what their credits are.
import type { Nano } from "../../src/app/units.ts"
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { Badge, Count, CreditsNumber, Empty, Id, RowLink, SearchBox, Table, When } from "../ui/index.ts"
import { TeamTabs, teamPath, userPath } from "./user-tabs.tsx"
import { ExactCredits } from "./wallet-lots.tsx"

/** Somebody, as a link to their page. */
export interface TeamPerson {
  id: string
  label: string
}

export interface AdminTeamRow {
  /** `tea_…` */
  id: string
  name: string
  /** Null: nobody is left. */
  owner: TeamPerson | null
  people: number
  /** What is booked on the wallet, held parts included. */
  balance: Nano
  createdMs: number
  /** Deleted. */
  endedMs: number | null
}

export interface AdminTeamsProps {
  frame: Frame
  now: number
  teams: readonly AdminTeamRow[]
  text: string
  /** The id of the last one, where more follow. */
  after: string | null
  isFirst: boolean
}

const LIST = "/admin/teams"

const Person = ({ person }: { person: TeamPerson | null }): JSX.Element =>
  person === null ? (
    <span class="quiet">Nobody</span>
  ) : (
    <a href={userPath(person.id)}>
      <bdi safe>{person.label}</bdi>
    </a>
  )

const address = (text: string, after?: string): string => {
  const query = new URLSearchParams()
  if (text) query.set("q", text)
  if (after) query.set("after", after)
  return `${LIST}${query.size > 0 ? `?${query}` : ""}`
}

/** GET /admin/teams?q=&after= */
export function AdminTeamsPage({ frame, now, teams, text, after, isFirst }: AdminTeamsProps): JSX.Element {
  return (
    <ListPage
      frame={frame}
      title="Teams"
      section="Admin"
      lead="People who share credits. Who owns a team answers for what it does."
      filters={
        <SearchBox
          action={LIST}
          label="Find a team"
          placeholder="Name, id, or somebody’s email"
          value={text}
          name="q"
        />
      }
      table={{
        caption: "Teams",
        empty: (
          <Empty
            title="No team here"
            text={
              text
                ? "No team matches. Look for another name, or for the email of somebody in it."
                : "People whose plan has teams make them under Teams."
            }
          />
        ),
        columns: [
          { label: "Team" },
          { label: "Owner" },
          { label: "People", numeric: true },
          { label: "Credits", numeric: true },
          { label: "Made", numeric: true, minor: true },
        ],
        rows: teams.map((team) => [
          <span class="badges">
            <RowLink href={teamPath(team.id)} label={team.name} />
            {team.endedMs === null ? null : <Badge tone="bad" text="Deleted" />}
          </span>,
          <Person person={team.owner} />,
          <Count value={team.people} />,
          <CreditsNumber amount={team.balance} />,
          <When ms={team.createdMs} now={now} />,
        ]),
      }}
      pager={{
        label: "Teams",
        previousHref: isFirst ? undefined : address(text),
        previousLabel: "Newest",
        nextHref: after === null ? undefined : address(text, after),
      }}
    />
  )
}

export interface AdminTeamProps {
  frame: Frame
  now: number
  team: AdminTeamRow
  held: Nano
  /** Of its owner, which is the team's. */
  plan: string | null
  members: readonly { person: TeamPerson; role: string; joinedMs: number }[]
  apps: readonly { id: string; name: string }[]
}

/** GET /admin/teams/:team */
export function AdminTeamPage({ frame, now, team, held, plan, members, apps }: AdminTeamProps): JSX.Element {
  return (
    <DetailPage
      frame={frame}
      title={team.name}
      section="Admin"
      lead="A team: its people, its credits, and what it made."
      up={{ href: LIST, label: "Teams" }}
      tabs={team.endedMs === null ? <TeamTabs id={team.id} current="overview" /> : undefined}
      state={
        <p class="badges">
          {team.endedMs === null ? (
            <Badge tone="ok" text="Active" />
          ) : (
            <>
              <Badge tone="bad" text="Deleted" />
              <When ms={team.endedMs} now={now} />
            </>
          )}
          <Id text={team.id} />
        </p>
      }
      stats={[
        { label: "Credits", value: <ExactCredits amount={team.balance} /> },
        { label: "Held by calls", value: <ExactCredits amount={held} /> },
        { label: "Owner", value: <Person person={team.owner} /> },
        { label: "Plan", text: plan ?? "None" },
        { label: "Made", value: <When ms={team.createdMs} now={now} /> },
      ]}
    >
      <People now={now} members={members} />
      <Apps apps={apps} />
      <section aria-labelledby="acts-title">
        <h2 id="acts-title">What was done</h2>
        <p class="quiet">
          <a href={`/admin/audit?subject=${encodeURIComponent(team.id)}`}>Entries about this team in the audit log</a>
        </p>
      </section>
    </DetailPage>
  )
}

const People = ({ now, members }: Pick<AdminTeamProps, "now" | "members">): JSX.Element => (
  <section aria-labelledby="people-title">
    <h2 id="people-title">People</h2>
    {members.length === 0 ? (
      <p class="quiet">Nobody is in it any more.</p>
    ) : (
      <Table
        caption="People"
        hideCaption
        columns={[{ label: "Person" }, { label: "Role" }, { label: "Joined", numeric: true }]}
        rows={members.map(({ person, role, joinedMs }) => [
          <Person person={person} />,
          <span safe>{role}</span>,
          <When ms={joinedMs} now={now} />,
        ])}
      />
    )}
  </section>
)

const Apps = ({ apps }: Pick<AdminTeamProps, "apps">): JSX.Element => (
  <section aria-labelledby="apps-title">
    <h2 id="apps-title">Apps</h2>
    {apps.length === 0 ? (
      <p class="quiet">It has made none.</p>
    ) : (
      <ul class="plain">
        {apps.map(({ id, name }) => (
          <li>
            <a href={`/admin/apps/${encodeURIComponent(id)}`}>
              <bdi safe>{name}</bdi>
            </a>
          </li>
        ))}
      </ul>
    )}
  </section>
)
