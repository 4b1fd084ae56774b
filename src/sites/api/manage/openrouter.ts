// One's account at OpenRouter (seed 001): made, read, its balance read anew, deleted. Its key is in no answer.
import { Type as t } from "@sinclair/typebox"
import { ensure } from "../../../app/index.ts"
import type { Gateway, LentAccount } from "../../../gateway/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, At, amount, atOf, maybe } from "./schemas.ts"
import type { Manager } from "./who.ts"

export interface OpenrouterRoutesDeps {
  gateway: Pick<Gateway, "openrouter">
}

const Account = t.Object(
  {
    object: t.Literal("openrouter_account"),
    id: t.String({ description: "What names it here", examples: ["ora_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    state: t.Union([t.Literal("making"), t.Literal("ready"), t.Literal("deleted")], {
      description: "`making`: in a moment; `ready`: calls are asked with it; `deleted`: none is made by itself again",
    }),
    limit: maybe(Amount),
    remaining: maybe(Amount),
    used: Amount,
    created_at: At,
    synced_at: maybe(At),
  },
  { description: "A person’s account at OpenRouter; amounts as OpenRouter has them" },
)

/** Nothing has to be said. */
const Nothing = t.Object({}, { additionalProperties: false })

const shown = ({ publicId, state, limitNano, remainingNano, usedNano, createdMs, syncedMs }: LentAccount) => ({
  object: "openrouter_account",
  id: publicId,
  state,
  limit: limitNano === null ? null : amount(limitNano),
  remaining: remainingNano === null ? null : amount(remainingNano),
  used: amount(usedNano),
  created_at: atOf(createdMs),
  synced_at: syncedMs === null ? null : atOf(syncedMs),
})

const ownerOf = ({ page: { session } }: Manager) => ({ userId: session.userId, userPublicId: session.publicId })

export function openrouterRoutes({ gateway }: OpenrouterRoutesDeps): ManageRoute[] {
  const one = { tag: "Provider keys", answer: Account } as const
  return [
    route({
      ...one,
      method: "post",
      paths: ["/api/v1/openrouter/create-account"],
      operationId: "createOpenrouterAccount",
      body: Nothing,
      example: {},
      summary: "Make one’s account at OpenRouter",
      description: "It is made in a moment; until then, and beyond its limit, calls go to the operator’s account.",
      errors: ["conflict", "unavailable"],
      act: async ({ manager }) =>
        shown(await gateway.openrouter.create(manager.page.ctx("made by API"), ownerOf(manager))),
    }),
    route({
      ...one,
      method: "get",
      paths: ["/api/v1/openrouter/account"],
      operationId: "getOpenrouterAccount",
      summary: "Read one’s account at OpenRouter",
      errors: ["not_found"],
      act({ manager }) {
        const account = gateway.openrouter.of(manager.page.session.userId)
        ensure(account, "not_found", "You have no account at OpenRouter.")
        return shown(account)
      },
    }),
    route({
      ...one,
      method: "post",
      paths: ["/api/v1/openrouter/sync-balance"],
      operationId: "syncOpenrouterBalance",
      body: Nothing,
      example: {},
      summary: "Read limit and use at OpenRouter anew",
      description: "At most six times a minute.",
      errors: ["not_found", "unavailable", "provider_error"],
      act: async ({ manager }) =>
        shown(await gateway.openrouter.sync(manager.page.ctx("read by API"), ownerOf(manager))),
    }),
    route({
      ...one,
      method: "delete",
      paths: ["/api/v1/openrouter/account"],
      operationId: "deleteOpenrouterAccount",
      summary: "Delete one’s account at OpenRouter",
      errors: ["not_found"],
      act: async ({ manager }) =>
        shown(await gateway.openrouter.remove(manager.page.ctx("deleted by API"), ownerOf(manager))),
    }),
  ]
}
