// One person of a team: their role, and their end there.
import { TeamLimitsPage, TeamMemberPage, TeamRemovePage, teamPath } from "../../../../views/console/team-people.tsx"
import { ensure, type Nano, nano } from "../../../app/index.ts"
import { button, field, form } from "../../../http/index.ts"
import { type GivenRole, type Member, may, mayGive, mayLimit, ROLE_WORDS, type Role } from "../../../teams/index.ts"
import { limitMemberIn, memberSpend, newValues, type PageRequest, undoTo } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { roleOptions } from "./invites.ts"
import { nameOf, refOf, type TeamDeps } from "./of.ts"

const ROLE_FORM = form(
  { role: field.choice({ label: "Role", control: "radios", wrong: "Choose a role.", options: roleOptions("owner") }) },
  { submit: "Save role" },
)

/** Names are those of the kinds, so that what `limits` says of one stands at its field. */
const LIMITS_FORM = form(
  {
    spend_day: field.credits({ label: "Spend a day", optional: true }),
    spend_month: field.credits({ label: "Spend a month", optional: true }),
  },
  { submit: "Save limits" },
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
  limitsRoute(site, deps)
}

function limitsRoute(site: ConsoleSite, deps: TeamDeps): void {
  const { store } = deps
  const presentOf = ({ spend }: ReturnType<typeof limitedOf>) => {
    const { day, month } = spend
    const amount = (limit: number | null): Nano | null => (limit === null ? null : nano(limit))
    return { spend_day: amount(day.limit), spend_month: amount(month.limit) }
  }
  site.form("/teams/:team/members/:teammate/limits", {
    load: (page, { team, teammate }) => limitedOf(deps, page, team, teammate),
    form: LIMITS_FORM,
    present: presentOf,
    fresh: true,
    async act(page, limits, before) {
      const { team, person, name } = before
      const input = { ...refOf(page, team.id), member: person, limits }
      await store.write(page.ctx("limited a member of a team"), (tx) => limitMemberIn(deps, tx, input))
      const was = presentOf(before)
      const words = newValues(LIMITS_FORM, was, limits)
      if (words === "") return { to: teamPath(team.id), say: "Nothing was changed." }
      const path = `${teamPath(team.id)}/members/${encodeURIComponent(person)}/limits`
      return {
        to: teamPath(team.id),
        say: `${name}, from the next call on: ${words}.`,
        undo: undoTo(path, LIMITS_FORM, was),
      }
    },
    show: (page, view, { team, name, person, spend, spends }, status) =>
      page.render(
        (frame) => TeamLimitsPage({ frame, team, person: { id: person, name }, spend, spends, form: view }),
        status,
      ),
  })
}

/** Whoever may not change somebody is not asked how. */
function subjectOf(deps: TeamDeps, page: PageRequest, publicId: string, teammate: string) {
  const { by, member, ...one } = oneOf(deps, page, publicId, teammate)
  ensure(
    mayGive(by, member.role),
    "forbidden",
    "Only the owner of a team changes admins, and nobody changes the owner.",
  )
  return { ...one, by, role: member.role as GivenRole }
}

function limitedOf(deps: TeamDeps, page: PageRequest, publicId: string, teammate: string) {
  const { by, member, ...one } = oneOf(deps, page, publicId, teammate)
  ensure(mayLimit(by, member.role), "forbidden", "Only the owner of a team limits admins and owners.")
  return { ...one, spend: memberSpend(deps, member), spends: may(member.role, "spend") }
}

interface One {
  team: { id: string; name: string }
  by: Role
  member: Member
  /** `usr_…` */
  person: string
  name: string
}

/** Somebody of a team, for whoever names its people. @throws AppError not_found, forbidden */
function oneOf({ teams, identity }: TeamDeps, page: PageRequest, publicId: string, teammate: string): One {
  const ref = refOf(page, publicId)
  const { team, role: by } = teams.membership(ref, "members")
  const person = identity.userByPublicId(teammate)
  const member = teams.membersOf(ref).find(({ userId }) => userId === person?.id)
  ensure(person && member, "not_found", "Nobody of this team is called that.")
  return { team: { id: team.publicId, name: team.name }, by, member, person: person.publicId, name: nameOf(person) }
}
