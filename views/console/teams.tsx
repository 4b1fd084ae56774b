// Teams: which somebody is in, one of them with its people and invitations, and what was done there.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import { Facts } from "../layout/detail-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { Badge, Button, Credits, Empty, Form, type FormView, Notice, Secret, Table, When } from "../ui/index.ts"
import { type MemberSpend, SpentOf, teamPath } from "./team-people.tsx"

export { teamPath } from "./team-people.tsx"

export interface TeamsProps {
  frame: Frame
  teams: readonly { id: string; name: string; role: string; people: number }[]
  /** Whether the person's plan has teams. */
  canMake: boolean
}

export function TeamsPage({ frame, teams, canMake }: TeamsProps): JSX.Element {
  const make = canMake ? (
    <Button kind="primary" href="/teams/new" icon="plus" label="New team" />
  ) : (
    <Button href="/credits/plans" label="Plans with teams" />
  )
  return (
    <ListPage
      frame={frame}
      title="Teams"
      lead="Several people who share one wallet. Each has a role that says what they may do."
      action={teams.length > 0 ? make : undefined}
      table={{
        caption: "Your teams",
        columns: [{ label: "Team" }, { label: "Your role" }, { label: "People", numeric: true }],
        rows: teams.map((team) => [
          <a href={teamPath(team.id)}>
            <bdi safe>{team.name}</bdi>
          </a>,
          <span safe>{team.role}</span>,
          <span safe>{String(team.people)}</span>,
        ]),
        empty: (
          <Empty
            title="You are in no team"
            text={
              canMake
                ? "Make one and invite people, or open the link of an invitation that you got."
                : "Your plan has no teams of its own. You can join one by the link of an invitation."
            }
            action={make}
          />
        ),
      }}
    />
  )
}

export interface TeamNewProps {
  frame: Frame
  form: FormView
  /** The one that gets another name. */
  team?: { id: string; name: string }
}

export function TeamNewPage({ frame, form, team }: TeamNewProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={team ? "Rename the team" : "New team"}
      lead={
        team
          ? "Everybody in it sees the new name."
          : "It has a wallet of its own. You own it, and invite whom you like."
      }
      up={[{ href: "/teams", label: "Teams" }, ...(team ? [{ href: teamPath(team.id), label: team.name }] : [])]}
      form={form}
      cancelHref={team ? teamPath(team.id) : "/teams"}
    />
  )
}

export interface TeamProps {
  frame: Frame
  now: number
  team: { id: string; name: string }
  /** The reader's. */
  myRole: string
  can: { members: boolean; audit: boolean; own: boolean }
  members: readonly {
    id: string
    name: string
    email: string
    role: string
    joinedMs: number
    isMe: boolean
    canChange: boolean
    canLimit: boolean
    spend: MemberSpend
  }[]
  balance: Nano
  /** Of its owner: it counts for what the team's calls may reach and ask for. */
  plan: { name: string; owner: string; hasTeams: boolean }
  invites: readonly { id: string; email: string; role: string; endsMs: number; canRevoke: boolean }[]
  /** Of an invitation that was just made; shown once. */
  link?: string | undefined
}

export function TeamPage(props: TeamProps): JSX.Element {
  const { frame, team, myRole, can, link } = props
  const path = teamPath(team.id)
  return (
    <ConsoleLayout
      frame={frame}
      title={team.name}
      lead={`Your role in this team: ${myRole}.`}
      up={{ href: "/teams", label: "Teams" }}
      action={
        can.members ? <Button kind="primary" href={`${path}/invitation`} icon="plus" label="Invite" /> : undefined
      }
    >
      {link === undefined ? null : (
        <Secret
          id="invitation"
          title="The link of this invitation"
          secret={link}
          doneHref={path}
          note="This is the only time it is shown. Send it to whom you invited: it counts for their address alone, once, for seven days."
        />
      )}
      <Wallet {...props} />
      <Members {...props} />
      {can.members ? <Invites {...props} /> : null}
      <section aria-labelledby="more-title">
        <h2 id="more-title">This team</h2>
        <div class="actions">
          {can.audit ? <Button href={`${path}/activity`} label="What was done" /> : null}
          {can.members ? <Button href={`${path}/name`} label="Rename" /> : null}
          {can.own ? <Button href={`${path}/owner`} label="Hand over" /> : null}
          {can.own ? (
            <Button kind="danger" dialog href={`${path}/deletion`} label="Delete" />
          ) : (
            <Button kind="danger" dialog href={`${path}/leaving`} label="Leave" />
          )}
        </div>
      </section>
    </ConsoleLayout>
  )
}

