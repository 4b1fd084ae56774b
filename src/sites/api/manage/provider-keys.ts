// A person's own keys at AI providers by API: what the page of the console does. A key is in a request alone, never in an answer.
import { Type as t } from "@sinclair/typebox"
import type { Gateway, ProviderKey } from "../../../gateway/index.ts"
import { refuseUnconfirmed } from "../../base/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { At, atOf, maybe } from "./schemas.ts"
import type { Manager } from "./who.ts"

export interface ProviderKeyRoutesDeps {
  gateway: Pick<Gateway, "providerKeys">
}

const CLOSED = { additionalProperties: false }

const Key = t.Object(
  {
    object: t.Literal("provider_key"),
    id: t.String({ description: "What names it here", examples: ["pky_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    provider: t.String({ description: "Where it works", examples: ["openai"] }),
    hint: t.String({ description: "The last characters of the key", examples: ["9f3A"] }),
    place: t.Integer({ description: "From 0: the first of a provider is asked first" }),
    created_at: At,
    test: maybe(
      t.Object(
        {
          ok: t.Boolean({ description: "The provider took the key" }),
          message: t.String({ description: "What the provider answered, in our words" }),
          at: At,
        },
        { description: "The last test; null = none yet" },
      ),
    ),
  },
  { description: "A person’s own key at a provider; never the key itself" },
)

const List = t.Object({
  object: t.Literal("list"),
  data: t.Array(Key),
  is_allowed: t.Boolean({ description: "The plan lets calls use them" }),
  use_credits: t.Boolean({ description: "Credits pay where none of the keys answers" }),
  providers: t.Array(t.String({ examples: ["openai"] }), { description: "Where keys work" }),
})

const shown = ({ publicId, provider, hint, place, createdMs, test }: ProviderKey) => ({
  object: "provider_key",
  id: publicId,
  provider,
  hint,
  place,
  created_at: atOf(createdMs),
  test: test && { ok: test.ok, message: test.message, at: atOf(test.atMs) },
})

const ownerOf = ({ page: { session } }: Manager) => ({ userId: session.userId, userPublicId: session.publicId })

export const providerKeyRoutes = (deps: ProviderKeyRoutesDeps): ManageRoute[] => [
  ...listRoutes(deps),
  addRoute(deps),
  ...oneRoutes(deps),
]

function listRoutes({ gateway: { providerKeys } }: ProviderKeyRoutesDeps): ManageRoute[] {
  const listOf = (manager: Manager) => {
    const { keys, isAllowed, useCredits } = providerKeys.of(manager.page.session.userId)
    return {
      object: "list",
      data: keys.map(shown),
      is_allowed: isAllowed,
      use_credits: useCredits,
      providers: providerKeys.providers.map(({ id }) => id),
    }
  }
  return [
    route({
      method: "get",
      paths: ["/api/v1/provider-keys"],
      operationId: "listProviderKeys",
      summary: "List one’s own keys at AI providers",
      tag: "Provider keys",
      answer: List,
      act: ({ manager }) => listOf(manager),
    }),
    route({
      method: "post",
      paths: ["/api/v1/provider-keys/fallback"],
      operationId: "setProviderKeyFallback",
      summary: "Let credits pay, or not, where none of one’s keys answers",
      tag: "Provider keys",
      body: t.Object({ use_credits: t.Boolean({ description: "Whether credits pay then" }) }, CLOSED),
      example: { use_credits: true },
      answer: List,
      async act({ manager, body }) {
        const input = { ...ownerOf(manager), useCredits: body.use_credits }
        await providerKeys.setUseCredits(manager.page.ctx("changed by API"), input)
        return listOf(manager)
      },
    }),
  ]
}

const NewKey = t.Object(
  {
    provider: t.String({ minLength: 1, maxLength: 40, description: "One of `providers` of the list" }),
    key: t.String({ minLength: 1, maxLength: 1_000, description: "The key, as the provider gave it" }),
  },
  CLOSED,
)

/** Nothing has to be said. */
const Nothing = t.Object({}, CLOSED)

const addRoute = ({ gateway: { providerKeys } }: ProviderKeyRoutesDeps): ManageRoute =>
  route({
    method: "post",
    paths: ["/api/v1/provider-keys"],
    operationId: "addProviderKey",
    summary: "Add a key at an AI provider",
    description: "It is sealed, and asked from the next call on. No answer ever has it again.",
    tag: "Provider keys",
    body: NewKey,
    example: { provider: "openai", key: "sk-…" },
    answer: Key,
    errors: ["conflict", "plan_required", "confirmation_required"],
    async act({ manager, body }) {
      const at = manager.confirmAt()
      if (at !== null) refuseUnconfirmed(manager.page, at)
      return shown(await providerKeys.add(manager.page.ctx("added by API"), { ...ownerOf(manager), ...body }))
    },
  })

function oneRoutes({ gateway: { providerKeys } }: ProviderKeyRoutesDeps): ManageRoute[] {
  const refOf = (manager: Manager, params: Readonly<Record<string, string>>) => ({
    ...ownerOf(manager),
    keyId: params.ownkey ?? "",
  })
  const one = { tag: "Provider keys", answer: Key } as const
  return [
    route({
      ...one,
      method: "post",
      paths: ["/api/v1/provider-keys/:ownkey/test"],
      operationId: "testProviderKey",
      body: Nothing,
      example: {},
      summary: "Ask the provider whether a key works",
      description: "A refusal is the result, not an error. At most ten a minute.",
      errors: ["not_found"],
      act: async ({ manager, params }) =>
        shown(await providerKeys.test(manager.page.ctx("tested by API"), refOf(manager, params))),
    }),
    route({
      ...one,
      method: "post",
      paths: ["/api/v1/provider-keys/:ownkey/first"],
      operationId: "putProviderKeyFirst",
      body: Nothing,
      example: {},
      summary: "Ask a key before the others of its provider",
      errors: ["not_found"],
      act: async ({ manager, params }) =>
        shown(await providerKeys.putFirst(manager.page.ctx("changed by API"), refOf(manager, params))),
    }),
    route({
      ...one,
      method: "delete",
      paths: ["/api/v1/provider-keys/:ownkey"],
      operationId: "deleteProviderKey",
      summary: "Delete a key at a provider",
      errors: ["not_found"],
      act: async ({ manager, params }) =>
        shown(await providerKeys.remove(manager.page.ctx("deleted by API"), refOf(manager, params))),
    }),
  ]
}
