// The teams of a person by API: which they are in, who else is, what each spends of the shared credits, and how much they may.
import { type Static, Type as t } from "@sinclair/typebox"
import { AppError, ensure, type Nano, nano } from "../../../app/index.ts"
import type { Identity } from "../../../identity/index.ts"
import { type Ledger, principal } from "../../../ledger/index.ts"
import type { Store } from "../../../store/index.ts"
import { type Member, ROLES, type TeamRef, type Teams } from "../../../teams/index.ts"
import { limitMemberIn, type MemberLimitDeps, memberSpend, refuseUnconfirmed } from "../../base/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, AmountIn, At, amount, amountIn, atOf, EXAMPLE_USER, maybe } from "./schemas.ts"

export type TeamRoutesDeps = Omit<MemberLimitDeps, "teams"> & {
  store: Pick<Store, "write">
  ledger: Pick<Ledger, "wallet">
  identity: Pick<Identity, "userById">
  teams: Pick<Teams, "of" | "membership" | "membersOf" | "limitableIn">
}

export const TeamRole = t.Union(
  ROLES.map((one) => t.Literal(one)),
  { description: "What they may do in the team" },
)
export const EXAMPLE_TEAM = "tea_01K9ZT4M2Q8V6X3B7N5RJDHWCE"

const Team = t.Object(
  {
    object: t.Literal("team"),
    id: t.String({ examples: [EXAMPLE_TEAM] }),
    name: t.String({ examples: ["Paper Boat Studio"] }),
    role: TeamRole,
    people: t.Integer({ description: "People in it", minimum: 1 }),
    balance: Amount,
  },
  { description: "A team, with the role of whoever asks" },
)

const Spend = t.Object(
  { used: Amount, limit: maybe(Amount), starts_anew_at: At },
  { description: "Spent in a window of UTC, calls under way included; `limit` is null where there is none" },
)

const TeamMember = t.Object(
  {
    object: t.Literal("team_member"),
    id: t.String({ examples: [EXAMPLE_USER] }),
    name: maybe(t.String({ examples: ["Grace Hopper"] })),
    email: t.String({ examples: ["grace@example.com"] }),
    role: TeamRole,
    joined_at: At,
    spend_day: Spend,
    spend_month: Spend,
  },
  { description: "Somebody of a team, and what they spend of its credits" },
)

const LimitsIn = t.Object(
  {
    spend_day: t.Optional(maybe(AmountIn)),
    spend_month: t.Optional(maybe(AmountIn)),
  },
  { additionalProperties: false },
)

type Sent = Static<typeof LimitsIn>["spend_day"]

/** 0 lets nothing through, which is a limit as well. @throws AppError validation_failed */
function limitIn(sent: Sent, param: string): Nano | null | undefined {
  if (sent === undefined || sent === null) return sent
  if (sent === "0") return nano(0)
  const limit = amountIn(sent)
  ensure(limit !== null, "validation_failed", "Give an amount of credits of 0 or more, or null for no limit.", {
    param,
  })
  return limit
}

/** `formErrors` are for pages; a program is told the field. */
function asParam(error: unknown): unknown {
  const [param, words] = Object.entries((error instanceof AppError && error.extra.formErrors) || {})[0] ?? []
  return param === undefined ? error : new AppError("validation_failed", String(words), { param })
}

export const teamRoutes = (deps: TeamRoutesDeps): ManageRoute[] => [
  listRoute(deps),
  membersRoute(deps),
  limitsRoute(deps),
]

function listRoute({ teams, ledger }: TeamRoutesDeps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/teams"],
    operationId: "listTeams",
    summary: "List your teams",
    tag: "Teams",
    answer: t.Object({ object: t.Literal("list"), data: t.Array(Team) }),
    act({ manager: { page, mode } }) {
      const { userId } = page.session
      const data = teams.of(userId).map(({ team, role }) => ({
        object: "team",
        id: team.publicId,
        name: team.name,
        role,
        people: teams.membersOf({ userId, team: team.publicId }).length,
        balance: amount(ledger.wallet(principal(team.id), mode).balanceNano),
      }))
      return { object: "list", data }
    },
  })
}

function membersRoute(deps: TeamRoutesDeps): ManageRoute {
  const { teams } = deps
  return route({
    method: "get",
    paths: ["/api/v1/teams/:team/members"],
    operationId: "listTeamMembers",
    summary: "List the people of a team, and what each spends",
    tag: "Teams",
    answer: t.Object({ object: t.Literal("list"), data: t.Array(TeamMember) }),
    errors: ["not_found"],
    act: ({ manager, params }) => {
      const ref = refOf(manager.page.session, params)
      return { object: "list", data: teams.membersOf(ref).map((one) => memberOf(deps, one)) }
    },
  })
}

function limitsRoute(deps: TeamRoutesDeps): ManageRoute {
  const { teams, store } = deps
  return route({
    method: "post",
    paths: ["/api/v1/teams/:team/members/:teammate/limits"],
    operationId: "limitTeamMember",
    summary: "Limit what somebody spends of a team’s credits",
    description:
      "Owners limit everybody, admins those whom they may change. What is left out stays; null takes a limit away; 0 lets nothing through.",
    tag: "Teams",
    body: LimitsIn,
    example: { spend_day: "500" },
    answer: TeamMember,
    errors: ["not_found", "forbidden", "confirmation_required"],
    async act({ manager, params, body }) {
      const { page } = manager
      const at = manager.confirmAt()
      if (at !== null) refuseUnconfirmed(page, at)
      const ref = refOf(page.session, params)
      const teammate = params.teammate ?? ""
      const limits = {
        spend_day: limitIn(body.spend_day, "spend_day"),
        spend_month: limitIn(body.spend_month, "spend_month"),
      }
      await store
        .write(page.ctx("limited by API"), (tx) => limitMemberIn(deps, tx, { ...ref, member: teammate, limits }))
        .catch((error) => {
          throw asParam(error)
        })
      const member = teams.membersOf(ref).find(({ userId }) => deps.identity.userById(userId)?.publicId === teammate)
      ensure(member, "not_found", "Nobody of this team is called that.")
      return memberOf(deps, member)
    },
  })
}

const refOf = ({ userId }: Pick<TeamRef, "userId">, { team }: Readonly<Record<string, string>>): TeamRef => ({
  userId,
  team: team ?? "",
})

function memberOf(deps: TeamRoutesDeps, member: Member) {
  const person = deps.identity.userById(member.userId)
  const { day, month } = memberSpend(deps, member)
  const spend = ({ used, limit, endMs }: typeof day) => ({
    used: amount(nano(used)),
    limit: limit === null ? null : amount(nano(limit)),
    starts_anew_at: atOf(endMs!),
  })
  return {
    object: "team_member",
    id: person?.publicId ?? "",
    name: person?.name ?? null,
    email: person?.email ?? "",
    role: member.role,
    joined_at: atOf(member.joinedMs),
    spend_day: spend(day),
    spend_month: spend(month),
  }
}
