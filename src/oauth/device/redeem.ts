// grant_type=urn:ietf:params:oauth:grant-type:device_code (RFC 8628 §3.4): the device asks until somebody answered.
// * the code is bound to its client   * asked too often it waits longer   * exactly one answer holds the tokens
// * dead with grant, consent and person, like every other grant
import { AppError, sha256Hex } from "../../app/index.ts"
import type { Reader, Tx, WriteContext } from "../../store/index.ts"
import { type Core, invalidGrant, requireActiveUserIn } from "../core.ts"
import type { Suggested } from "../details.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { formatScopes } from "../scopes.ts"
import { signCandidate } from "../token/issue.ts"
import { narrowingOf, narrowScopes } from "../token/narrow.ts"
import { boundRefresh, givesRefreshToken, required, standingScopes, type TokenRequest } from "../token/rules.ts"
import { type Grant, grantById, insertRefresh } from "../token/store.ts"
import type { Client, TokenResponse } from "../types.ts"
import { type DeviceCode, deviceByHash, useDevice } from "./store.ts"

export async function redeemDevice(
  core: Core,
  client: Client,
  { param, resources, proof }: TokenRequest,
  ctx: WriteContext,
): Promise<TokenResponse> {
  const hash = sha256Hex(required(param("device_code"), "device_code"))
  const device = deviceByHash(core.store.read, hash)
  if (device && device.clientId === client.id) refuseTooSoon(core, device)
  const { grant } = judge(core, core.store.read, { device, client, nowMs: core.clock.now() })
  const user = core.identity.userById(grant.userId)
  if (!user) throw invalidGrant("The account behind this code is gone.")
  const standing = standingScopes(grant)
  const wanted = narrowingOf(param, client)
  const jkt = proof?.jkt ?? null
  const candidate = await signCandidate(core, grant, user, narrowScopes(core.store.read, grant, standing, wanted), {
    nonce: null,
    refresh: givesRefreshToken(standing),
    resources: core.resources.narrowed(resources, grant.resources),
    jkt,
    limits: wanted,
  })
  proof?.spend()
  return core.store.write(ctx, (tx) => redeemIn(core, tx, { hash, client, jkt, wanted, candidate }))
}

interface Redeemed {
  hash: string
  client: Client
  jkt: string | null
  wanted: Suggested | null
  candidate: TokenResponse
}

function redeemIn(core: Core, tx: Tx, { hash, client, jkt, wanted, candidate }: Redeemed): TokenResponse {
  const { device, grant } = judge(core, tx, { device: deviceByHash(tx, hash), client, nowMs: tx.now })
  requireActiveUserIn(core, tx, grant.userId)
  const scopes = narrowScopes(tx, grant, standingScopes(grant), wanted)
  if (candidate.scope !== formatScopes(scopes)) throw invalidGrant("Permissions changed meanwhile.")
  if (!useDevice(tx, device.id)) throw invalidGrant("This code was used already.")
  if (candidate.refresh_token) {
    insertRefresh(tx, {
      hash: sha256Hex(candidate.refresh_token),
      grantId: grant.id,
      expiresMs: tx.now + OAUTH_LIMITS.refreshTokenMs,
      dpopJkt: boundRefresh({ client, jkt }),
    })
  }
  return candidate
}

function refuseTooSoon(core: Core, device: DeviceCode): void {
  if (device.state === "used") return
  const seconds = core.polls.tooSoon(device.id, core.clock.now())
  if (seconds !== null) throw new AppError("slow_down", `Ask every ${seconds} seconds from now on.`)
}

/** An approved code, not used yet. @throws AppError with the words of RFC 8628 §3.5 */
function judge(
  core: Core,
  reader: Reader,
  { device, client, nowMs }: { device: DeviceCode | null; client: Client; nowMs: number },
): { device: DeviceCode; grant: Grant } {
  if (!device) throw invalidGrant("This device code is unknown or long over.")
  if (device.clientId !== client.id) throw invalidGrant("This device code was given to another client.")
  if (device.state === "denied") throw new AppError("access_denied", "The person did not give permission.")
  if (device.state === "used") throw invalidGrant("This device code was used already.")
  if (nowMs >= device.expiresMs) throw new AppError("expired_token", "This device code has expired. Start again.")
  if (device.state === "pending") throw new AppError("authorization_pending", "The person has not answered yet.")
  const grant = grantById(reader, device.grantId!)
  if (!grant || grant.revokedMs !== null) throw invalidGrant("This permission was revoked.")
  if (core.identity.isSuspended(grant.userId)) throw invalidGrant("This account is suspended.")
  if (standingScopes(grant).length === 0) throw invalidGrant("The permission for this app was revoked.")
  return { device, grant }
}