function Wallet({ frame, team, balance, plan }: TeamProps): JSX.Element {
  return (
    <>
      {plan.hasTeams ? null : (
        <Notice
          tone="warn"
          text={`The plan of ${plan.owner} has no teams any more. Everything here goes on as far as that plan reaches, but nobody new can join, until the plan has teams again or somebody else owns this one.`}
        />
      )}
      <section aria-labelledby="credits-title">
        <h2 id="credits-title">Credits</h2>
        <Facts
          wide
          facts={[
            { label: "Balance", value: <Credits amount={balance} /> },
            {
              label: "Plan",
              text: `${plan.name}, of ${plan.owner}: it says which models the team’s calls reach and how many a minute`,
            },
          ]}
        />
        {frame.user?.acting?.id === team.id ? null : (
          <Form action="/acting" csrf={frame.csrf} hidden={{ team: team.id }} class="cell-form">
            <Button type="submit" icon="users" label="Act as this team" />
          </Form>
        )}
      </section>
    </>
  )
}

function Members({ team, members, can }: TeamProps): JSX.Element {
  const one = (id: string) => `${teamPath(team.id)}/members/${encodeURIComponent(id)}`
  return (
    <section aria-labelledby="members-title">
      <h2 id="members-title">People</h2>
      <Table
        caption="People"
        hideCaption
        columns={[
          { label: "Name" },
          { label: "Role" },
          { label: "Spent today" },
          { label: "This month" },
          ...(can.members ? [{ label: "Actions" }] : []),
        ]}
        rows={members.map((member) => [
          <>
            <bdi safe>{member.name}</bdi>
            {member.isMe ? (
              <>
                {" "}
                <Badge text="You" />
              </>
            ) : null}
            {member.email === member.name ? null : (
              <>
                <br />
                <span class="quiet">
                  <bdi safe>{member.email}</bdi>
                </span>
              </>
            )}
          </>,
          <span safe>{member.role}</span>,
          <SpentOf label={`Spent by ${member.name} today`} {...member.spend.day} />,
          <SpentOf label={`Spent by ${member.name} this month`} {...member.spend.month} />,
          ...(can.members ? [<MemberActions path={one(member.id)} member={member} />] : []),
        ])}
      />
    </section>
  )
}

function MemberActions({ path, member }: { path: string; member: TeamProps["members"][number] }): JSX.Element {
  return (
    <div class="actions">
      {member.canLimit ? (
        <a href={`${path}/limits`} aria-label={`Limits of ${member.name}`}>
          Limits
        </a>
      ) : null}
      {member.canChange && !member.isMe ? (
        <>
          <a href={path} aria-label={`Change the role of ${member.name}`}>
            Role
          </a>
          <a href={`${path}/removal`} data-dialog="" aria-label={`Remove ${member.name}`}>
            Remove
          </a>
        </>
      ) : null}
    </div>
  )
}

function Invites({ frame, now, team, invites }: TeamProps): JSX.Element {
  if (invites.length === 0) return ""
  return (
    <section aria-labelledby="invites-title">
      <h2 id="invites-title">Invited</h2>
      <Table
        caption="Invited"
        hideCaption
        columns={[{ label: "Address" }, { label: "Role" }, { label: "Ends" }, { label: "Actions" }]}
        rows={invites.map((invite) => [
          <bdi safe>{invite.email}</bdi>,
          <span safe>{invite.role}</span>,
          <When ms={invite.endsMs} now={now} />,
          invite.canRevoke ? (
            <Form
              action={`${teamPath(team.id)}/invitations/${encodeURIComponent(invite.id)}/revocation`}
              csrf={frame.csrf}
            >
              <Button type="submit" label="Take it back" />
            </Form>
          ) : (
            ""
          ),
        ])}
      />
    </section>
  )
}

export interface TeamActivityProps {
  frame: Frame
  now: number
  team: { id: string; name: string }
  rows: readonly { atMs: number; text: string }[]
}

export function TeamActivityPage({ frame, now, team, rows }: TeamActivityProps): JSX.Element {
  return (
    <ListPage
      frame={frame}
      title="What was done"
      lead="The newest 100 acts in this team, and who did them."
      up={[
        { href: "/teams", label: "Teams" },
        { href: teamPath(team.id), label: team.name },
      ]}
      table={{
        caption: "What was done",
        columns: [{ label: "When" }, { label: "What" }],
        rows: rows.map((row) => [<When ms={row.atMs} now={now} />, <bdi safe>{row.text}</bdi>]),
        empty: <Empty title="Nothing yet" text="Invitations, roles and changes of this team are listed here." />,
      }}
    />
  )
}
