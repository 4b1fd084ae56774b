// What the link of an invitation opens: a question. Mail scanners open links, they post no forms.
import { TeamJoinPage, TeamRefusePage, teamPath } from "../../../../views/console/team-people.tsx"
import { field, form } from "../../../http/index.ts"
import { ROLE_WORDS } from "../../../teams/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { nameOf, type TeamDeps } from "./of.ts"

const TOKEN = { token: field.hidden({ label: "Invitation" }) }
const JOIN_FORM = form(TOKEN, { submit: "Join the team" })
const REFUSE_FORM = form(TOKEN, { submit: "Decline" })

export function joinRoutes(site: ConsoleSite, deps: TeamDeps): void {
  const { teams, store, clock } = deps
  const load = (page: PageRequest, _: unknown, sent: (name: string) => string) => {
    const token = sent("token")
    return { token, ...teams.offer({ userId: page.session.userId, token }) }
  }
  site.form("/teams/join", {
    load,
    form: JOIN_FORM,
    present: ({ token }) => ({ token }),
    async act(page, _, { token }) {
      const by = { userId: page.session.userId, token }
      const team = await store.write(page.ctx("joined a team"), (tx) => teams.acceptIn(tx, by))
      return { to: teamPath(team.publicId), say: `You are in ${team.name} now.` }
    },
    show: (page, view, offer, status) =>
      page.render((frame) => TeamJoinPage({ frame, now: clock.now(), ...offerOf(deps, offer), form: view }), status),
  })
  site.form("/teams/join/refusal", {
    load,
    form: REFUSE_FORM,
    present: ({ token }) => ({ token }),
    async act(page, _, { token }) {
      const by = { userId: page.session.userId, token }
      const team = await store.write(page.ctx("declined an invitation"), (tx) => teams.declineIn(tx, by))
      return { to: "/teams", say: `You declined ${team.name}.` }
    },
    show: (page, view, offer, status) =>
      page.render((frame) => TeamRefusePage({ frame, ...offerOf(deps, offer), form: view }), status),
  })
}

function offerOf(
  { teams, identity }: TeamDeps,
  { token, team, invite }: { token: string } & ReturnType<TeamDeps["teams"]["offer"]>,
) {
  const host = invite.userId === null ? null : identity.userById(invite.userId)
  return {
    team: team.name,
    givenRole: ROLE_WORDS[invite.role],
    from: host ? nameOf(host) : "Somebody",
    endsMs: invite.endsMs,
    token,
    people: teams.countOf(team.id),
  }
}
