// One person of a team: their role, and their end there.
import { TeamMemberPage, TeamRemovePage, teamPath } from "../../../../views/console/team-people.tsx"
import { ensure } from "../../../app/index.ts"
import { button, field, form } from "../../../http/index.ts"
import { type GivenRole, mayGive, ROLE_WORDS } from "../../../teams/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { roleOptions } from "./invites.ts"
import { nameOf, refOf, type TeamDeps } from "./of.ts"

const ROLE_FORM = form(
  { role: field.choice({ label: "Role", control: "radios", wrong: "Choose a role.", options: roleOptions("owner") }) },
  { submit: "Save role" },
)

export function memberRoutes(site: ConsoleSite, deps: TeamDeps): void {
  const { teams, store } = deps
  const load = (page: PageRequest, { team, teammate }: { team: string; teammate: string }) =>
    subjectOf(deps, page, team, teammate)
  site.form("/teams/:team/members/:teammate", {
    load,
    form: ROLE_FORM,
    adapt: (view, { by }) => view.with({ role: { options: roleOptions(by) } }),
    present: ({ role }) => ({ role }),
    fresh: true,
    async act(page, { role }, { team, person, name }) {
      const input = { ...refOf(page, team.id), member: person, role }
      await store.write(page.ctx("changed a role in a team"), (tx) => teams.setRoleIn(tx, input))
      return { to: teamPath(team.id), say: `${name} is ${ROLE_WORDS[role]} now.` }
    },
    show: (page, view, { team, name, person }, status) =>
      page.render((frame) => TeamMemberPage({ frame, team, person: { id: person, name }, form: view }), status),
  })
  site.form("/teams/:team/members/:teammate/removal", {
    load,
    form: button("Remove", true),
    fresh: true,
    async act(page, _, { team, person, name }) {
      const input = { ...refOf(page, team.id), member: person }
      await store.write(page.ctx("removed somebody from a team"), (tx) => teams.removeIn(tx, input))
      return { to: teamPath(team.id), say: `${name} is no longer in ${team.name}.` }
    },
    show: (page, view, { team, name, person }, status) =>
      page.render((frame) => TeamRemovePage({ frame, team, person: { id: person, name }, form: view }), status),
  })
}

/** Whoever may not change somebody is not asked how. */
function subjectOf({ teams, identity }: TeamDeps, page: PageRequest, publicId: string, teammate: string) {
  const ref = refOf(page, publicId)
  const { team, role: by } = teams.membership(ref, "members")
  const person = identity.userByPublicId(teammate)
  const member = teams.membersOf(ref).find(({ userId }) => userId === person?.id)
  ensure(person && member, "not_found", "Nobody of this team is called that.")
  ensure(
    mayGive(by, member.role),
    "forbidden",
    "Only the owner of a team changes admins, and nobody changes the owner.",
  )
  return {
    team: { id: team.publicId, name: team.name },
    by,
    role: member.role as GivenRole,
    person: person.publicId,
    name: nameOf(person),
  }
}
