// What the admin pages show, for programs: people, upstreams, plans, services. Their acts are the forms of those pages.
import { Type as t } from "@sinclair/typebox"
import { type Clock, dayOf, ensure, nano } from "../../../app/index.ts"
import type { Gateway, Upstream } from "../../../gateway/index.ts"
import type { Identity, User } from "../../../identity/index.ts"
import type { Metering, Service } from "../../../metering/index.ts"
import { nanoOfPico } from "../../../metering/index.ts"
import type { Plan, Plans } from "../../../plans/index.ts"
import type { PriceRule, Pricing } from "../../../pricing/index.ts"
import type { Settings } from "../../../settings/index.ts"
import { placeText, type ReadWorker, readPlace } from "../../../store/index.ts"
import { type ListedUser, USER_STATES, type UsersPage, type UsersQuery } from "../../admin/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, At, amount, atOf, EXAMPLE_USER, maybe } from "./schemas.ts"

export interface AdminReadsDeps {
  reads: Pick<ReadWorker, "ask">
  identity: Pick<Identity, "userByPublicId">
  gateway: Pick<Gateway, "upstreams">
  plans: Pick<Plans, "list" | "planOf">
  metering: Pick<Metering, "services">
  settings: Pick<Settings, "list">
  pricing: Pick<Pricing, "rules">
  clock: Clock
}

const ROWS_MAX = 100
const ROWS_DEFAULT = 20
const SPENT_DAYS = 30

const Person = t.Object({
  id: t.String({ examples: [EXAMPLE_USER] }),
  email: t.String(),
  name: maybe(t.String()),
  state: t.String({ description: "active, unverified or suspended" }),
  plan: t.String(),
  is_admin: t.Boolean(),
  created_at: At,
})
const Listed = t.Object({ ...Person.properties, balance: Amount, last_seen_at: maybe(At) })

const listedOf = (user: ListedUser) => ({
  id: user.publicId,
  email: user.email,
  name: user.name,
  state: user.state,
  plan: user.plan,
  is_admin: user.isAdmin === 1,
  created_at: atOf(user.createdMs),
  balance: amount(nano(user.balanceNano)),
  last_seen_at: user.seenMs === null ? null : atOf(user.seenMs),
})

const personOf = (user: User, plan: string) => ({
  id: user.publicId,
  email: user.email,
  name: user.name,
  state: user.status !== "active" ? "suspended" : user.emailVerified ? "active" : "unverified",
  plan,
  is_admin: user.isAdmin,
  created_at: atOf(user.createdMs),
})

export const adminReadRoutes = (deps: AdminReadsDeps): ManageRoute[] => [
  ...peopleRoutes(deps),
  upstreamsRoute(deps),
  plansRoute(deps),
  servicesRoute(deps),
  settingsRoute(deps),
  rulesRoute(deps),
]

function peopleRoutes({ reads, identity, plans, clock }: AdminReadsDeps): ManageRoute[] {
  return [
    route({
      method: "get",
      paths: ["/api/v1/admin/users"],
      operationId: "listUsers",
      summary: "List people, newest first",
      tag: "Admin",
      admin: "admin:users",
      query: t.Object(
        {
          q: t.Optional(t.String({ maxLength: 200, description: "Part of a name or an address" })),
          state: t.Optional(t.Union(USER_STATES.map((one) => t.Literal(one)))),
          after: t.Optional(t.String({ maxLength: 200 })),
          limit: t.Optional(t.Integer({ minimum: 1, maximum: ROWS_MAX })),
        },
        { additionalProperties: false },
      ),
      answer: t.Object({ object: t.Literal("list"), data: t.Array(Listed), next: maybe(t.String()) }),
      async act({ query }) {
        const found = await reads.ask<UsersPage>("admin.users", {
          query: query.q ?? "",
          facets: { state: query.state ?? null, plan: null, role: null },
          sort: { by: "joined", descending: true },
          place: readPlace(query.after ?? null),
          limit: query.limit ?? ROWS_DEFAULT,
          sinceDay: dayOf(clock.now()) - SPENT_DAYS + 1,
          nowMs: clock.now(),
        } satisfies UsersQuery)
        return { object: "list", data: found.rows.map(listedOf), next: found.next && placeText(found.next) }
      },
    }),
    route({
      method: "get",
      paths: ["/api/v1/admin/users/:user"],
      operationId: "getUser",
      summary: "Read a person",
      tag: "Admin",
      admin: "admin:users",
      answer: Person,
      errors: ["not_found"],
      act({ params }) {
        const user = identity.userByPublicId(params.user ?? "")
        ensure(user, "not_found", "There is no user with this id.")
        return personOf(user, plans.planOf(user.id).code)
      },
    }),
  ]
}

