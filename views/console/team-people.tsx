// How people come into a team, change there and go; each page says what it means before it is done.
import { type Nano, nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { Facts } from "../layout/detail-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsExact } from "../ui/format.ts"
import { Button, CreditMeter, Credits, type FormView, Notice, When } from "../ui/index.ts"

export const teamPath = (id: string): string => `/teams/${encodeURIComponent(id)}`

interface OfTeam {
  frame: Frame
  team: { id: string; name: string }
  form: FormView
}

const upTo = ({ id, name }: OfTeam["team"]) => [
  { href: "/teams", label: "Teams" },
  { href: teamPath(id), label: name },
]

export function TeamInvitePage({ frame, team, form }: OfTeam): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="Invite somebody"
      lead={`They join ${team.name} when they accept, within seven days.`}
      up={upTo(team)}
      form={form}
      cancelHref={teamPath(team.id)}
    />
  )
}

export interface TeamJoinProps {
  frame: Frame
  now: number
  team: string
  givenRole: string
  /** Who invites. */
  from: string
  people: number
  endsMs: number
  token: string
  form: FormView
}

export function TeamJoinPage(props: TeamJoinProps): JSX.Element {
  const { frame, now, team, givenRole, from, people, endsMs, token, form } = props
  return (
    <EditPage
      frame={frame}
      title={`Join ${team}?`}
      up={{ href: "/teams", label: "Teams" }}
      lead={`${from} invites you to this team.`}
      form={form}
      words={[
        "Everybody in it sees your name and your address. What is yours alone stays yours: your credits, keys, apps and what you allow apps.",
      ]}
      before={
        <section aria-labelledby="about-title">
          <h2 id="about-title">The team</h2>
          <Facts
            wide
            facts={[
              { label: "Name", text: team },
              { label: "Your role", text: givenRole },
              { label: "People in it", text: String(people) },
              { label: "The invitation ends", value: <When ms={endsMs} now={now} /> },
            ]}
          />
        </section>
      }
      after={
        <p>
          <Button dialog href={`/teams/join/refusal?token=${encodeURIComponent(token)}`} label="Decline" />
        </p>
      }
    />
  )
}

export function TeamRefusePage(props: { frame: Frame; team: string; token: string; form: FormView }): JSX.Element {
  const { frame, team, token, form } = props
  const back = `/teams/join?token=${encodeURIComponent(token)}`
  return (
    <ConfirmPage
      frame={frame}
      title={`Decline ${team}?`}
      up={{ href: "/teams", label: "Teams" }}
      form={form}
      cancelHref={back}
      words={["The invitation is over then. They can invite you again."]}
    />
  )
}

interface OfMember extends OfTeam {
  person: { id: string; name: string }
}

export function TeamMemberPage({ frame, team, person, form }: OfMember): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={`Role of ${person.name}`}
      lead="It counts from their next step on. They get a mail."
      up={upTo(team)}
      form={form}
      cancelHref={teamPath(team.id)}
    />
  )
}

/** What somebody used of a team's wallet in a window, and may; n$. */
export interface Spent {
  used: number
  limit: number | null
}

/** Of the present UTC day and month. */
export interface MemberSpend {
  day: Spent
  month: Spent
}

export function SpentOf({ label, used, limit }: Spent & { label: string }): JSX.Element {
  return limit === null ? (
    <Credits amount={nano(used)} />
  ) : (
    <CreditMeter label={label} used={nano(used)} limit={nano(limit)} />
  )
}

export interface TeamLimitsProps extends OfMember {
  spend: MemberSpend
  /** Whether their role spends at all. */
  spends: boolean
}

export function TeamLimitsPage({ frame, team, person, spend, spends, form }: TeamLimitsProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={`What ${person.name} may spend`}
      lead={`Of the credits of ${team.name}, whatever they spend them with: keys they made, apps, services. An empty field is no limit; 0 lets nothing through.`}
      up={upTo(team)}
      form={form}
      heading="At most"
      words={["Days and months are UTC. What was spent in them before counts, too."]}
      cancelHref={teamPath(team.id)}
      before={
        <>
          {spends ? null : <Notice text="Their role spends nothing now. Limits count once it does." />}
          <section aria-labelledby="spent-title">
            <h2 id="spent-title">Spent so far</h2>
            <Facts
              wide
              facts={[
                { label: "Today", value: <SpentOf label="Spent today" {...spend.day} /> },
                { label: "This month", value: <SpentOf label="Spent this month" {...spend.month} /> },
              ]}
            />
          </section>
        </>
      }
    />
  )
}

export function TeamRemovePage({ frame, team, person, form }: OfMember): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Remove ${person.name}?`}
      up={upTo(team)}
      form={{ ...form, submit: `Remove ${person.name}` }}
      cancelHref={teamPath(team.id)}
      words={[
        "From then on they see nothing of this team and act for it no more, and invitations that they sent open nothing. What they built for the team stays the team’s.",
        "They get a mail. You can invite them again.",
      ]}
    />
  )
}

export function TeamLeavePage({ frame, team, form }: OfTeam): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Leave ${team.name}?`}
      up={upTo(team)}
      form={form}
      cancelHref={teamPath(team.id)}
      words={[
        "You see nothing of it and act for it no more. What you built for the team stays the team’s. You come back by an invitation alone.",
      ]}
    />
  )
}

export function TeamOwnerPage({ frame, team, isAlone, form }: OfTeam & { isAlone: boolean }): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="Hand the team over"
      lead="One person owns a team: who names admins, hands it over and deletes it."
      up={upTo(team)}
      words={["You become an admin, whom the new owner may change or remove. Their plan has to have teams."]}
      before={isAlone ? <Notice text="You are alone in this team. Invite somebody first." /> : null}
      form={form}
      cancelHref={teamPath(team.id)}
    />
  )
}

export interface TeamEndProps extends OfTeam {
  /** Credits in its wallet; null = none. */
  left: Nano | null
}

export function TeamEndPage({ frame, team, left, form }: TeamEndProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Delete ${team.name}?`}
      up={upTo(team)}
      form={form}
      cancelHref={teamPath(team.id)}
      words={[
        "Nobody is in it any more, and nobody comes back: this cannot be undone. Everybody else in it gets a mail.",
        ...(left === null
          ? []
          : [`Its wallet has ${creditsExact(left)} left. They are lost then; nobody gets them back.`]),
      ]}
    />
  )
}
