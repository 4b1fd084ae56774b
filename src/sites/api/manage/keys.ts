// A person's API keys by API (seed 004). A key makes no key that may do more than itself.
import { Type as t } from "@sinclair/typebox"
import { ensure } from "../../../app/index.ts"
import { type ApiKeyShown, KEY_SCOPES, type Keys } from "../../../keys/index.ts"
import { refuseUnconfirmed } from "../../base/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { At, atOf, maybe } from "./schemas.ts"
import type { Manager } from "./who.ts"

export interface KeyRoutesDeps {
  keys: Pick<Keys, "of" | "create" | "revoke" | "byPublicId">
}

const Scope = t.Union(KEY_SCOPES.map((one) => t.Literal(one)))

const Key = t.Object(
  {
    object: t.Literal("api_key"),
    id: t.String({ examples: ["key_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    name: t.String({ examples: ["Nightly reports"] }),
    prefix: t.String({ description: "How it begins", examples: ["sk_live_7Hc2"] }),
    scopes: t.Array(t.String({ examples: ["llm"] })),
    allowed_ips: t.Array(t.String({ examples: ["203.0.113.0/24"] })),
    state: t.Union([t.Literal("active"), t.Literal("disabled"), t.Literal("revoked")]),
    created_at: At,
    expires_at: maybe(At),
    last_used_at: maybe(At),
  },
  { description: "An API key; its secret is shown once, when it is made" },
)

const timeOf = (ms: number | null): string | null => (ms === null ? null : atOf(ms))

const keyOf = (key: ApiKeyShown) => ({
  object: "api_key",
  id: key.publicId,
  name: key.name,
  prefix: key.prefix,
  scopes: key.scopes,
  allowed_ips: key.allowedIps,
  state: key.revokedMs !== null ? "revoked" : key.disabledMs !== null ? "disabled" : "active",
  created_at: atOf(key.createdMs),
  expires_at: timeOf(key.expiresMs),
  last_used_at: timeOf(key.lastUsedMs),
})

const NewKey = t.Object(
  {
    name: t.String({ minLength: 1, maxLength: 80, description: "A name, to tell keys apart" }),
    scopes: t.Optional(t.Array(Scope, { minItems: 1, description: "What it may do; by default `llm`" })),
    allowed_ips: t.Optional(
      t.Array(t.String({ maxLength: 60 }), { description: "Addresses and ranges it works from" }),
    ),
    expires_at: t.Optional(maybe(At)),
  },
  { additionalProperties: false },
)

export function keyRoutes({ keys }: KeyRoutesDeps): ManageRoute[] {
  return [
    route({
      method: "get",
      paths: ["/api/v1/keys", "/api/ai-api/keys"],
      operationId: "listKeys",
      summary: "List API keys",
      tag: "Keys",
      answer: t.Object({ object: t.Literal("list"), data: t.Array(Key) }),
      act: ({ manager }) => ({ object: "list", data: keys.of(manager.page.session.userId).map(keyOf) }),
    }),
    route({
      method: "post",
      paths: ["/api/v1/keys", "/api/ai-api/keys"],
      operationId: "createKey",
      summary: "Create an API key",
      description: "The secret is in this answer alone. A key cannot make one that may do more than itself.",
      tag: "Keys",
      body: NewKey,
      example: { name: "Nightly reports", scopes: ["llm"] },
      answer: t.Object({
        ...Key.properties,
        key: t.String({ description: "The secret, shown once", examples: ["sk_live_…"] }),
      }),
      errors: ["conflict", "confirmation_required"],
      async act({ manager, body }) {
        const scopes = body.scopes ?? ["llm"]
        refuseMore(manager, scopes)
        const at = manager.confirmAt()
        if (at !== null) refuseUnconfirmed(manager.page, at)
        const { secret, key } = await keys.create(manager.page.ctx("made by API"), {
          userId: manager.page.session.userId,
          mode: manager.mode,
          name: body.name,
          scopes,
          allowedIps: body.allowed_ips ?? [],
          expiresMs: typeof body.expires_at === "string" ? Date.parse(body.expires_at) : null,
        })
        return { ...keyOf(key), key: secret }
      },
    }),
    route({
      method: "delete",
      paths: ["/api/v1/keys/:key", "/api/ai-api/keys/:key"],
      operationId: "revokeKey",
      summary: "Revoke an API key, for good",
      tag: "Keys",
      answer: Key,
      errors: ["not_found"],
      async act({ manager, params }) {
        const { page } = manager
        const ref = { userId: page.session.userId, keyPublicId: params.key ?? "" }
        return keyOf(await keys.revoke(page.ctx("revoked by API"), ref))
      },
    }),
  ]
}

function refuseMore({ scopes: own }: Manager, asked: readonly string[]): void {
  const more = own && asked.find((scope) => !own.has(scope))
  ensure(!more, "insufficient_scope", `This key lacks the permission \`${more}\`, and cannot give it to another.`, {
    param: "scopes",
  })
}