const upstreamOf = ({ publicId, name, kind, enabled, models, test }: Upstream) => ({
  id: publicId,
  name,
  kind,
  enabled,
  models,
  tested_at: test && atOf(test.atMs),
  ok: test?.ok ?? null,
})

const planOf = ({ code, name, active, priceNano, dailyClaimNano, monthlyNano }: Plan) => ({
  code,
  name,
  active,
  price: amount(priceNano),
  daily: amount(dailyClaimNano),
  monthly: amount(monthlyNano),
})

const serviceOf = ({ slug, name, unit, scope, active, pricePico, quantityMin, quantityMax }: Service) => ({
  id: slug,
  name,
  unit,
  scope,
  active,
  unit_price: { nano: nanoOfPico(pricePico) },
  quantity_min: quantityMin,
  quantity_max: quantityMax,
})

const list = <T extends Parameters<typeof t.Array>[0]>(schema: T) =>
  t.Object({ object: t.Literal("list"), data: t.Array(schema) })

function upstreamsRoute({ gateway }: AdminReadsDeps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/admin/upstreams"],
    operationId: "listUpstreams",
    summary: "List AI provider accounts",
    description: "Never their keys.",
    tag: "Admin",
    admin: "admin:upstreams",
    answer: list(
      t.Object({
        id: t.String({ examples: ["upm_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
        name: t.String({ examples: ["openai"] }),
        kind: t.String({ examples: ["openai"] }),
        enabled: t.Boolean(),
        models: t.Array(t.String()),
        tested_at: maybe(At),
        ok: maybe(t.Boolean()),
      }),
    ),
    act: () => ({ object: "list", data: gateway.upstreams().map(upstreamOf) }),
  })
}

function plansRoute({ plans }: AdminReadsDeps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/admin/plans"],
    operationId: "listPlans",
    summary: "List plans",
    tag: "Admin",
    admin: "admin:plans",
    answer: list(
      t.Object({
        code: t.String(),
        name: t.String({ examples: ["Pro"] }),
        active: t.Boolean(),
        price: Amount,
        daily: Amount,
        monthly: Amount,
      }),
    ),
    act: () => ({ object: "list", data: plans.list().map(planOf) }),
  })
}

function servicesRoute({ metering }: AdminReadsDeps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/admin/services"],
    operationId: "listServices",
    summary: "List metered services",
    tag: "Admin",
    admin: "admin:prices",
    answer: list(
      t.Object({
        id: t.String({ examples: ["search"] }),
        name: t.String({ examples: ["Search"] }),
        unit: t.String(),
        scope: t.String(),
        active: t.Boolean(),
        unit_price: t.Object({
          nano: t.String({ description: "n$, with up to three decimals", examples: ["1500.25"] }),
        }),
        quantity_min: t.Integer(),
        quantity_max: t.Integer(),
      }),
    ),
    act: () => ({ object: "list", data: metering.services().map(serviceOf) }),
  })
}

function settingsRoute({ settings }: AdminReadsDeps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/admin/settings"],
    operationId: "listSettings",
    summary: "List settings, as they are in force",
    tag: "Admin",
    admin: "admin:settings",
    answer: list(
      t.Object({
        key: t.String(),
        value: t.Unknown({ description: "Numbers as text; amounts in n$" }),
        changed_at: maybe(At),
      }),
    ),
    act: () => ({
      object: "list",
      data: settings.list().map(({ setting, value, changedMs }) => ({
        key: setting.key,
        // No float, and no number that JSON could not hold.
        value: typeof value === "number" ? String(value) : value,
        changed_at: changedMs === 0 ? null : atOf(changedMs),
      })),
    }),
  })
}

const ruleOf = (rule: PriceRule) => ({
  id: rule.id,
  pattern: rule.pattern,
  traffic: rule.traffic,
  priority: rule.priority,
  platform_bp: rule.platformBp,
  developer_bp: rule.developerBp,
  minimum: amount(rule.minimumNano),
  request_fee: amount(rule.requestFeeNano),
  active: rule.active,
})

function rulesRoute({ pricing }: AdminReadsDeps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/admin/prices/rules"],
    operationId: "listPriceRules",
    summary: "List price rules",
    tag: "Admin",
    admin: "admin:prices",
    answer: list(
      t.Object({
        id: t.Integer(),
        pattern: t.String(),
        traffic: t.String(),
        priority: t.Integer(),
        platform_bp: t.Integer({ description: "Basis points of the raw cost" }),
        developer_bp: t.Integer(),
        minimum: Amount,
        request_fee: Amount,
        active: t.Boolean(),
      }),
    ),
    act: () => ({ object: "list", data: pricing.rules().map(ruleOf) }),
  })
}
