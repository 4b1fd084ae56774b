// What a person lets apps do, by API: which there are, a lower limit a day, the end of it. What would give an app more asks who is there, so it is
// for pages, and here for the session of somebody who has just shown it.
import { Type as t } from "@sinclair/typebox"
import { AppError, ensure, type Nano, nano, parseCredits } from "../../../app/index.ts"
import { hasCredential } from "../../../http/index.ts"
import { type Ledger, principal } from "../../../ledger/index.ts"
import { AI_SCOPES, type ConsentWithClient, type Oauth } from "../../../oauth/index.ts"
import type { Store } from "../../../store/index.ts"
import type { Usage } from "../../../usage/index.ts"
import { refuseUnconfirmed } from "../../base/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, At, amount, atOf, maybe } from "./schemas.ts"
import type { Manager } from "./who.ts"

export interface AppPermissionsDeps {
  oauth: Pick<Oauth, "consentsOf" | "updateLimitsIn" | "revokeConsentIn" | "isClientSuspended" | "issuer">
  ledger: Pick<Ledger, "usedToday">
  usage: Pick<Usage, "lastCallAt">
  store: Pick<Store, "write">
}
type Deps = AppPermissionsDeps

const Permission = t.Object(
  {
    object: t.Literal("app_permission"),
    id: t.String({ description: "The permission", examples: ["con_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    name: t.String({ description: "What the app calls itself", examples: ["Margin Notes"] }),
    scopes: t.Array(t.String({ examples: ["llm"] }), { description: "What it may do" }),
    limits: t.Array(
      t.Object({
        scope: t.String({ examples: ["llm"] }),
        daily: { ...Amount, description: "What it may spend in a UTC day" } as typeof Amount,
        used_today: { ...Amount, description: "What it spent of that, with what runs now" } as typeof Amount,
      }),
      { description: "What it may spend" },
    ),
    tools: maybe(
      t.Array(t.String({ examples: ["/v1/mcp/groups/travel/mcp"] }), {
        description: "With the scope `mcp`: which tools, by their addresses; null: all",
      }),
    ),
    suspended: t.Boolean({ description: "The operator stopped the app" }),
    granted_at: { ...At, description: "When you last said what it may do, RFC 3339, UTC" } as typeof At,
    last_used_at: maybe(At),
  },
  { description: "What a person lets an app do" },
)

export const appPermissionRoutes = (deps: Deps): ManageRoute[] => [listRoute(deps), limitRoute(deps), revokeRoute(deps)]

const limitedScopes = ({ limits }: ConsentWithClient) => AI_SCOPES.filter((scope) => limits[scope] !== undefined)

function permissionOf({ oauth, ledger, usage }: Deps, consent: ConsentWithClient) {
  const { userId, clientId } = consent
  const payer = principal(consent.payerId ?? userId)
  const lastMs = usage.lastCallAt(userId, clientId, consent.payerId ?? undefined)
  return {
    object: "app_permission",
    id: consent.publicId,
    name: consent.client.name,
    scopes: consent.scopes,
    limits: limitedScopes(consent).map((scope) => {
      const { usedNano, heldNano } = ledger.usedToday(payer, clientId, scope, userId)
      const daily = consent.limits[scope] as Nano
      return { scope, daily: amount(daily), used_today: amount(nano(usedNano + heldNano)) }
    }),
    tools: consent.scopes.includes("mcp") ? consent.tools : [],
    suspended: oauth.isClientSuspended(clientId),
    granted_at: atOf(consent.grantedMs),
    last_used_at: lastMs === null ? null : atOf(lastMs),
  }
}

/** @throws AppError not_found, also for somebody else's */
function mine({ oauth }: Deps, { page }: Manager, id: string | undefined): ConsentWithClient {
  const found = oauth.consentsOf(page.session.userId).find(({ publicId }) => publicId === id)
  ensure(found, "not_found", "You let in no app of this id.")
  return found
}

const TAG = "Apps"

function listRoute(deps: Deps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/apps"],
    operationId: "listApps",
    summary: "List the apps that you let in",
    description: "With what each may do, what it may spend a day, and what it spent today.",
    tag: TAG,
    answer: t.Object({ object: t.Literal("list"), data: t.Array(Permission) }),
    act: ({ manager }) => ({
      object: "list",
      data: deps.oauth.consentsOf(manager.page.session.userId).map((one) => permissionOf(deps, one)),
    }),
  })
}

function limitRoute(deps: Deps): ManageRoute {
  const { oauth, store } = deps
  return route({
    method: "post",
    paths: ["/api/v1/apps/:consent/limits"],
    operationId: "setAppLimit",
    summary: "Lower what an app may spend a day",
    description:
      "Counts from its next call on. To raise it asks who is there, so no key and no app can: use the page of the app.",
    tag: TAG,
    body: t.Object(
      {
        scope: t.Union(
          AI_SCOPES.map((one) => t.Literal(one)),
          { description: "A kind of use that it has a limit for" },
        ),
        credits: t.String({
          pattern: "^\\d{1,12}(\\.\\d{1,6})?$",
          description: "Credits a UTC day, a decimal; `0` stops it",
          examples: ["20"],
        }),
      },
      { additionalProperties: false },
    ),
    example: { scope: "llm", credits: "20" },
    answer: Permission,
    errors: ["not_found", "conflict", "forbidden", "confirmation_required"],
    async act({ manager, params, body, request }) {
      const consent = mine(deps, manager, params.consent)
      const { scope } = body
      const before = consent.limits[scope]
      const limit = parseCredits(body.credits)
      if (before === undefined) throw wrongField("scope", "This app has no limit for that: it may not spend on it.")
      if (limit === null) throw wrongField("credits", "Give credits per day, such as 20.")
      if (limit > before) refuseRaise(deps, manager, request, consent.publicId)
      const input = { userId: consent.userId, consentPublicId: consent.publicId, limits: { [scope]: limit } }
      await store.write(manager.page.ctx("changed an app's daily limit by API"), (tx) => {
        manager.requireIn(tx)
        oauth.updateLimitsIn(tx, input)
      })
      return permissionOf(deps, mine(deps, manager, params.consent))
    },
  })
}

const wrongField = (param: string, words: string): AppError =>
  new AppError("validation_failed", `\`${param}\`: ${words}`, { param, fields: { errors: { [param]: words } } })

/** As the page has it: whoever found a browser open, or talked an agent into something, lets an app spend no more. @throws AppError */
function refuseRaise({ oauth }: Deps, manager: Manager, request: Request, id: string): void {
  if (hasCredential(request))
    throw new AppError(
      "forbidden",
      `A limit is raised by its person alone, who shows that it is them: on ${oauth.issuer}/apps/${id}/limits.`,
    )
  const at = manager.confirmAt()
  if (at !== null) refuseUnconfirmed(manager.page, at)
}

function revokeRoute(deps: Deps): ManageRoute {
  const { oauth, store } = deps
  return route({
    method: "delete",
    paths: ["/api/v1/apps/:consent"],
    operationId: "revokeApp",
    summary: "End what an app may do",
    description: "From its next call on it can no longer use your account or your credits. It may ask you again.",
    tag: TAG,
    answer: t.Object({ object: t.Literal("app_permission.revoked"), id: t.String(), name: t.String() }),
    errors: ["not_found", "conflict"],
    async act({ manager, params }) {
      const { publicId, userId, client } = mine(deps, manager, params.consent)
      await store.write(manager.page.ctx("revoked an app by API"), (tx) => {
        manager.requireIn(tx)
        oauth.revokeConsentIn(tx, { userId, consentPublicId: publicId })
      })
      return { object: "app_permission.revoked", id: publicId, name: client.name }
    },
  })
}
