// /device_authorization (RFC 8628 §3.1): a device begins a sign-in that a person finishes elsewhere.
// * the client proves who it is as at the token endpoint   * it may do this   * scopes as at the authorization endpoint
// * bounded by network, and in all
import { AppError, ensure, randomSecret, sha256Hex } from "../../app/index.ts"
import { scopesAsked } from "../authorize/check-scope.ts"
import { authenticateClient } from "../client/authenticate.ts"
import { meetDocument } from "../client/documents.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { countIn, OAUTH_THROTTLES, throttled } from "../throttle.ts"
import { singleParams } from "../token/rules.ts"
import type { DeviceAuthorization, OpenEndpointInput } from "../types.ts"
import { newUserCode, userCodeText } from "./code.ts"
import { countDevices, insertDevice } from "./store.ts"

export async function startDevice(core: Core, input: OpenEndpointInput): Promise<DeviceAuthorization> {
  const param = singleParams(input.params)
  await meetDocument(core, input.params, input)
  const client = authenticateClient(core, input.params, input.authorization)
  ensure(
    client.deviceFlow,
    "unauthorized_client",
    "This app may not sign in by a code. Its developer can allow it on the page of the app.",
  )
  const resources = core.resources.asked(input.params)
  const scopes = scopesAsked(core, param("scope"), client, resources)
  const deviceCode = `dc_${randomSecret()}`
  const userCode = newUserCode()
  const ctx = { actor: `app:${client.publicId}`, requestId: input.requestId, reason: "device authorization" }
  await core.store.write(ctx, (tx) => {
    countIn(
      tx,
      [throttled(core, OAUTH_THROTTLES.devicesFromNetwork, input.network)],
      "Too many devices begin to sign in from this network.",
    )
    if (countDevices(tx) >= OAUTH_LIMITS.deviceCodesMax)
      throw new AppError("overloaded", "Too many devices wait for somebody. Try again in a few minutes.", {
        retryAfterSeconds: 60,
      })
    insertDevice(tx, {
      hash: sha256Hex(deviceCode),
      userCodeHash: userCodeHashOf(core, userCode),
      clientId: client.id,
      scopes,
      resources,
      network: input.network.slice(0, 64),
      device: deviceOf(input.userAgent),
      expiresMs: tx.now + OAUTH_LIMITS.deviceCodeMs,
    })
  })
  const shown = userCodeText(userCode)
  return {
    device_code: deviceCode,
    user_code: shown,
    verification_uri: `${core.issuer}/device`,
    verification_uri_complete: `${core.issuer}/device?user_code=${shown}`,
    expires_in: OAUTH_LIMITS.deviceCodeMs / 1_000,
    interval: OAUTH_LIMITS.devicePollMs / 1_000,
  }
}

export const userCodeHashOf = (core: Core, userCode: string): string => core.keyring.hmac("device-user-code", userCode)

/** What the program calls itself, as far as it can be read: its product and version, never a sentence of its own making. */
const deviceOf = (userAgent: string): string => /^[\w.+-]{1,40}(?:\/[\w.+-]{1,20})?/.exec(userAgent)?.[0] ?? ""
