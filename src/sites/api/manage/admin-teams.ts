// GET /api/v1/admin/teams: the teams of the house for programs, as /admin/teams shows them.
import { Type as t } from "@sinclair/typebox"
import { ensure, nano, type UserId } from "../../../app/index.ts"
import type { Identity } from "../../../identity/index.ts"
import { type Ledger, principal } from "../../../ledger/index.ts"
import type { ReadWorker } from "../../../store/index.ts"
import type { TeamSeen, Teams } from "../../../teams/index.ts"
import { teamsListed } from "../../admin/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, At, amount, atOf, EXAMPLE_USER, maybe } from "./schemas.ts"
import { EXAMPLE_TEAM, TeamRole } from "./teams.ts"

export interface AdminTeamsDeps {
  teams: Pick<Teams, "look">
  identity: Pick<Identity, "userById" | "userByEmail">
  ledger: Pick<Ledger, "wallet">
  reads: Pick<ReadWorker, "ask">
}

const ROWS_MAX = 100
const ROWS_DEFAULT = 20

const Listed = t.Object(
  {
    object: t.Literal("team"),
    id: t.String({ examples: [EXAMPLE_TEAM] }),
    name: t.String({ examples: ["Paper Boat Studio"] }),
    owner: maybe(t.String({ description: "Who answers for it; null once nobody does", examples: [EXAMPLE_USER] })),
    people: t.Integer({ description: "People in it", minimum: 0 }),
    balance: Amount,
    created_at: At,
    deleted_at: maybe(At),
  },
  { description: "A team of the house" },
)
const Whole = t.Object({
  ...Listed.properties,
  members: t.Array(
    t.Object(
      {
        id: t.String({ description: "Who it is", examples: [EXAMPLE_USER] }),
        role: TeamRole,
        joined_at: At,
      },
      { description: "Somebody in it" },
    ),
    { description: "Everybody in it; nobody once it is deleted" },
  ),
})

const idOf = ({ identity }: AdminTeamsDeps, id: UserId): string | null => identity.userById(id)?.publicId ?? null

const listedOf = (deps: AdminTeamsDeps, { team, ownerId, members }: TeamSeen) => {
  const { balanceNano, heldNano } = deps.ledger.wallet(principal(team.id), "live")
  return {
    object: "team" as const,
    id: team.publicId,
    name: team.name,
    owner: ownerId === null ? null : idOf(deps, ownerId),
    people: members.length,
    balance: amount(nano(balanceNano + heldNano)),
    created_at: atOf(team.createdMs),
    deleted_at: team.endedMs === null ? null : atOf(team.endedMs),
  }
}

export const adminTeamRoutes = (deps: AdminTeamsDeps): ManageRoute[] => [
  route({
    method: "get",
    paths: ["/api/v1/admin/teams"],
    operationId: "listAllTeams",
    summary: "List teams, newest first",
    tag: "Admin",
    admin: "admin:users",
    query: t.Object(
      {
        q: t.Optional(
          t.String({ maxLength: 200, description: "Part of a name, an id, or the address of somebody in it" }),
        ),
        after: t.Optional(t.String({ maxLength: 200, description: "The id of the last team of the page before" })),
        limit: t.Optional(t.Integer({ minimum: 1, maximum: ROWS_MAX })),
      },
      { additionalProperties: false },
    ),
    answer: t.Object({ object: t.Literal("list"), data: t.Array(Listed), next: maybe(t.String()) }),
    async act({ query }) {
      const limit = query.limit ?? ROWS_DEFAULT
      const before = query.after === undefined ? null : deps.teams.look(query.after)
      ensure(query.after === undefined || before, "not_found", "There is no team with the id in `after`.")
      const found = await teamsListed(deps, {
        text: (query.q ?? "").trim(),
        beforeId: before?.team.id ?? null,
        limit: limit + 1,
      })
      const shown = found.slice(0, limit)
      const next = found.length > limit ? shown.at(-1)!.team.publicId : null
      return { object: "list", data: shown.map((one) => listedOf(deps, one)), next }
    },
    errors: ["not_found"],
  }),
  route({
    method: "get",
    paths: ["/api/v1/admin/teams/:team"],
    operationId: "getAnyTeam",
    summary: "Read a team",
    tag: "Admin",
    admin: "admin:users",
    answer: Whole,
    errors: ["not_found"],
    act({ params }) {
      const seen = deps.teams.look(params.team ?? "")
      ensure(seen, "not_found", "There is no team with this id.")
      const members = seen.members.flatMap(({ userId, role, joinedMs }) => {
        const id = idOf(deps, userId)
        return id === null ? [] : [{ id, role, joined_at: atOf(joinedMs) }]
      })
      return { ...listedOf(deps, seen), members }
    },
  }),
]
