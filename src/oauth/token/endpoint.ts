// The token endpoint (OAuth 2.1 §3.2): authenticate the client, then one file per grant type.
import { AppError, invariant } from "../../app/index.ts"
import { authenticateClient } from "../client/authenticate.ts"
import { clientById } from "../client/store.ts"
import type { Core } from "../core.ts"
import { DEVICE_GRANT } from "../device/grant-type.ts"
import { redeemDevice } from "../device/redeem.ts"
import { proofAt } from "../dpop/prove.ts"
import type { Client, EndpointInput, TokenResponse } from "../types.ts"
import { redeemCode } from "./code.ts"
import { refresh } from "./refresh.ts"
import { required, singleParams, type TokenRequest } from "./rules.ts"

const GRANT_TYPES = {
  authorization_code: redeemCode,
  refresh_token: refresh,
  [DEVICE_GRANT]: redeemDevice,
} as const

export const GRANT_TYPES_SUPPORTED = Object.keys(GRANT_TYPES)

export async function token(core: Core, input: EndpointInput): Promise<TokenResponse> {
  const param = singleParams(input.params)
  const client = authenticateClient(core, input.params, input.authorization)
  const asked = { resources: core.resources.asked(input.params), proof: await proofAt(core, client, input, "/token") }
  return tokenFor(core, client, { param, ...asked }, input.requestId)
}

export async function tokenForFirstParty(
  core: Core,
  clientId: number,
  params: URLSearchParams,
  requestId: string,
): Promise<TokenResponse> {
  const client = clientById(core.store.read, clientId)
  invariant(client?.type === "first-party", "only first-party clients live in this process")
  if (client.suspendedMs !== null) throw new AppError("client_suspended", "This app is suspended.")
  return tokenFor(core, client, { param: singleParams(params), resources: null, proof: null }, requestId)
}

function tokenFor(core: Core, client: Client, asked: TokenRequest, requestId: string): Promise<TokenResponse> {
  const grantType = required(asked.param("grant_type"), "grant_type")
  if (!Object.hasOwn(GRANT_TYPES, grantType)) {
    throw new AppError("unsupported_grant_type", `Use one of ${GRANT_TYPES_SUPPORTED.join(", ")}.`)
  }
  const grant = GRANT_TYPES[grantType as keyof typeof GRANT_TYPES]
  return grant(core, client, asked, { actor: `app:${client.publicId}`, requestId, reason: `token ${grantType}` })
}
