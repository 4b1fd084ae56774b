// Dynamic client registration (RFC 7591) and its read and delete (RFC 7592): off unless an operator turns it on; bounded by network and
// in all; what nobody uses goes. Public stays public: a client without a secret is never one that may send an empty one (CVE-2026-44476).
import { AppError, ensure, randomSecret, sha256Hex } from "../../app/index.ts"
import { houseNameIn } from "../../brand/index.ts"
import type { Core } from "../core.ts"
import { DEVICE_GRANT } from "../device/grant-type.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { formatScopes } from "../scopes.ts"
import { REGISTRATION } from "../settings.ts"
import { countIn, OAUTH_THROTTLES, throttled } from "../throttle.ts"
import type { Client, RegisteredClient, RegistrationAccess, RegistrationInput } from "../types.ts"
import { objectOf, readMetadata, typeOf } from "./metadata.ts"
import { removeClientIn } from "./remove.ts"
import { newSecretIn } from "./secrets.ts"
import { clientById } from "./store.ts"
import { countUnused, insertOrigin, originByAccess } from "./store-origins.ts"
import { insertIn } from "./verbs.ts"

export async function registerDynamic(core: Core, input: RegistrationInput): Promise<RegisteredClient> {
  ensure(core.setting(REGISTRATION) === "yes", "not_found", "Apps cannot register themselves here.")
  const metadata = objectOf(input.metadata)
  const { type, method } = typeOf(metadata)
  const form = readMetadata(metadata, type, { house: houseNameIn(core.store.read) })
  const access = `rat_${randomSecret()}`
  const ctx = { actor: "system:registration", requestId: input.requestId, reason: "dynamic client registration" }
  const made = await core.store.write(ctx, (tx) => {
    countIn(
      tx,
      [throttled(core, OAUTH_THROTTLES.registrationsFromNetwork, input.network)],
      "Too many apps register themselves from this network.",
    )
    if (countUnused(tx, "registration") >= OAUTH_LIMITS.unusedClientsMax)
      throw new AppError("overloaded", "Too many apps have registered that nobody uses. Try again in an hour.", {
        retryAfterSeconds: 3_600,
      })
    const client = insertIn(core, tx, { ...form, source: "registration", ownerId: null, mode: "live", key: null })
    insertOrigin(tx, { clientId: client.id, accessHash: sha256Hex(access) })
    const secret = client.type === "public" ? null : newSecretIn(core, tx, client).secret
    return { client, secret }
  })
  return {
    ...described(core, made.client, method),
    ...(made.secret === null ? {} : { client_secret: made.secret, client_secret_expires_at: 0 }),
    registration_access_token: access,
  }
}

export function readRegistration(core: Core, input: RegistrationAccess): RegisteredClient {
  const client = accessed(core, input)
  return described(core, client, client.type === "public" ? "none" : "client_secret_basic")
}

export async function deleteRegistration(core: Core, input: RegistrationAccess & { requestId: string }): Promise<void> {
  const { publicId } = accessed(core, input)
  const ctx = { actor: `app:${publicId}`, requestId: input.requestId, reason: "dynamic client registration ended" }
  await core.store.write(ctx, (tx) => removeClientIn(core, tx, { clientPublicId: publicId }))
}

/** The client of this very token (RFC 7592 §2.1: one that is gone is answered as a wrong token). */
function accessed(core: Core, { clientPublicId, token }: RegistrationAccess): Client {
  const origin = originByAccess(core.store.read, sha256Hex(token))
  const client = origin && clientById(core.store.read, origin.clientId)
  if (client && client.publicId === clientPublicId && client.removedMs === null) return client
  throw new AppError("token_invalid", "This registration access token is not of this client.", {
    headers: { "www-authenticate": 'Bearer error="invalid_token"' },
  })
}

const described = (core: Core, client: Client, method: string): RegisteredClient => ({
  client_id: client.publicId,
  client_id_issued_at: Math.floor(client.createdMs / 1_000),
  client_name: client.name,
  redirect_uris: client.redirectUris,
  token_endpoint_auth_method: method,
  grant_types: ["authorization_code", "refresh_token", ...(client.deviceFlow ? [DEVICE_GRANT] : [])],
  response_types: ["code"],
  scope: formatScopes(client.scopes),
  ...(client.homepageUrl === null ? {} : { client_uri: client.homepageUrl }),
  ...(client.policyUri === null ? {} : { policy_uri: client.policyUri }),
  ...(client.tosUri === null ? {} : { tos_uri: client.tosUri }),
  ...(client.detailTypes === null ? {} : { authorization_details_types: client.detailTypes }),
  ...(client.postLogoutUris.length === 0 ? {} : { post_logout_redirect_uris: client.postLogoutUris }),
  registration_client_uri: `${core.issuer}/register/${client.publicId}`,
})
