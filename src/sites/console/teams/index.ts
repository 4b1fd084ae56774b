// /teams: which somebody is in, who else is, and what was done there. What a role may do is asked by the verbs; pages show no button that
// would be refused.
import { TeamActivityPage, TeamNewPage, TeamPage, TeamsPage, teamPath } from "../../../../views/console/teams.tsx"
import type { UserId } from "../../../app/index.ts"
import { field, form } from "../../../http/index.ts"
import { principal } from "../../../ledger/index.ts"
import type { Named } from "../../../part/index.ts"
import { byRole, may, mayGive, mayLimit, ROLE_WORDS } from "../../../teams/index.ts"
import { memberSpend, type PageRequest } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { actingRoutes } from "./acting.ts"
import { endRoutes } from "./end.ts"
import { inviteRoutes } from "./invites.ts"
import { joinRoutes } from "./join.ts"
import { memberRoutes } from "./members.ts"
import { nameOf, refOf, type TeamDeps } from "./of.ts"

const NAME = { name: field.text({ label: "Name", required: true, length: 80, autocomplete: "organization" }) }
const NEW_FORM = form(NAME, { submit: "Make the team" })
const NAME_FORM = form(NAME, { submit: "Save name" })

export function teamRoutes(site: ConsoleSite, deps: TeamDeps): void {
  const { teams, plans, store } = deps
  site.get("/teams", (page) => {
    const { userId } = page.session
    const rows = teams.of(userId).map(({ team, role }) => ({
      id: team.publicId,
      name: team.name,
      role: ROLE_WORDS[role],
      people: teams.membersOf({ userId, team: team.publicId }).length,
    }))
    const canMake = plans.entitlementsOf(userId).teams
    return page.render((frame) => TeamsPage({ frame, teams: rows, canMake }))
  })
  site.form(
    "/teams/new",
    {
      form: NEW_FORM,
      async act(page, { name }) {
        const { userId } = page.session
        const team = await store.write(page.ctx("made a team"), (tx) => teams.createIn(tx, { userId, name }))
        return { to: teamPath(team.publicId), say: `${team.name} is made. Invite the people of your team.` }
      },
      show: (page, view, _, status) =>
        page.render((frame) => TeamNewPage({ frame: { ...frame, path: "/teams/new" }, form: view }), status),
    },
    "/teams",
  )
  site.get("/teams/:team", (page, { team }) => teamPage(deps, page, team))
  site.form("/teams/:team/name", {
    load: (page, { team }) => teams.membership(refOf(page, team), "members").team,
    form: NAME_FORM,
    present: ({ name }) => ({ name }),
    async act(page, { name }, { publicId }) {
      const input = { ...refOf(page, publicId), name }
      const team = await store.write(page.ctx("renamed a team"), (tx) => teams.renameIn(tx, input))
      return { to: teamPath(team.publicId), say: `The team is called ${team.name}.` }
    },
    show: (page, view, team, status) =>
      page.render((frame) => TeamNewPage({ frame, form: view, team: { id: team.publicId, name: team.name } }), status),
  })
  site.get("/teams/:team/activity", (page, { team }) => activity(deps, page, team))
  actingRoutes(site, deps)
  inviteRoutes(site, deps)
  joinRoutes(site, deps)
  memberRoutes(site, deps)
  endRoutes(site, deps)
}

function teamPage(deps: TeamDeps, page: PageRequest, publicId: string): Response {
  const { teams, identity, clock, web, ledger } = deps
  const ref = refOf(page, publicId)
  const { team, role } = teams.membership(ref, "see")
  const { secret, forget } = web.takeSecret(page.request)
  const members = teams
    .membersOf(ref)
    .toSorted((a, b) => byRole(a.role, b.role) || a.id - b.id)
    .map((member) => {
      const person = identity.userById(member.userId)
      return {
        id: person?.publicId ?? "",
        name: person ? nameOf(person) : "",
        email: person?.email ?? "",
        role: ROLE_WORDS[member.role],
        joinedMs: member.joinedMs,
        isMe: member.userId === ref.userId,
        canChange: mayGive(role, member.role),
        canLimit: mayLimit(role, member.role),
        spend: memberSpend(deps, member),
      }
    })
  const invites = may(role, "members")
    ? teams.invitesOf(ref).map((invite) => ({
        id: invite.publicId,
        email: invite.toEmail ?? "",
        role: ROLE_WORDS[invite.role],
        endsMs: invite.endsMs,
        canRevoke: mayGive(role, invite.role),
      }))
    : []
  const props = {
    now: clock.now(),
    team: { id: team.publicId, name: team.name },
    myRole: ROLE_WORDS[role],
    can: { members: may(role, "members"), audit: may(role, "audit"), own: may(role, "own") },
    balance: ledger.wallet(principal(team.id), "live").balanceNano,
    plan: planOf(deps, team.id),
    members,
    invites,
    link: secret,
  }
  return page.render((frame) => TeamPage({ frame, ...props }), { cookies: [forget] })
}

/** What counts for the team's calls is the plan of whoever owns it. */
function planOf({ teams, plans, identity }: TeamDeps, teamId: UserId) {
  const ownerId = teams.answersFor(teamId)
  const owner = identity.userById(ownerId)
  return {
    name: plans.planOf(ownerId).name,
    owner: owner ? nameOf(owner) : "its owner",
    hasTeams: plans.entitlementsOf(ownerId).teams,
  }
}

function activity(deps: TeamDeps, page: PageRequest, publicId: string): Response {
  const { teams, identity, clock, sentences } = deps
  const ref = refOf(page, publicId)
  const { team } = teams.membership(ref, "audit")
  const named = (id: string): string => {
    const person = identity.userByPublicId(id)
    return person ? nameOf(person) : "somebody who is gone"
  }
  const factsOf = (json: string | null): Record<string, unknown> => {
    // What began has nothing before it, and says so.
    const facts = ((json === null ? null : JSON.parse(json)) ?? {}) as Record<string, unknown>
    return typeof facts.member === "string" ? { ...facts, member: named(facts.member) } : facts
  }
  /** The team itself, or what was made, changed or ended for it. */
  const whatOf = (subject: string, { name }: Record<string, unknown>): Named => {
    if (subject === team.publicId) return { name: team.name }
    return { name: typeof name === "string" ? `“${name}”` : subject }
  }
  const rows = teams.actsOf(ref).map((row) => {
    const [by = "", id = ""] = row.actor.split(":")
    const who: Named = { name: by === "user" ? named(id) : by === "admin" ? "An admin of this server" : "This server" }
    const [before, after] = [factsOf(row.before), factsOf(row.after)]
    const facts = { who, by, what: whatOf(row.subject, { ...before, ...after }), before, after }
    const said = sentences[row.action]?.say(facts) ?? [row.action]
    return { atMs: row.atMs, text: said.map((piece) => (typeof piece === "string" ? piece : piece.name)).join("") }
  })
  return page.render((frame) =>
    TeamActivityPage({ frame, now: clock.now(), team: { id: team.publicId, name: team.name }, rows }),
  )
}
