// Token revocation (RFC 7009). A refresh token takes its whole grant along; an access token only itself. Unknown
// tokens, and tokens of other clients, are answered like known ones.
import { sha256Hex } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { readAccessToken } from "../access/verify.ts"
import { authenticateClient } from "../client/authenticate.ts"
import { type Core, rememberRevoked } from "../core.ts"
import type { EndpointInput } from "../types.ts"
import { required, singleParams } from "./rules.ts"
import { endGrants, refreshByHash } from "./store.ts"
import { insertRevokedToken } from "./store-revoked.ts"

export async function revoke(core: Core, input: EndpointInput): Promise<void> {
  const param = singleParams(input.params)
  const client = authenticateClient(core, input.params, input.authorization)
  const token = required(param("token"), "token")
  const ctx = { actor: `app:${client.publicId}`, requestId: input.requestId, reason: "token revocation" }

  const hash = sha256Hex(token)
  if (refreshByHash(core.store.read, hash)?.grant.clientId === client.id) {
    await core.store.write(ctx, (tx) => {
      const grant = refreshByHash(tx, hash)?.grant
      if (!grant || grant.revokedMs !== null) return
      endGrants(tx, [grant.id], "token_revoked")
      rememberRevoked(core, tx, [grant.id])
      auditIn(tx, { action: "grant.revoked", subject: grant.publicId, after: { because: "token_revoked" } })
    })
    return
  }
  const claims = await readAccessToken(core, token).catch(() => null)
  if (!claims || claims.clientId !== client.id) return
  await core.store.write(ctx, (tx) => {
    insertRevokedToken(tx, claims.jti, claims.expMs)
    tx.afterCommit(() => core.revoked.tokens.set(claims.jti, claims.expMs))
  })
}
