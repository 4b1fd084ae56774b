// /admin/teams: which teams there are, whose, who is in them. What they have stands where that of people does: wallet and payouts by `tea_…`.
import { AdminTeamPage, type AdminTeamRow, AdminTeamsPage, type TeamPerson } from "../../../views/admin/teams.tsx"
import { ensure, nano, UserId } from "../../app/index.ts"
import type { Identity } from "../../identity/index.ts"
import { principal } from "../../ledger/index.ts"
import type { ReadWorker } from "../../store/index.ts"
import { byRole, ROLE_WORDS, type TeamSeen, type Teams, type TeamsAsked } from "../../teams/index.ts"
import { labelOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const LIST = "/admin/teams"
const ROWS = 50
const TEXT_CHARS_MAX = 200

type Deps = Pick<AdminDeps, "teams" | "identity" | "ledger" | "oauth" | "plans" | "clock" | "reads">

export function teamRoutes(site: AdminSite, deps: Deps): void {
  const { teams, clock } = deps
  site.get(LIST, async (page) => {
    const query = new URL(page.request.url).searchParams
    const text = (query.get("q") ?? "").trim().slice(0, TEXT_CHARS_MAX)
    const before = teams.look(query.get("after") ?? "")
    const found = await teamsListed(deps, { text, beforeId: before?.team.id ?? null, limit: ROWS + 1 })
    const shown = found.slice(0, ROWS)
    const after = found.length > ROWS ? shown.at(-1)!.team.publicId : null
    const props = { now: clock.now(), text, after, isFirst: before === null }
    return page.render((frame) => AdminTeamsPage({ frame, ...props, teams: shown.map((one) => rowOf(deps, one)) }))
  })
  site.get(`${LIST}/:team`, (page, { team: id }) => {
    const seen = teams.look(id)
    ensure(seen, "not_found", "There is no team with this id. They are listed under Teams.")
    const { team, ownerId, members } = seen
    const props = {
      now: clock.now(),
      team: rowOf(deps, seen),
      held: deps.ledger.wallet(principal(team.id), "live").heldNano,
      plan: ownerId === null ? null : deps.plans.planOf(ownerId).name,
      members: members
        .toSorted((a, b) => byRole(a.role, b.role))
        .flatMap(({ userId, role, joinedMs }) => {
          const person = personOf(deps, userId)
          return person ? [{ person, role: ROLE_WORDS[role], joinedMs }] : []
        }),
      apps: deps.oauth
        .clientsOf(team.id)
        .filter(({ removedMs }) => removedMs === null)
        .map(({ publicId, name }) => ({ id: publicId, name })),
    }
    return page.render((frame) => AdminTeamPage({ frame, ...props }))
  })
}

interface TeamsLookedUp {
  teams: Pick<Teams, "look">
  identity: Pick<Identity, "userByEmail">
  reads: Pick<ReadWorker, "ask">
}

/** By a part of the name, an id, or somebody's address: then the teams that they are in. Newest first. */
export async function teamsListed(
  { teams, identity, reads }: TeamsLookedUp,
  { text, beforeId, limit }: { text: string; beforeId: number | null; limit: number },
): Promise<TeamSeen[]> {
  const person = text.includes("@") ? identity.userByEmail(text) : null
  const asked: TeamsAsked = { text: person ? "" : text, userId: person?.id ?? null, beforeId, limit }
  const found = await reads.ask<string[]>("teams.listed", asked)
  return found.flatMap((id) => teams.look(id) ?? [])
}

function personOf({ identity }: Pick<Deps, "identity">, id: UserId): TeamPerson | null {
  const user = identity.userById(id)
  return user && { id: user.publicId, label: labelOf(user) }
}

function rowOf(deps: Deps, { team, ownerId, members }: TeamSeen): AdminTeamRow {
  const { id, publicId, name, createdMs, endedMs } = team
  const { balanceNano, heldNano } = deps.ledger.wallet(principal(UserId(id)), "live")
  return {
    id: publicId,
    name,
    owner: ownerId === null ? null : personOf(deps, ownerId),
    people: members.length,
    balance: nano(balanceNano + heldNano),
    createdMs,
    endedMs,
  }
}
